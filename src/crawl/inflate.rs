//! Packed bodies, inflated within bounds.
//!
//! A body is inflated here and not by the HTTP library, so that evidence holds
//! the bytes as they came, and so that no small body can become a large one
//! unseen: the result is bounded in bytes and in proportion, only one layer of
//! packing is undone, and a window wider than HTTP allows is refused.

use std::io::Read;

use brotli_decompressor::Decompressor;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use super::fields::Fault;
use crate::skip::SkipReason;

/// What is asked for: packings undone here.
pub(super) const ACCEPTED: &str = "gzip, br, zstd";
/// Most bytes for each packed byte, where the whole is more than [`FREE`].
/// Real pages stay below 50.
const MAX_RATIO: u64 = 200;
/// Bytes that are granted whatever the proportion.
const FREE: u64 = 64 << 10;
/// The widest window of zstd that HTTP allows (RFC 9659), in bytes.
const MAX_WINDOW: u64 = 8 << 20;
const CHUNK: usize = 16 << 10;

/// The body without its packing; `None` when it has none. `max` bounds the
/// result in bytes.
pub(super) fn inflate(encoding: &str, body: &[u8], max: u64) -> Result<Option<Vec<u8>>, Fault> {
    let encoding = encoding.trim().to_ascii_lowercase();
    // Some servers announce a packing for an empty body.
    if matches!(encoding.as_str(), "" | "identity") || body.is_empty() {
        return Ok(None);
    }
    let mut out = Bounded::new(body.len() as u64, max);
    match encoding.as_str() {
        "gzip" | "x-gzip" => out.fill(MultiGzDecoder::new(body))?,
        "br" => out.fill(Decompressor::new(body, CHUNK))?,
        "zstd" => {
            let mut rest = body;
            while !rest.is_empty() {
                let frame = StreamingDecoder::new_with_max_window_size(&mut rest, MAX_WINDOW)
                    .map_err(|error| torn(&error))?;
                out.fill(frame)?;
            }
        }
        other => {
            let why = format!("packed as {other:?}, which was not asked for");
            return Err((SkipReason::NotText, why));
        }
    }
    Ok(Some(out.bytes))
}

/// What comes out, and how much of it may.
struct Bounded {
    bytes: Vec<u8>,
    packed: u64,
    max: u64,
}

impl Bounded {
    fn new(packed: u64, max: u64) -> Self {
        Self {
            bytes: Vec::new(),
            packed,
            max,
        }
    }

    fn fill(&mut self, mut from: impl Read) -> Result<(), Fault> {
        let in_proportion = self.packed.saturating_mul(MAX_RATIO).max(FREE);
        let mut chunk = [0; CHUNK];
        loop {
            let n = from.read(&mut chunk).map_err(|error| torn(&error))?;
            if n == 0 {
                return Ok(());
            }
            let length = (self.bytes.len() + n) as u64;
            if length > self.max {
                let why = format!("inflates to more than {} bytes", self.max);
                return Err((SkipReason::TooLong, why));
            }
            if length > in_proportion {
                let why = format!(
                    "inflates to more than {MAX_RATIO} times its {} bytes",
                    self.packed
                );
                return Err((SkipReason::TooLong, why));
            }
            self.bytes.extend_from_slice(&chunk[..n]);
        }
    }
}

