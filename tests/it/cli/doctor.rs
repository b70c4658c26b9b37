//! A workspace and its machine looked over.

use serde_json::Value;

use super::{Demo, Desk, copy, records};

fn own() -> Desk {
    let desk = Desk::new();
    copy(&Demo::get().desk.path("d"), &desk.path("d"));
    #[cfg(unix)]
    for path in ["d/keys", "d/evidence", "d/findings"] {
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(desk.path(path), private).unwrap();
    }
    desk
}

/// How each check came out, by name.
fn seen(desk: &Desk, code: i32) -> Vec<(String, String, Value)> {
    let args = ["-C", "d", "doctor", "--offline", "--full", "--json"];
    let told = records(&desk.run(&args).exits(code).stdout).remove(0);
    assert_eq!(told["ok"], code == 0);
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let checks = told["checks"].as_array().unwrap().iter();
    checks
        .map(|one| {
            (
                word(one, "name"),
                word(one, "standing"),
                one["todo"].clone(),
            )
        })
        .collect()
}

fn problems(desk: &Desk) -> Vec<String> {
    let all = seen(desk, 1).into_iter();
    let found = all.filter(|one| one.1 == "problem");
    found
        .map(|(name, _, todo)| {
            assert!(todo.is_string(), "{name} says what to do");
            name
        })
        .collect()
}

#[test]
fn a_workspace_in_order_is_well_and_every_check_is_told() {
    let desk = own();
    let names: Vec<String> = seen(&desk, 0).into_iter().map(|one| one.0).collect();
    for name in [
        "disk",
        "clock",
        "key",
        "permissions",
        "store",
        "evidence",
        "lock",
        "last crawl",
        "believable",
        "sources",
        "schedule",
        "digest",
        "rules",
        "reach",
    ] {
        assert!(names.iter().any(|one| one == name), "{name} in {names:?}");
    }
    let told = desk
        .run(&["-C", "d", "doctor", "--offline"])
        .exits(0)
        .stdout;
    assert!(
        told.contains("pages fetched") && told.ends_with("all is well\n"),
        "{told}"
    );
}

#[test]
fn what_is_wrong_is_a_problem_and_says_what_to_do() {
    let desk = own();
    let chain = desk.read("d/evidence/chain.log");
    desk.write(
        "d/evidence/chain.log",
        chain.replacen("run-start", "run-stop", 1),
    );
    assert_eq!(problems(&desk), ["evidence"]);
    desk.write("d/evidence/chain.log", chain);

    desk.write("d/state.db", "bukan basis data");
    assert_eq!(problems(&desk), ["store"]);
    let told = desk
        .run(&["-C", "d", "doctor", "--offline"])
        .exits(1)
        .stdout;
    assert!(
        told.contains("do: ") && told.ends_with("1 problem\n"),
        "{told}"
    );

    let desk = own();
    let args = [
        "-C",
        "d",
        "doctor",
        "--offline",
        "--now",
        "2020-01-01T00:00:00Z",
    ];
    let told = desk.run(&args).exits(1).stdout;
    assert!(told.contains("problem  clock"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_a_problem() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = own();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(desk.path("d/keys/hmac.key"), open.clone()).unwrap();
    std::fs::set_permissions(desk.path("d/state.db"), open).unwrap();
    let found = problems(&desk);
    assert!(found.contains(&"key".to_owned()), "{found:?}");
    assert!(found.contains(&"permissions".to_owned()), "{found:?}");
}

#[test]
fn offline_is_no_failure() {
    let desk = own();
    // Invented hosts that this machine does not serve now.
    let told = desk.run(&["-C", "d", "doctor"]).exits(0).stdout;
    assert!(
        told.contains("offline, so nothing is held against them"),
        "{told}"
    );
}
