//! A workspace copied elsewhere and brought back, also when it is killed.

use std::time::Duration;

use super::{Demo, Desk, copy};

/// A copy of the demonstration, a key, and the recipient of that.
fn desk() -> (Desk, String) {
    let desk = Desk::new();
    copy(&Demo::get().desk.path("d"), &desk.path("d"));
    let recipient = desk.run(&["store", "key", "kunci.txt"]).exits(0).stdout;
    (desk, recipient.trim_end().to_owned())
}

/// Files of a workspace that a backup holds, with their bytes.
fn held(desk: &Desk, dir: &str) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for folder in ["evidence", "findings", "rules"] {
        for name in desk.names(&format!("{dir}/{folder}")) {
            let path = format!("{dir}/{folder}/{name}");
            all.push((
                format!("{folder}/{name}"),
                std::fs::read(desk.path(&path)).unwrap(),
            ));
        }
    }
    all.push((
        "lentera.toml".to_owned(),
        desk.read(&format!("{dir}/lentera.toml")).into(),
    ));
    all
}

#[test]
fn a_workspace_comes_back_as_it_was_and_its_key_only_when_asked_for() {
    let (desk, recipient) = desk();
    let backup = ["-C", "d", "store", "backup"];
    let to = ["--recipient", &recipient];
    desk.run(&[&backup[..], &["b.tar.age"], &to[..]].concat())
        .exits(0)
        .says(&["without keys/hmac.key"]);
    let bytes = std::fs::read(desk.path("b.tar.age")).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    assert!(!String::from_utf8_lossy(&bytes).contains("evidence/"));
    desk.run(&[&backup[..], &["b.tar.age"], &to[..]].concat())
        .exits(5)
        .says(&["it is there already"]);

    let restore = ["store", "restore", "b.tar.age"];
    let with = ["--identity", "kunci.txt"];
    desk.run(&[&restore[..], &["d"], &with[..]].concat())
        .exits(2)
        .says(&["is not empty"]);
    let ran = desk
        .run(&[&restore[..], &["e"], &with[..]].concat())
        .exits(0);
    ran.says(&["and the evidence hold", "keys/hmac.key was not in it"]);
    assert_eq!(held(&desk, "e"), held(&desk, "d"));
    assert_eq!(desk.names("e/keys"), [""; 0]);
    let list = |dir| {
        desk.run(&["-C", dir, "findings", "list", "--json"])
            .exits(0)
            .stdout
    };
    assert_eq!(list("e"), list("d"));
    desk.run(&["-C", "e", "store", "verify"]).exits(0);

    let with_keys = [&backup[..], &["k.tar.age", "--with-keys"], &to[..]].concat();
    desk.run(&with_keys).exits(0).says(&["undo the masking"]);
    let restore = ["store", "restore", "k.tar.age", "f"];
    desk.run(&[&restore[..], &with[..]].concat()).exits(0);
    assert_eq!(desk.read("f/keys/hmac.key"), desk.read("d/keys/hmac.key"));
}

#[test]
fn only_who_should_opens_it_and_half_of_it_opens_for_nobody() {
    let (desk, recipient) = desk();
    desk.write("frasa.txt", "empat kata yang panjang\n");
    desk.write("salah.txt", "bukan kata yang benar\n");
    desk.write("pendek.txt", "pendek\n");
    let backup = ["-C", "d", "store", "backup", "b.age"];
    desk.run(&backup).exits(2).says(&["--recipient"]);
    desk.run(&[&backup[..], &["--recipient", "age1x"]].concat())
        .exits(2)
        .says(&["no age recipient", "store key"]);
    desk.run(&[&backup[..], &["--passphrase-file", "pendek.txt"]].concat())
        .exits(2)
        .says(&["fewer than 12 letters"]);
    desk.run(&[&backup[..], &["--passphrase-file", "frasa.txt"]].concat())
        .exits(0);
    let restore = ["store", "restore", "b.age", "e"];
    desk.run(&[&restore[..], &["--passphrase-file", "salah.txt"]].concat())
        .exits(4)
        .says(&["cannot be opened"]);
    desk.run(&[&restore[..], &["--identity", "kunci.txt"]].concat())
        .exits(4);
    desk.run(&[&restore[..], &["--passphrase-file", "frasa.txt"]].concat())
        .exits(0);

    let to = [
        "-C",
        "d",
        "store",
        "backup",
        "c.age",
        "--recipient",
        &recipient,
    ];
    desk.run(&to).exits(0);
    let whole = std::fs::read(desk.path("c.age")).unwrap();
    let with = ["store", "restore", "c.age", "g", "--identity", "kunci.txt"];
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    for bytes in [
        &whole[..whole.len() / 2],
        &whole[..whole.len() - 1],
        &changed,
    ] {
        desk.write("c.age", bytes);
        desk.run(&with).exits(4).says(&["nothing was put in place"]);
        assert!(!desk.path("g").exists());
    }
    // Nothing is left of the attempts.
    assert!(!desk.names("").iter().any(|name| name.ends_with(".partial")));
}

#[test]
fn a_key_is_private_and_never_written_over() {
    let (desk, _) = desk();
    let before = desk.read("kunci.txt");
    desk.run(&["store", "key", "kunci.txt"])
        .exits(2)
        .says(&["never written over another"]);
    assert_eq!(desk.read("kunci.txt"), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = desk
            .path("kunci.txt")
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn killed_in_the_middle_neither_leaves_half_of_anything_under_its_name() {
    let (desk, recipient) = desk();
    let args = [
        "-C",
        "d",
        "store",
        "backup",
        "b.age",
        "--recipient",
        &recipient,
    ];
    let restore = ["store", "restore", "b.age", "e", "--identity", "kunci.txt"];
    let (mut cut_off, mut whole) = (0, 0);
    for n in 0..12 {
        let _ = std::fs::remove_file(desk.path("b.age"));
        let mut child = desk.command(&args).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(4 + 23 * n));
        let _ = child.kill();
        child.wait().unwrap();
        if desk.path("b.age").exists() {
            whole += 1;
        } else {
            cut_off += 1;
            desk.run(&args).exits(0);
        }
        let mut child = desk.command(&restore).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(4 + 31 * n));
        let _ = child.kill();
        child.wait().unwrap();
        if !desk.path("e").exists() {
            cut_off += 1;
            desk.run(&restore).exits(0);
        }
        assert_eq!(held(&desk, "e"), held(&desk, "d"));
        std::fs::remove_dir_all(desk.path("e")).unwrap();
        let names = [desk.names(""), desk.names("d")].concat();
        let left = names
            .iter()
            .filter(|name| name.contains(".partial") || name.starts_with(".backup"));
        assert_eq!(left.count(), 0, "{names:?}");
    }
    assert!(
        cut_off > 0,
        "nothing was killed in time; {whole} ended before"
    );
}
