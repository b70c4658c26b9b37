//! Swaps, refusals, and files caught in the middle of being written.

use std::fs;
use std::time::{Duration, SystemTime};

use super::*;

/// A small pack in a folder of its own. Words are what its one indicator is
/// looked for by.
struct Pack(tempfile::TempDir);

impl Pack {
    fn new(word: &str) -> Self {
        let pack = Self(tempfile::tempdir().unwrap());
        pack.write(&text(word, word));
        pack
    }

    fn write(&self, text: &str) {
        fs::write(self.0.path().join("pack.toml"), text).unwrap();
    }

    fn live(&self) -> LiveRules {
        let rules = compile(&read_folder(self.0.path()).unwrap()).unwrap();
        LiveRules::new(RulesFrom::folder(self.0.path()), Arc::new(rules))
    }
}

fn text(word: &str, sample: &str) -> String {
    format!(
        "name = \"kecil\"\nversion = \"{word}\"\n\
         [[source]]\nkey = \"S\"\ntitle = \"s\"\nwhere = \"s.example\"\n[[indicator]]\n\
         id = \"act.one\"\nalias = \"A1\"\ntitle = {{ id = \"a\", en = \"a\" }}\n\
         why = {{ id = \"a\", en = \"a\" }}\naxis = \"act\"\nstrength = \"weak\"\n\
         evidence = \"institutional\"\nsources = [\"S\"]\nstatus = \"active\"\n\
         [indicator.phrases]\nid = '''\n{word} bekas\n'''\n\
         [indicator.samples]\nhit = [\"jual {sample} bekas\"]\nmiss = [\"jual rumah\"]\n"
    )
}

/// Long after everything that was written.
fn later() -> SystemTime {
    SystemTime::now() + Duration::from_mins(1)
}

#[test]
fn a_good_set_takes_the_place_of_the_old_one() {
    let pack = Pack::new("sepeda");
    let live = pack.live();
    let held = live.current();
    assert!(matches!(live.reload(), Reload::Unchanged));
    pack.write(&text("kulkas", "kulkas"));
    let Reload::Swapped { old, new } = live.reload() else {
        panic!("a good set is taken");
    };
    assert_eq!(
        (old.version.as_str(), new.version.as_str()),
        ("sepeda", "kulkas")
    );
    assert_eq!(live.current().digest, new.digest);
    // Who was judging with the old one goes on with it.
    assert_eq!(held.digest, old.digest);
    assert!(matches!(live.reload(), Reload::Unchanged));
}

#[test]
fn a_broken_set_keeps_the_old_one_and_says_so_once() {
    let pack = Pack::new("sepeda");
    let live = pack.live();
    let broken = text("kulkas", "kulkas").replace("strength", "strenght");
    let failing = text("kulkas", "lemari");
    for (text, told) in [
        (broken.as_str(), ["pack.toml:", "strenght"]),
        (&failing, ["pack.toml:", "1 sample failed"]),
        ("nothing = ", ["pack.toml:", "1 error"]),
    ] {
        pack.write(text);
        let outcome = live.reload();
        let said = outcome.to_string();
        assert!(matches!(outcome, Reload::Kept { .. }), "{said}");
        let digest = live.current().digest.short(12);
        for told in told.iter().chain(&["kecil sepeda", &digest]) {
            assert!(said.contains(told), "no `{told}` in {said}");
        }
        assert!(matches!(live.reload(), Reload::Unchanged));
        assert_eq!(live.current().version, "sepeda");
    }
    // Undone: nothing has changed. Mended: it is taken.
    pack.write(&text("sepeda", "sepeda"));
    assert!(matches!(live.reload(), Reload::Unchanged));
    pack.write(&text("kulkas", "kulkas"));
    assert!(matches!(live.reload(), Reload::Swapped { .. }));
}

#[test]
fn a_folder_that_is_gone_keeps_the_old_set() {
    let pack = Pack::new("sepeda");
    let live = pack.live();
    let away = pack.0.path().join("away");
    fs::rename(pack.0.path().join("pack.toml"), &away).unwrap();
    assert!(live.reload().to_string().contains("no rule files"));
    assert!(matches!(live.poll(later()), Reload::Unchanged));
    fs::rename(&away, pack.0.path().join("pack.toml")).unwrap();
    assert!(matches!(live.poll(later()), Reload::Unchanged));
    fs::write(pack.0.path().join("pack.toml"), b"\xff").unwrap();
    assert!(
        live.poll(later())
            .to_string()
            .contains("pack.toml:1:1` is not UTF-8")
    );
    assert_eq!(live.current().version, "sepeda");
}

#[test]
fn a_file_that_is_still_being_written_is_left_alone() {
    let pack = Pack::new("sepeda");
    let live = pack.live();
    // Half a pack can be a sound one: only time tells that it is not whole.
    let whole = text("kulkas", "kulkas");
    let now = SystemTime::now() - Duration::from_secs(5);
    pack.write(&whole[..whole.find("[indicator.samples]").unwrap()]);
    assert!(matches!(live.poll(now), Reload::Unchanged));
    pack.write(&whole);
    assert!(matches!(live.poll(now), Reload::Unchanged));
    // It looks as it did the last time, or is old enough.
    assert!(matches!(live.poll(now), Reload::Swapped { .. }));
    pack.write(&text("lemari", "lemari"));
    assert!(matches!(live.poll(later()), Reload::Swapped { .. }));
    // Written again with the same content.
    pack.write(&text("lemari", "lemari"));
    assert!(matches!(live.poll(later()), Reload::Unchanged));
}

#[test]
fn readers_see_whole_sets_while_sets_are_swapped() {
    let pack = Pack::new("sepeda");
    let live = pack.live();
    let done = std::sync::atomic::AtomicBool::new(false);
    let words = ["kulkas", "lemari", "rusak", "sepeda"];
    let digests: Vec<(String, Digest)> = words
        .iter()
        .map(|word| ((*word).to_owned(), Pack::new(word).live().current().digest))
        .collect();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let rules = live.current();
                    let known = (rules.version.clone(), rules.digest);
                    assert!(digests.contains(&known), "{known:?}");
                    assert_ne!(rules.version, "rusak");
                    let post = crate::scan::sample_post(&format!("jual {} bekas", rules.version));
                    assert_eq!(crate::scan::Scanner::new(&rules).scan(&post).hits.len(), 1);
                }
            });
        }
        for round in 0..20 {
            let word = words[round % words.len()];
            let sample = if word == "rusak" { "lain" } else { word };
            pack.write(&text(word, sample));
            live.reload();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(live.current().version, "sepeda");
}
