//! Rules measured on posts whose nature is known.

use super::{ALERT, Desk, Ran, pack, post, records};

/// Goods among benign posts, an alert among others, and two to be missed.
fn corpora(desk: &Desk) {
    let goods = [post("pets-w1", "jual kucing"), post("pets-w2", ALERT)];
    desk.write("benign/work/pets.jsonl", goods.join("\n"));
    let flag = [
        post("G03-w1", ALERT),
        post("G03-w1a", "jual sepeda, wa 0812-0000-0101"),
        post("G03-w<b>", "jual *meja*"),
    ];
    desk.write("flag/work/G03.jsonl", flag.join("\n"));
    desk.write("flag/work/HELP.jsonl", post("HELP-w1", ALERT));
    desk.write("flag/work/G99.jsonl", post("G99-w1", ALERT));
}

fn stats(desk: &Desk, more: &[&str]) -> Ran {
    let mut args = vec!["rules", "stats", "benign", "flag"];
    args.extend(more);
    desk.run(&args).exits(0)
}

#[test]
fn statistics_count_by_side_and_class() {
    let desk = Desk::new();
    corpora(&desk);
    let rows = records(&stats(&desk, &["--json"]).stdout);
    let find = |kind: &str, key: &str, name: &str| {
        let found = rows
            .iter()
            .find(|row| row["kind"] == kind && row[key] == name);
        found.unwrap().clone()
    };
    assert_eq!(rows[0]["posts"], 7);
    assert_eq!(
        (&rows[0]["benign"], &rows[0]["flag"]),
        (&2.into(), &5.into())
    );
    let papers = find("indicator", "alias", "C1");
    assert_eq!(papers["held"]["n_benign"], 1);
    assert_eq!(papers["held"]["n_flag"], 3);
    assert_eq!(papers["held"]["share_benign"], 0.5);
    assert_eq!(papers["verdict"], "holds_too_often");
    assert_eq!(papers["together"][0]["jaccard"], 1.0);
    assert_eq!(find("indicator", "alias", "V3")["verdict"], "never_held");
    assert_eq!(find("gate", "alias", "G3")["held"]["n"], 4);
    let pets = find("class", "class", "pets");
    assert_eq!(pets["side"], "benign");
    assert_eq!(pets["gates"]["G3"], 1);
    let g03 = find("class", "class", "G03");
    assert_eq!((&g03["gate"], &g03["found"]), (&"G3".into(), &1.into()));
    assert_eq!(g03["missed"], serde_json::json!(["G03-w1a", "G03-w<b>"]));
    // An alert is no plea for help.
    assert_eq!(find("class", "class", "HELP")["found"], 0);
}

#[test]
fn statistics_name_what_a_gate_lacked() {
    let desk = Desk::new();
    desk.write(
        "flag/work/G03.jsonl",
        post(
            "G03-w1",
            "Lowongan admin online di Kamboja, wa 0812-0000-0101",
        ),
    );
    let ran = desk.run(&["rules", "stats", "flag", "--json"]).exits(0);
    let rows = records(&ran.stdout);
    let gate = rows.iter().find(|row| row["alias"] == "G3").unwrap();
    assert_eq!(gate["held"]["n"], 0);
    let lacks = gate["near"][0]["lacks"].as_str().unwrap();
    assert!(lacks.contains("act.rushed_departure"), "{gate}");
    let shown = desk.run(&["rules", "stats", "flag"]).exits(0).stdout;
    assert!(shown.contains(&format!("lack only {lacks}")), "{shown}");
}

#[test]
fn the_file_of_statistics_is_the_same_each_time_and_inert() {
    let desk = Desk::new();
    corpora(&desk);
    let first = stats(&desk, &["--markdown"]).stdout;
    assert_eq!(first, stats(&desk, &["--markdown"]).stdout);
    let pets = first
        .lines()
        .find(|line| line.starts_with("| pets | 2 | 0 | 0 | 0 | 1 |"))
        .expect(&first);
    assert!(pets.contains("G3 × 1") && pets.contains("G5 × 1"), "{pets}");
    assert!(
        first.contains("| G03 | G3, high | 3 | 1 | 33.3 % | 50.0 % | 0.0 % | 1 |"),
        "{first}"
    );
    assert!(first.contains("no gate G99 yet: any flag"), "{first}");
    assert!(first.contains("* G03: G03-w1a, G03-w\\<b\\>"), "{first}");
    assert!(!first.contains("0812"), "{first}");
}

