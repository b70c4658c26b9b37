//! `lentera rules watch`: check and test on each save.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::args::Global;
use super::exit::Exit;
use super::message::{Stop, data};
use super::{interrupt, rules, settings};
use crate::pipeline::rules::{Refusal, RulesFrom, SetName, WatchedRules, compile};
use crate::report::inert;

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_millis(200);

pub(super) fn run(global: &Global) -> anyhow::Result<Exit> {
    let from = rules::from(global)?;
    if !from.can_change() {
        return Err(Stop::new(Exit::Usage, "there is no folder to watch")
            .hint("name it: `lentera rules watch --rules DIR` or `--overlay DIR`")
            .into());
    }
    let stop = interrupt::flag();
    let mut folder = WatchedRules::new(from.clone(), None);
    tell(&from, "watching; Ctrl-C ends it")?;
    while !stop.load(Ordering::Relaxed) {
        if let Some(read) = folder.poll(settings::clock()) {
            let made = read
                .map_err(Refusal::Folder)
                .and_then(|files| compile(&files));
            match made {
                Ok(rules) => {
                    let (name, n) = (SetName::of(&rules), rules.samples.len());
                    tell(&from, &format!("good: {name}, {n} samples tried"))?;
                }
                Err(why) => tell(&from, &format!("not usable: {why}"))?,
            }
        }
        std::thread::sleep(EVERY);
    }
    Ok(Exit::Success)
}

fn tell(from: &RulesFrom, what: &str) -> std::io::Result<()> {
    data(&inert(&format!("{from}: {what}\n")))
}
