//! Keys that are made once, kept private and never replaced.

use super::*;

#[test]
fn a_key_is_made_once_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("hmac.key");
    let made = Key::load_or_create(&path).unwrap();
    let read = Key::load_or_create(&path).unwrap();
    assert_eq!(made, read);
    assert_eq!(made.id().len(), 8);
    assert!(!format!("{made:?}").contains(&fs::read_to_string(&path).unwrap()[..16]));
    let again = Key::create(&path).unwrap_err();
    assert!(again.to_string().contains("hmac.key"), "{again}");
    let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file stays behind");
}

#[cfg(unix)]
#[test]
fn a_key_others_can_read_is_refused_with_the_remedy() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hmac.key");
    Key::create(&path).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for exposed in [0o640, 0o604, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(exposed)).unwrap();
        let error = Key::load(&path).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}

#[test]
fn a_damaged_key_is_refused_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hmac.key");
    Key::create(&path).unwrap();
    for damaged in [
        "",
        "abcd",
        &"g".repeat(64),
        &"a".repeat(63),
        "é".repeat(32).as_str(),
    ] {
        fs::write(&path, damaged).unwrap();
        assert!(matches!(
            Key::load_or_create(&path),
            Err(KeyError::Malformed { .. })
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }
}
