//! Pages are hostile: whatever a server sends, reading it ends with fields or
//! a named fault.
#![no_main]

use jiff::Timestamp;
use lentera::crawl::{Page, feed, html};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|body: &[u8]| {
    let url = Url::parse("http://fuzz.example/").expect("a fixed address");
    let page = |kind: &str| Page::saved(url.clone(), kind, body.to_vec(), Timestamp::UNIX_EPOCH);
    let _ = html::words(&String::from_utf8_lossy(body));
    let _ = feed::read(&page("application/xml"));
});
