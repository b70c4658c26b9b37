//! What a digest tells, gathered from the store.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};

use crate::assessment::{Level, Route};
use crate::report::digest::{
    Belief, Day, Digest, Doubt, NewFinding, Period, Row, RunLine, Standing, Trouble,
};
use crate::store::record::{Finding, Sentence};
use crate::store::state::{Run, RunSummary, State, StateError};

/// Most days of history: more bars than these are no longer told apart.
pub const MOST_DAYS: u16 = 62;

/// What to tell.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The end of it all.
    pub until: Timestamp,
    /// The beginning of what is new.
    pub since: Timestamp,
    /// Days of the charts, the last one counted; at least 1, at most
    /// [`MOST_DAYS`].
    pub days: u16,
    /// The zone days are counted in.
    pub zone: TimeZone,
}

/// Gathers a digest.
///
/// # Errors
///
/// When the store cannot be read.
pub fn gather(state: &State, wanted: &Wanted) -> Result<Digest, StateError> {
    let period = Period {
        from: wanted.since,
        until: wanted.until,
    };
    let history = history(wanted);
    let mut digest = Digest {
        period,
        history,
        new: Vec::new(),
        before: 0,
        standing: standing(state)?,
        days: days(&history, wanted),
        gates: Vec::new(),
        sources: Vec::new(),
        provinces: Vec::new(),
        runs: Vec::new(),
        troubles: Vec::new(),
        skips: BTreeMap::new(),
        bytes: 0,
        spared: 0,
        belief: Belief::default(),
        zone: wanted.zone.clone(),
    };
    findings(state, &mut digest)?;
    runs(&state.runs()?, &mut digest);
    Ok(digest)
}

/// Whole days up to the one the digest ends in.
fn history(wanted: &Wanted) -> Period {
    let until = wanted.until;
    let days = i64::from(wanted.days.clamp(1, MOST_DAYS)) - 1;
    let last = until.to_zoned_datetime(wanted.zone.clone());
    let first = last
        .checked_sub(Span::new().days(days))
        .and_then(|day| day.start_of_day());
    Period {
        // Only at the ends of time is there no such day.
        from: first.map_or(Timestamp::MIN, |day| day.timestamp()),
        until,
    }
}

fn days(history: &Period, wanted: &Wanted) -> Vec<Day> {
    let date = |at: Timestamp| at.to_zoned_datetime(wanted.zone.clone()).date();
    let (mut date, last) = (date(history.from), date(history.until));
    let mut days = Vec::new();
    while date <= last {
        days.push(Day {
            date,
            found: Standing::default(),
            runs: 0,
        });
        match date.checked_add(1.day()) {
            Ok(next) => date = next,
            Err(_) => break,
        }
    }
    days
}

fn standing(state: &State) -> Result<Standing, StateError> {
    let mut all = Standing::default();
    for one in state.standing()? {
        all.count(one.level, one.route, one.n);
        let oldest = all.oldest.map_or(one.oldest, |at| at.min(one.oldest));
        all.oldest = Some(oldest);
    }
    Ok(all)
}

/// Counts by a key: in the history, and in the period.
type Counts = BTreeMap<String, (u64, u64)>;

fn findings(state: &State, digest: &mut Digest) -> Result<(), StateError> {
    let (period, history) = (digest.period, digest.history);
    let length = period.until.duration_since(period.from);
    let earlier = Period {
        from: period.from.checked_sub(length).unwrap_or(Timestamp::MIN),
        until: period.from,
    };
    let mut by: [Counts; 3] = Default::default();
    let mut names: BTreeMap<String, Sentence> = BTreeMap::new();
    state.first_flagged(history.from.min(earlier.from), |row, at| {
        digest.before += u64::from(earlier.holds(at));
        let is_new = period.holds(at);
        if !is_new && !history.holds(at) {
            return;
        }
        // A record of a later version is counted by what its row says.
        let record: Option<Finding> = serde_json::from_str(&row.json).ok();
        let gate = record
            .as_ref()
            .and_then(|record| record.assessment.gates.first());
        let code = gate.map_or_else(String::new, |gate| gate.alias.clone());
        if let Some(gate) = gate {
            names
                .entry(code.clone())
                .or_insert_with(|| gate.text.clone());
        }
        let province = record.as_ref().and_then(province);
        let new = NewFinding {
            id: row.id,
            level: row.level,
            route: row.route,
            gate: code.clone(),
            reason: reason(record.as_ref()),
            source: row.platform.clone(),
            province: province.clone(),
            at,
        };
        let keys = [code, row.platform, province.unwrap_or_default()];
        for (counts, key) in by.iter_mut().zip(keys) {
            let (all, in_period) = counts.entry(key).or_default();
            *all += u64::from(history.holds(at));
            *in_period += u64::from(is_new);
        }
        let date = at.to_zoned_datetime(digest.zone.clone()).date();
        if let Some(day) = digest.days.iter_mut().find(|day| day.date == date) {
            day.found.count(new.level, new.route, 1);
        }
        if is_new {
            digest.new.push(new);
        }
    })?;
    digest
        .new
        .sort_by(|one, other| order(one).cmp(&order(other)));
    let [gates, sources, provinces] = by;
    digest.gates = rows(gates, &names);
    digest.sources = rows(sources, &BTreeMap::new());
    digest.provinces = rows(provinces, &BTreeMap::new());
    Ok(())
}

/// Pleas for help first, then by level, then as they came.
fn order(one: &NewFinding) -> (bool, std::cmp::Reverse<Level>, Timestamp, &str) {
    let is_plea = one.route == Route::HelpRequest;
    (!is_plea, std::cmp::Reverse(one.level), one.at, &one.id)
}

