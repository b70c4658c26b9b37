//! A message as a letter (RFC 5322), handed to the mail program of this
//! machine.

use std::fmt::Write as _;
use std::io::{Read as _, Seek as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Message;
use super::settings::{Address, Mail};

/// Bytes of a line of quoted-printable, without its end (RFC 2045).
const LINE: usize = 76;
/// Bytes of text in one encoded word of a header: at three signs a byte it
/// stays below the 75 that RFC 2047 allows.
const WORD: usize = 18;
/// Most of what a program complains that is repeated.
const COMPLAINT: usize = 300;
/// How often it is looked whether the program has ended.
const LOOK: Duration = Duration::from_millis(20);

/// The letter, with its head.
pub(super) fn compose(mail: &Mail, message: &Message) -> Vec<u8> {
    let to: Vec<&str> = mail.to.iter().map(Address::as_str).collect();
    let date =
        jiff::fmt::rfc2822::to_string(&message.at.to_zoned_datetime(jiff::tz::TimeZone::UTC));
    let mut out = String::new();
    let _ = write!(
        out,
        "From: {}\r\nTo: {}\r\nSubject: {}\r\n",
        mail.from.as_str(),
        to.join(",\r\n "),
        words(&message.subject)
    );
    if let Ok(date) = date {
        let _ = write!(out, "Date: {date}\r\n");
    }
    // Answers of machines to machines would go round for ever.
    out.push_str("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    out.push_str("Content-Type: text/plain; charset=utf-8\r\n");
    out.push_str("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    for line in message.text.lines() {
        quoted(line, &mut out);
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// A header's text as encoded words (RFC 2047): whatever it holds, it stays
/// one header.
fn words(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b" .,:;-+/()".contains(&b);
    if text.len() <= LINE - "Subject: ".len() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut n) = (String::new(), 0);
    for ch in text.chars() {
        // A character is never cut in two.
        if n + ch.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
            n = 0;
        }
        n += ch.len_utf8();
        for byte in ch.to_string().bytes() {
            if byte.is_ascii_alphanumeric() {
                word.push(char::from(byte));
            } else {
                let _ = write!(word, "={byte:02X}");
            }
        }
    }
    words.push(word);
    let words: Vec<String> = words
        .iter()
        .map(|word| format!("=?utf-8?q?{word}?="))
        .collect();
    words.join("\r\n ")
}

/// One line of text as quoted-printable (RFC 2045).
fn quoted(line: &str, out: &mut String) {
    let mut width = 0;
    let last = line.len().saturating_sub(1);
    for (place, byte) in line.bytes().enumerate() {
        let is_plain = (b'!'..=b'~').contains(&byte) && byte != b'=';
        // A blank at the end of a line gets lost on the way.
        let is_blank = byte == b' ' && place != last;
        let needs = if is_plain || is_blank { 1 } else { 3 };
        if width + needs >= LINE {
            out.push_str("=\r\n");
            width = 0;
        }
        // A lone dot ends the letter for some programs.
        if needs == 1 && !(byte == b'.' && width == 0) {
            out.push(char::from(byte));
            width += 1;
        } else {
            let _ = write!(out, "={byte:02X}");
            width += 3;
        }
    }
}

/// Gives a letter to the program and waits for it to end, for so long at most.
pub(super) fn hand_over(program: &[String], letter: &[u8], most: Duration) -> Result<(), String> {
    // Files instead of pipes: a program that neither reads nor writes, or
    // leaves a child behind that holds them, cannot make anybody wait.
    let prepared = tempfile::tempfile().and_then(|mut stdin| {
        stdin.write_all(letter)?;
        stdin.rewind()?;
        Ok((stdin, tempfile::tempfile()?))
    });
    let (stdin, mut stderr) =
        prepared.map_err(|error| format!("the letter cannot be prepared: {error}"))?;
    let kept = stderr
        .try_clone()
        .map_err(|error| format!("the letter cannot be prepared: {error}"))?;
    let mut child = Command::new(&program[0])
        .args(&program[1..])
        .stdin(Stdio::from(stdin))
        .stdout(Stdio::null())
        .stderr(Stdio::from(kept))
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let begun = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < most => std::thread::sleep(LOOK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "did not end within {} s and was ended",
                    most.as_secs()
                ));
            }
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut complaint = Vec::new();
    let _ = stderr.rewind();
    let _ = stderr.take(COMPLAINT as u64).read_to_end(&mut complaint);
    let complaint = String::from_utf8_lossy(&complaint);
    let complaint = complaint.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = match status.code() {
        Some(code) => format!("ended with status {code}"),
        None => "was killed".to_owned(),
    };
    Err(if complaint.is_empty() {
        end
    } else {
        format!("{end}: {complaint}")
    })
}
