//! Letters by the RFCs, and ways that fail or hang.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use super::*;

fn message() -> Message {
    Message {
        run_id: "crawl-1".to_owned(),
        subject: "Lentera: 3 mendesak\r\nBcc: semua@orang.example – é".to_owned(),
        text: format!(
            "Baris satu. \n.\n{}=\nPanjang: {}\n",
            "é".repeat(60),
            "x".repeat(2_000)
        ),
        html: "<p>3</p>".to_owned(),
        json: "{\"n\":3}".to_owned(),
        at: "2026-11-03T02:12:00Z".parse().unwrap(),
    }
}

fn settings(toml: &str) -> Result<Settings, String> {
    toml::from_str(toml).map_err(|error| error.to_string())
}

fn sent(toml: &str, dir: &Path) -> Vec<(Way, Option<String>)> {
    let settings = settings(toml).unwrap();
    deliver(&settings, dir, &message())
        .into_iter()
        .map(|one| (one.way, one.error))
        .collect()
}

/// Quoted-printable and encoded words undone, by the letter of the RFCs.
fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if *first == b'=' {
            let hex = std::str::from_utf8(&more[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_letter_has_one_head_whatever_the_subject_holds_and_reads_back_as_it_was() {
    let settings = settings(
        "sendmail = [\"x\"]\nfrom = \"lentera@organisasi.example\"\n\
         to = [\"rani@organisasi.example\", \"budi@organisasi.example\"]\n",
    )
    .unwrap();
    let letter = mail::compose(settings.mail.as_ref().unwrap(), &message());
    let letter = String::from_utf8(letter).unwrap();
    assert!(letter.is_ascii());
    assert!(
        letter
            .split("\r\n")
            .all(|line| line.len() <= 76 && !line.contains(['\r', '\n']))
    );
    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ");
    let names: Vec<&str> = unfolded
        .split("\r\n")
        .map(|line| line.split_once(':').unwrap().0)
        .collect();
    assert_eq!(
        names,
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding"
        ]
    );
    assert!(unfolded.contains("To: rani@organisasi.example, budi@organisasi.example\r\n"));
    assert!(
        unfolded.contains("Date: Tue, 3 Nov 2026 02:12:00 +0000\r\n"),
        "{unfolded}"
    );
    let subject = unfolded
        .split("Subject: ")
        .nth(1)
        .unwrap()
        .split("\r\n")
        .next()
        .unwrap();
    let subject: String = subject
        .split(' ')
        .map(|word| {
            assert!(word.len() <= 75, "{word}");
            word.strip_prefix("=?utf-8?q?")
                .unwrap()
                .strip_suffix("?=")
                .unwrap()
        })
        .collect();
    assert_eq!(unquoted(&subject), message().subject);
    assert_eq!(unquoted(body).replace("\r\n", "\n"), message().text);
    assert!(
        body.split("\r\n")
            .all(|line| line != "." && !line.ends_with(' '))
    );
}

#[test]
fn files_are_written_whole_in_the_form_their_name_asks_for() {
    let dir = tempfile::tempdir().unwrap();
    for (file, holds) in [
        ("digest.txt", message().text),
        ("x/digest.html", message().html),
        ("digest.json", message().json),
    ] {
        assert_eq!(
            sent(&format!("file = {file:?}"), dir.path()),
            [(Way::File, None)]
        );
        assert_eq!(
            std::fs::read_to_string(dir.path().join(file)).unwrap(),
            holds
        );
    }
    assert_eq!(sent("file = \"folder/\"", dir.path()), [(Way::File, None)]);
    assert!(dir.path().join("folder/digest-crawl-1.txt").is_file());
    let failed = sent("file = \"digest.txt/no\"", dir.path());
    assert!(
        failed[0]
            .1
            .as_ref()
            .unwrap()
            .starts_with("cannot be written: "),
        "{failed:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_mail_program_that_fails_hangs_or_is_not_there_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let with = |program: &str| {
        let kept = dir.path().join("letter");
        let toml = format!(
            "sendmail = [\"sh\", \"-c\", {:?}]\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\ntimeout_s = 1\n",
            program.replace("KEPT", &kept.display().to_string())
        );
        sent(&toml, dir.path()).remove(0).1
    };
    assert_eq!(with("cat > KEPT"), None);
    let letter = std::fs::read_to_string(dir.path().join("letter")).unwrap();
    assert!(
        letter.starts_with("From: a@b.example\r\nTo: c@d.example\r\n"),
        "{letter}"
    );
    assert_eq!(
        with("echo 'no route\n to host' >&2; exit 75").unwrap(),
        "ended with status 75: no route to host"
    );
    // Neither it nor the child it leaves behind makes anybody wait.
    assert_eq!(
        with("sleep 60 & sleep 60").unwrap(),
        "did not end within 1 s and was ended"
    );
    let gone =
        "sendmail = [\"/no/such/program\"]\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\n";
    let failed = sent(gone, dir.path()).remove(0).1.unwrap();
    assert!(failed.starts_with("cannot be started: "), "{failed}");
}

/// A server that answers once with these bytes, or never; what it was sent.
fn hook(answer: Option<&'static str>) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token-1234", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(socket.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.len() <= 2 {
                break;
            }
            if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
                length = n.trim().parse().unwrap();
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        match answer {
            Some(answer) => socket.write_all(answer.as_bytes()).unwrap(),
            // Until the other side gives up.
            None => drop(reader.read_to_end(&mut Vec::new())),
        }
        head + &String::from_utf8(body).unwrap()
    });
    (url, served)
}