fn reason(record: Option<&Finding>) -> Sentence {
    let Some(record) = record else {
        return Sentence::default();
    };
    let assessed = &record.assessment;
    let gate = assessed.gates.first();
    gate.map_or_else(|| assessed.summary.clone(), |gate| gate.text.clone())
}

/// Of the first place in Indonesia that the text names.
fn province(record: &Finding) -> Option<String> {
    let places = record.entities.places.iter();
    let mut codes = places.filter_map(|place| place.iso_3166_2.as_ref());
    codes.find(|code| code.starts_with("ID-")).cloned()
}

/// Most first, then by key.
fn rows(counts: Counts, names: &BTreeMap<String, Sentence>) -> Vec<Row> {
    let row = |(key, (n, new)): (String, (u64, u64))| Row {
        name: names.get(&key).cloned(),
        key,
        n,
        new,
    };
    let mut rows: Vec<Row> = counts.into_iter().map(row).collect();
    rows.sort_by(|one, other| {
        let most = other.n.cmp(&one.n);
        most.then_with(|| one.key.cmp(&other.key))
    });
    rows
}

/// `all` is newest first.
fn runs(all: &[Run], digest: &mut Digest) {
    let period = digest.period;
    for run in all {
        let date = run.started_at.to_zoned_datetime(digest.zone.clone()).date();
        if let Some(day) = digest.days.iter_mut().find(|day| day.date == date) {
            day.runs += 1;
        }
    }
    for (at, run) in all.iter().enumerate() {
        if !period.holds(run.started_at) {
            continue;
        }
        let counts = run.ended.map(|(_, counts)| counts).unwrap_or_default();
        digest.runs.push(RunLine {
            id: run.id.clone(),
            began: run.started_at,
            ended: run.ended.map(|(at, _)| at),
            pages: run.summary.as_ref().map(RunSummary::pages),
            posts: counts.posts,
            findings: counts.findings,
            skips: counts.skips,
        });
        // The newest may be at work now.
        if run.ended.is_none() && at > 0 {
            let run = run.id.clone();
            digest.troubles.push(Trouble::CutOff { run });
        }
        if let Some(summary) = &run.summary {
            let before = all[at + 1..].iter().find_map(|run| run.summary.as_ref());
            told(digest, &run.id, summary, before);
        }
    }
    // What was told twice in a night is one trouble.
    let mut seen = Vec::new();
    digest.troubles.retain(|trouble| {
        let is_first = !seen.contains(trouble);
        if is_first {
            seen.push(trouble.clone());
        }
        is_first
    });
    digest.belief = belief(all, &period);
}

fn told(digest: &mut Digest, run: &str, summary: &RunSummary, before: Option<&RunSummary>) {
    digest.bytes += summary.bytes;
    digest.spared += summary.spared;
    for (why, n) in &summary.skips {
        *digest.skips.entry(why.clone()).or_default() += n;
    }
    for source in &summary.sources {
        if !source.drift.is_empty() {
            digest.troubles.push(Trouble::Drift {
                source: source.id.clone(),
                alarms: source.drift.clone(),
            });
        }
        if let Some(why) = &source.failure {
            digest.troubles.push(Trouble::Failure {
                source: source.id.clone(),
                why: why.clone(),
            });
        }
    }
    if before.is_some_and(|before| before.ruleset != summary.ruleset) {
        let run = run.to_owned();
        digest.troubles.push(Trouble::RulesChanged { run });
    }
}

/// Whether few findings mean that there was little to find.
fn belief(all: &[Run], period: &Period) -> Belief {
    let ended = all.iter().filter(|run| period.holds(run.started_at));
    let ended: Vec<&Run> = ended.filter(|run| run.ended.is_some()).collect();
    let summaries: Vec<&RunSummary> = ended
        .iter()
        .filter_map(|run| run.summary.as_ref())
        .collect();
    let mut belief = Belief {
        runs: ended.len() as u64,
        pages: summaries.iter().map(|summary| summary.pages()).sum(),
        posts: ended
            .iter()
            .filter_map(|run| run.ended)
            .map(|(_, counts)| counts.posts)
            .sum(),
        indicators: summaries
            .iter()
            .map(|one| one.indicators)
            .min()
            .unwrap_or(0),
        doubts: Vec::new(),
    };
    if ended.is_empty() {
        belief.doubts.push(Doubt::NoRun);
        return belief;
    }
    // Scans of archives fetch nothing and keep no summary.
    if !summaries.is_empty() {
        if belief.pages == 0 {
            belief.doubts.push(Doubt::NoPages);
        }
        if belief.indicators == 0 {
            belief.doubts.push(Doubt::NoRules);
        }
    }
    let known: u64 = summaries
        .iter()
        .map(|one| one.unchanged() + one.known())
        .sum();
    if belief.posts == 0 && belief.pages > 0 && known == 0 {
        belief.doubts.push(Doubt::NoPosts);
    }
    let mut given: BTreeMap<&str, u64> = BTreeMap::new();
    for source in summaries.iter().flat_map(|one| &one.sources) {
        *given.entry(&source.id).or_default() += source.posts + source.unchanged + source.known;
    }
    let silent = given.into_iter().filter(|(_, n)| *n == 0);
    if belief.pages > 0 {
        belief
            .doubts
            .extend(silent.map(|(source, _)| Doubt::Silent {
                source: source.to_owned(),
            }));
    }
    belief
}

#[cfg(test)]
mod tests;
