//! What ten million waiting addresses cost: memory, and addresses a second.
//!
//! `cargo bench --bench frontier -- [ADDRESSES]` fills a new state file as a
//! crawl does, listing by listing, many listings to a group, then takes and
//! finishes some tasks. Run by `cargo test --benches` it does little.
#![expect(clippy::unwrap_used, reason = "a measurement that fails has no figure")]
#![expect(clippy::print_stdout, reason = "the figures")]

use std::collections::BTreeSet;
use std::time::Instant;

use jiff::Timestamp;
use lentera::id::Digest;
use lentera::store::state::{AddressKind, Before, State, Visited};

/// Addresses of one listing.
const LISTING: u64 = 50;
/// Listings of one group.
const GROUP: u64 = 64;
const HOSTS: u64 = 50;
const TAKEN: u32 = 20_000;

fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let is_measured = std::env::args().any(|word| word == "--bench");
    let addresses: u64 = asked.unwrap_or(if is_measured { 10_000_000 } else { 6_400 });
    let dir = tempfile::tempdir_in(".").unwrap();
    let path = dir.path().join("state.db");
    let now = Timestamp::from_second(1_793_000_000).unwrap();
    let mut state = State::open(&path).unwrap();
    let mut round = state.begin_round("s", &Digest::of(b""), now).unwrap();
    let began = Instant::now();
    let mut listing = Vec::new();
    for page in 0..addresses.div_ceil(LISTING) {
        if page % GROUP == 0 {
            state.commit().unwrap();
            state.begin().unwrap();
        }
        listing.clear();
        let first = (page * LISTING)..((page + 1) * LISTING).min(addresses);
        listing.extend(first.map(|n| {
            let (host, id) = (n / LISTING % HOSTS, 1_000_000 + n);
            format!("https://kota-{host}.pasar.example/iklan/dijual-barang-bekas-{id}.html")
        }));
        let new = listing
            .iter()
            .map(|url| (url.as_str(), AddressKind::Detail, 0));
        state.add_addresses("s", &mut round, now, new).unwrap();
    }
    state.keep_round("s", &round, None).unwrap();
    state.commit().unwrap();
    let filled = began.elapsed().as_secs_f64();
    assert_eq!(round.waiting, addresses);
    println!("addresses: {addresses}");
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = addresses as f64 / filled;
    println!("filled: {filled:.1} s, {rate:.0} a second");
    drop(state);

    let began = Instant::now();
    let mut state = State::open(&path).unwrap();
    let mut round = state.round("s").unwrap().unwrap();
    let out = BTreeSet::new();
    state.next_address("s", now, &out).unwrap().unwrap();
    println!("opened, first task: {:.4} s", began.elapsed().as_secs_f64());

    let began = Instant::now();
    for n in 0..TAKEN.min(u32::try_from(addresses).unwrap_or(TAKEN)) {
        if n % 64 == 0 {
            state.commit().unwrap();
            state.begin().unwrap();
        }
        let task = state.next_address("s", now, &out).unwrap().unwrap();
        let visited = Visited {
            outcome: "read",
            at: now,
            due: Some(now),
            left: &Before::default(),
        };
        assert!(state.visit_address(task.id, &mut round, &visited).unwrap());
    }
    state.commit().unwrap();
    let taken = began.elapsed().as_secs_f64();
    println!(
        "taken and finished: {:.0} a second",
        f64::from(TAKEN) / taken
    );
    let size = std::fs::metadata(&path).unwrap().len() >> 20;
    println!("state.db: {size} MiB");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    println!("peak memory: {}", peak.unwrap_or("not told here"));
}