fn torn(error: &impl ToString) -> Fault {
    (SkipReason::TruncatedStream, error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(plain).unwrap();
        out.finish().unwrap()
    }

    fn zstd(plain: &[u8]) -> Vec<u8> {
        compress_to_vec(plain, CompressionLevel::Fastest)
    }

    /// `<p>dijual</p>` as the reference encoder packs it.
    const BROTLI: &[u8] = b"\x0b\x06\x80\x3c\x70\x3e\x64\x69\x6a\x75\x61\x6c\x3c\x2f\x70\x3e\x03";
    /// 64 MiB of the letter a as the reference encoder packs it.
    const BROTLI_BOMB: &[u8] = b"\xcb\xff\xff\x3f\xf8\x25\xc2\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4b\x00\xc4\x61\x11\x80\xee\xfd\x1f\xff\xff\xff\xe0\x97\x00\x88\xc3\x02\x00\xdd\xfb\x3f\xfe\xff\xff\xc1\x2f\x01\x10\x87\x05\x00\xba\xf7\x7f\xfc\xff\xff\x83\x5f\x02\x20\x0e\x0b\x00\x74\xef\xff\xf8\xff\xff\x07\xbf\x04\x40\x1c\x16\x00\xe8\xde\xff\xf1\xff\xff\x0f\x7e\x09\x80\x38\x2c\x00\xd0\xbd\xff\xe3\xff\xff\x1f\xfc\x12\x00\x71\x58\x00\xa0\x7b\xff\x37";

    fn reason(encoding: &str, body: &[u8], max: u64) -> SkipReason {
        inflate(encoding, body, max).unwrap_err().0
    }

    #[test]
    fn each_packing_that_is_asked_for_is_undone() {
        let plain = b"<p>dijual</p>".as_slice();
        for (encoding, body) in [
            ("gzip", gzip(plain)),
            (" X-GZIP ", gzip(plain)),
            ("zstd", zstd(plain)),
            ("zstd", [zstd(b"<p>dij"), zstd(b"ual</p>")].concat()),
            ("br", BROTLI.to_vec()),
        ] {
            let inflated = inflate(encoding, &body, 1000).unwrap();
            assert_eq!(inflated.as_deref(), Some(plain), "{encoding}");
        }
        assert_eq!(inflate("identity", plain, 1000).unwrap(), None);
        assert_eq!(inflate("br", b"", 1000).unwrap(), None);
    }

    #[test]
    fn a_small_body_that_inflates_without_end_is_refused() {
        let zeros = vec![b'a'; 4 << 20];
        for (encoding, body) in [
            ("gzip", gzip(&zeros)),
            ("zstd", zstd(&zeros)),
            ("br", BROTLI_BOMB.to_vec()),
        ] {
            let (reason, why) = inflate(encoding, &body, 8 << 20).unwrap_err();
            assert_eq!(reason, SkipReason::TooLong, "{encoding}");
            assert!(why.contains("200 times"), "{why}");
            assert_eq!(self::reason(encoding, &body, 9999), SkipReason::TooLong);
        }
        // What is small may be as repetitive as it likes.
        assert!(inflate("gzip", &gzip(&zeros[..60_000]), 1 << 20).is_ok());
    }

    #[test]
    fn torn_damaged_and_unasked_packings_are_refused() {
        let plain: Vec<u8> = (0..5000_u32).flat_map(u32::to_le_bytes).collect();
        for (encoding, body) in [
            ("gzip", gzip(&plain)),
            ("zstd", zstd(&plain)),
            ("br", BROTLI.to_vec()),
        ] {
            let half = &body[..body.len() / 2];
            assert_eq!(
                reason(encoding, half, 1 << 20),
                SkipReason::TruncatedStream,
                "{encoding}"
            );
            let noise = b"\x9c\x00\xff\x13bukan";
            assert_eq!(
                reason(encoding, noise, 1 << 20),
                SkipReason::TruncatedStream,
                "{encoding}"
            );
        }
        for unasked in ["deflate", "compress", "gzip, gzip", "br, gzip"] {
            assert_eq!(reason(unasked, b"x", 1 << 20), SkipReason::NotText);
        }
    }

    #[test]
    fn a_window_wider_than_http_allows_is_refused() {
        // Magic, no content size, a window of 16 MiB, an empty last block.
        let wide = b"\x28\xb5\x2f\xfd\x00\x70\x01\x00\x00";
        assert_eq!(reason("zstd", wide, 1 << 20), SkipReason::TruncatedStream);
        let narrow = b"\x28\xb5\x2f\xfd\x00\x68\x01\x00\x00";
        assert_eq!(inflate("zstd", narrow, 1 << 20).unwrap(), Some(vec![]));
    }
}