#[test]
fn a_corpus_that_is_not_there_or_not_whole_is_told() {
    let desk = Desk::new();
    desk.run(&["rules", "stats", "gone"])
        .exits(4)
        .says(&["gone", "hint:"]);
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.run(&["rules", "stats", "empty"])
        .exits(4)
        .says(&[".jsonl", "hint:"]);
    let lines = format!("{}\n{{torn\n", post("a", "jual meja"));
    desk.write("flag/work/any.jsonl", lines);
    let ran = desk.run(&["rules", "stats", "flag", "--json"]).exits(4);
    assert_eq!(records(&ran.stdout)[0]["posts"], 1);
    ran.says(&["any.jsonl:2"]);
}

/// A copy of the pack without a way to find papers withheld.
fn without_papers(desk: &Desk, name: &str) {
    let path = pack(desk, name).join("control.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text
        .split_once("id         = \"control.document_retention\"")
        .unwrap();
    let (inside, after) = rest.split_once("[indicator.phrases]").unwrap();
    let inside = inside.replacen("\"active\"", "\"shadow\"", 1);
    let id = "id         = \"control.document_retention\"";
    let text = format!("{before}{id}{inside}[indicator.phrases]{after}");
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_backtest_tells_what_is_lost_gained_and_changed_and_why() {
    let desk = Desk::new();
    corpora(&desk);
    without_papers(&desk, "blind");
    let desk_run = |args: &[&str]| {
        let mut all = vec!["rules", "backtest"];
        all.extend(args);
        desk.run(&all).exits(0)
    };
    let rows = records(&desk_run(&["--new", "blind", "--json", "flag"]).stdout);
    let (summary, changes) = rows.split_last().unwrap();
    assert_eq!(summary["posts"], 5);
    assert_eq!(
        (&summary["lost"], &summary["changed"]),
        (&0.into(), &3.into())
    );
    let change = &changes[0];
    assert_eq!(change["id"], "G03-w1");
    // Papers withheld raise G3; G5 has other words for them.
    assert_eq!(change["old"]["level"], "critical", "{change}");
    assert_eq!(change["new"]["level"], "high", "{change}");
    let gone = change["disappeared"].as_array().unwrap();
    let papers = gone
        .iter()
        .find(|one| one["rule"] == "control.document_retention");
    assert_eq!(
        papers.unwrap()["quotes"],
        serde_json::json!(["paspor disimpan agen"])
    );
    // The other way round, what was lost is gained.
    let back = desk_run(&["--old", "blind", "flag"]).stdout;
    assert!(
        back.contains("+ control.document_retention «paspor disimpan agen»"),
        "{back}"
    );
    assert!(
        back.ends_with("5 posts: 0 gained, 0 lost, 3 changed, 0 as before\n"),
        "{back}"
    );
    assert_eq!(back, desk_run(&["--old", "blind", "flag"]).stdout);
    desk.run(&["rules", "backtest", "flag"])
        .exits(2)
        .says(&["the same", "hint:"]);
}

#[test]
fn a_backtest_masks_contacts_and_withholds_words_about_minors() {
    let desk = Desk::new();
    pack(&desk, "wide");
    let text = desk.read("wide/gates.toml")
        + "\n[[gate]]\nid = \"any_contact\"\nalias = \"G90\"\nlevel = \"low\"\n\
           when = \"network.any_contact or minor.age_under_18\"\n\
           reason = { id = \"r\", en = \"r\" }\nsources = [\"ILO11\"]\n";
    desk.write("wide/gates.toml", text);
    let text = desk.read("wide/network.toml")
        + "\n[[indicator]]\nid = \"network.any_contact\"\nalias = \"N90\"\n\
           title = { id = \"k\", en = \"c\" }\nwhy = { id = \"k\", en = \"c\" }\n\
           axis = \"network\"\nstrength = \"weak\"\nevidence = \"institutional\"\n\
           sources = [\"ILO11\"]\nstatus = \"active\"\n[[indicator.entity]]\ntest = \"{phone}\"\n";
    desk.write("wide/network.toml", text);
    let posts = [
        post("a", "jual meja wa 0812-0000-0101"),
        post("b", "cewek 16 th"),
    ];
    desk.write("posts.jsonl", posts.join("\n"));
    let args = ["rules", "backtest", "--new", "wide", "posts.jsonl"];
    let shown = desk.run(&args).exits(0).stdout;
    assert!(shown.contains("gained a (posts.jsonl:1)"), "{shown}");
    assert!(
        shown.contains("none · context_only → low · alert (G90)"),
        "{shown}"
    );
    assert!(shown.contains("+ network.any_contact «08"), "{shown}");
    assert!(!shown.contains("0000-0101"), "{shown}");
    assert!(!shown.contains("16 th"), "{shown}");
}
