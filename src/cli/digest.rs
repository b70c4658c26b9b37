//! What is told when a crawl has ended: the digest, on the ways of `[digest]`.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::args::Global;
use super::exit::Exit;
use super::message::talk;
use crate::cron;
use crate::indicator::Lang;
use crate::notify::{self, Message, Record};
use crate::pipeline::digest::{Wanted, gather};
use crate::pipeline::{CrawlReport, Workspace};
use crate::report::Style;
use crate::report::digest::{self, Digest};
use crate::store::state::{State, StateError};

/// Days of the charts.
const DAYS: u16 = 30;
/// Columns that any mail program shows.
const WIDTH: usize = 78;
/// Both the first and the last moment belong to what is told.
const LEAST: SignedDuration = SignedDuration::from_secs(1);

/// Tells what a crawl found that ended at `now`. Whatever goes wrong is said
/// and kept for `lentera doctor`; the run is as it was.
pub(super) fn tell(global: &Global, workspace: &Workspace, report: &CrawlReport, now: Timestamp) {
    if workspace.config.digest.is_silent() {
        return;
    }
    match send(global, workspace, report, now) {
        Ok(record) => keep(workspace, &record),
        Err(error) => talk(&format!("warning: there is no digest of this run: {error}")),
    }
}

/// Says what did not arrive, and keeps it.
fn keep(workspace: &Workspace, record: &Record) {
    warn(record);
    if let Err(error) = record.save(&workspace.root) {
        talk(&format!(
            "warning: what became of the digest cannot be kept: {error}"
        ));
    }
}

/// Says what of the last message did not arrive.
pub(super) fn warn(record: &Record) {
    for (delivery, error) in record.failed() {
        let (way, to) = (delivery.way.as_str(), &delivery.to);
        talk(&format!(
            "warning: the digest did not go out by {way} (`{to}`): {error}; what was found is kept"
        ));
    }
}

fn send(
    global: &Global,
    workspace: &Workspace,
    report: &CrawlReport,
    now: Timestamp,
) -> Result<Record, StateError> {
    let state = workspace.open_state()?;
    let since = since(&state, report)?.unwrap_or(now);
    let earlier = Record::load(&workspace.root);
    let told_until = earlier.as_ref().and_then(Record::told_until);
    let since = told_until.map_or(since, |told| told.min(since));
    // Who asks a program to end does not want to wait for mail; the next
    // digest tells of this run too.
    if report.tally.interrupted {
        return Ok(Record {
            told_until: since.to_string(),
            ..earlier.unwrap_or_default()
        });
    }
    let mut record = Record {
        run_id: report.run_id.clone(),
        at: now.to_string(),
        told_until: since.to_string(),
        ..Record::default()
    };
    let settings = &workspace.config.digest;
    let until = now.max(since).checked_add(LEAST).unwrap_or(now);
    let zone = cron::zone(&workspace.config.schedule.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let told = gather(
        &state,
        &Wanted {
            until,
            since,
            days: DAYS,
            zone,
        },
    )?;
    let lang = settings.lang.unwrap_or(global.lang.into());
    let message = message(&told, report, lang, now);
    record.deliveries = notify::deliver(settings, &workspace.root, &message);
    if record.deliveries.iter().any(|one| one.error.is_none()) {
        record.told_until = until.to_string();
    }
    Ok(record)
}

/// A digest in all its forms.
fn message(told: &Digest, report: &CrawlReport, lang: Lang, now: Timestamp) -> Message {
    let style = Style {
        lang,
        color: false,
        width: WIDTH,
        ..Style::default()
    };
    let (subject, text) = (digest::subject(told, lang), digest::text(told, &style));
    Message {
        run_id: report.run_id.clone(),
        json: json!({
            "event": "digest",
            "run_id": report.run_id,
            "subject": subject,
            "text": text,
            "digest": told,
        })
        .to_string(),
        subject,
        text,
        html: digest::html(told, lang),
        at: now,
    }
}

/// Tells that a run of the schedule could not be begun or finished: a night
/// nobody scanned must not look like a quiet one. Why stays on this machine;
/// rules may be private.
pub(super) fn tell_failure(global: &Global, workspace: &Workspace, exit: Exit, now: Timestamp) {
    let settings = &workspace.config.digest;
    if settings.is_silent() {
        return;
    }
    let lang = settings.lang.unwrap_or(global.lang.into());
    let (subject, why, next) = failure(exit, lang);
    let at = now.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let text = format!("{subject}\n{at}: {why}\n{next}\n");
    let run_id = now.strftime("failed-%Y%m%dT%H%M%SZ").to_string();
    let message = Message {
        json: json!({
            "event": "failed",
            "subject": subject,
            "text": text,
            "at": now.to_string(),
        })
        .to_string(),
        html: format!("<!doctype html><meta charset=\"utf-8\"><pre>{text}</pre>\n"),
        subject: subject.to_owned(),
        text,
        at: now,
        run_id: run_id.clone(),
    };
    keep(
        workspace,
        &Record {
            run_id,
            at: now.to_string(),
            deliveries: notify::deliver(settings, &workspace.root, &message),
            told_until: Record::load(&workspace.root)
                .map_or_else(String::new, |one| one.told_until),
        },
    );
}

/// Subject, reason and advice.
fn failure(exit: Exit, lang: Lang) -> (&'static str, &'static str, &'static str) {
    match lang {
        Lang::Id => (
            "Lentera: pembacaan terjadwal gagal",
            match exit {
                Exit::Rules => "aturan tidak dapat dimuat; tidak ada yang diperiksa",
                Exit::Store => "penyimpanan terkunci, rusak, atau terlalu baru",
                _ => "tidak dapat dimulai atau diselesaikan",
            },
            "Yang sudah selesai tetap tersimpan. Sebabnya: lentera schedule status",
        ),
        Lang::En => (
            "Lentera: a scheduled run failed",
            match exit {
                Exit::Rules => "the rules could not be loaded; nothing was scanned",
                Exit::Store => "the store is locked, damaged or too new",
                _ => "it could not be begun or finished",
            },
            "What was finished is kept. Why: lentera schedule status",
        ),
    }
}

/// When the run began, or an earlier one that it ended.
fn since(state: &State, report: &CrawlReport) -> Result<Option<Timestamp>, StateError> {
    let recovered = report.recovered.iter().map(|one| &one.run_id);
    let mut first: Option<Timestamp> = None;
    for id in recovered.chain([&report.run_id]) {
        let began = state.run(id)?.map(|run| run.started_at);
        first = first.into_iter().chain(began).min();
    }
    Ok(first)
}
