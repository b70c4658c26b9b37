//! Requests and answers as HTTP writes them.

use super::Exchange;
use super::one_line;

/// Headers that say who asks; their values are never kept.
const SECRET: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// What of an answer is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Header and body.
    Whole,
    /// The header; the body is the one of an earlier record.
    WithoutBody,
}

pub(super) fn request_block(exchange: &Exchange<'_>, url: &str) -> Vec<u8> {
    // Path and query: what stands behind scheme and host.
    let target = url.splitn(4, '/').nth(3).unwrap_or("");
    let mut block = format!("GET /{target} HTTP/1.1\r\n").into_bytes();
    for (name, value) in exchange.request {
        let is_secret = SECRET.iter().any(|one| name.eq_ignore_ascii_case(one));
        let value = if is_secret { "[not kept]" } else { value };
        put_header(&mut block, name, value.as_bytes());
    }
    block.extend_from_slice(b"\r\n");
    block
}

pub(super) fn response_block(exchange: &Exchange<'_>, part: Part) -> Vec<u8> {
    let length = exchange.body.len().to_string();
    let reason = one_line(exchange.reason);
    let mut block = format!("HTTP/1.1 {} {reason}\r\n", exchange.status).into_bytes();
    let mut has_length = false;
    for (name, value) in exchange.headers {
        if name.eq_ignore_ascii_case("transfer-encoding") {
            put_header(&mut block, "X-Archive-Orig-Transfer-Encoding", value);
        } else if !name.eq_ignore_ascii_case("content-length") {
            put_header(&mut block, name, value);
        } else if value.as_slice() == length.as_bytes() && !has_length {
            has_length = true;
            put_header(&mut block, name, value);
        } else {
            put_header(&mut block, "X-Archive-Orig-Content-Length", value);
        }
    }
    if !has_length {
        put_header(&mut block, "Content-Length", length.as_bytes());
    }
    block.extend_from_slice(b"\r\n");
    if part == Part::Whole {
        block.extend_from_slice(exchange.body);
    }
    block
}

fn put_header(block: &mut Vec<u8>, name: &str, value: &[u8]) {
    block.extend_from_slice(one_line(name).as_bytes());
    block.extend_from_slice(b": ");
    // No header may end itself and begin another.
    block.extend(
        value
            .iter()
            .copied()
            .filter(|b| !matches!(b, b'\r' | b'\n')),
    );
    block.extend_from_slice(b"\r\n");
}