#[test]
fn a_web_hook_is_asked_once_and_what_it_answers_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let told = |answer| {
        let (url, served) = hook(answer);
        let toml = format!("webhook = {url:?}\ntimeout_s = 1\n");
        let error = sent(&toml, dir.path()).remove(0).1;
        (error, served.join().unwrap())
    };
    let (error, asked) = told(Some("HTTP/1.1 204 No Content\r\n\r\n"));
    assert_eq!(error, None);
    assert!(
        asked.starts_with("POST /token-1234 HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(
        asked.contains("content-type: application/json\r\n"),
        "{asked}"
    );
    assert!(asked.ends_with("{\"n\":3}"), "{asked}");
    let (error, _) = told(Some(
        "HTTP/1.1 302 Found\r\nlocation: http://lain.example/\r\n\r\n",
    ));
    assert!(
        error
            .unwrap()
            .contains("302 Found; redirects are not followed")
    );
    let (error, _) = told(Some("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"));
    assert!(error.unwrap().starts_with("answers 500"));
    let (error, _) = told(None);
    assert_eq!(error.unwrap(), "did not answer within 1 s");
    // Nobody listens there; and the secret of the address is not told.
    let error = sent("webhook = \"http://127.0.0.1:1/token-1234\"\n", dir.path())
        .remove(0)
        .1;
    let error = error.unwrap();
    assert!(
        error.starts_with("cannot be asked: ") && !error.contains("token"),
        "{error}"
    );
}

#[test]
fn settings_that_cannot_work_say_what_to_write() {
    for (toml, part) in [
        ("webhook = \"http://hooks.example/x\"", "write https://"),
        (
            "webhook = \"ftp://hooks.example/x\"",
            "only https:// is used",
        ),
        ("webhook = \"hooks.example\"", "write it whole"),
        (
            "sendmail = [\"s\"]\nfrom = \"a@b.example\"",
            "nobody to write to",
        ),
        ("sendmail = [\"s\"]\nto = [\"a@b.example\"]", "no sender"),
        (
            "sendmail = []\nfrom = \"a@b.example\"\nto = [\"a@b.example\"]",
            "names no program",
        ),
        ("to = [\"a@b.example\"]", "no mail program"),
        (
            "to = [\"a@b.example\\r\\nBcc: c@d.example\"]",
            "not a bare mail address",
        ),
        ("to = [\"Rani <a@b.example>\"]", "not a bare mail address"),
        ("to = [\"-oQ/tmp@b.example\"]", "not a bare mail address"),
        ("from = \"rani\"", "not a bare mail address"),
        ("timeout_s = 0", "leaves no time"),
        ("file = \"\"", "`file` is empty"),
        ("lang = \"fr\"", "unknown variant"),
        ("mail = \"x\"", "unknown field"),
    ] {
        let said = settings(toml).unwrap_err();
        assert!(said.contains(part), "{toml}: {said}");
    }
    for here in [
        "http://localhost:9/x",
        "http://127.0.0.1:9/x",
        "http://[::1]:9/x",
    ] {
        settings(&format!("webhook = {here:?}")).unwrap();
    }
    assert!(settings("").unwrap().is_silent());
    let secret = settings("webhook = \"https://hooks.example/token-1234\"").unwrap();
    assert!(!format!("{secret:?}").contains("token"), "{secret:?}");
}
