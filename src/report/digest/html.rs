//! The digest as one page: no script, nothing loaded, readable on a phone and
//! on paper.

use std::fmt::Write as _;

use super::chart::{self, Column, FILLS};
use super::labels::{Say, kind};
use super::text::{
    doubted, ground, headline, level_heads, parts, place, reason, run_line, skips, told, traffic,
};
use super::{Day, Digest, Row, moment, province};
use crate::indicator::Lang;
use crate::report::inert::inert_line;

/// Most rows of one chart; what follows is summed up.
const MOST_ROWS: usize = 12;
/// Most findings told one by one.
const MOST_NEW: usize = 200;

const STYLE: &str = "\
:root{color-scheme:light}\
*{box-sizing:border-box}\
body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:46rem;padding:1rem;color:#1b1f24;background:#fff}\
h1{font-size:1.35rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .4rem;border-bottom:1px solid #c9d0d8;padding-bottom:.2rem}\
p{margin:.3rem 0}.faint{color:#57606a;font-size:.9rem}\
.head{font-size:1.2rem;font-weight:600;margin:.8rem 0 .3rem}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\
td,th{text-align:left;padding:.25rem .4rem .25rem 0;vertical-align:top;border-bottom:1px solid #eceff2}\
th{font-weight:600;font-size:.85rem}td.n,th.n{text-align:right;width:3.2rem}\
.f{display:grid;grid-template-columns:8.5rem 1fr;padding:.35rem 0;border-bottom:1px solid #eceff2}.f b{font-size:.85rem}\
code{font-size:.85rem}@media(max-width:34rem){.f{display:block}.f b{display:block}td.w{width:20%}}\
td.w{width:35%}svg.bar{width:100%;height:.7rem;display:block}\
svg.days{width:100%;max-height:11rem;display:block;color:#57606a}svg.days text{font-size:8px;text-anchor:middle;fill:#57606a}\
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem;margin:.3rem 0}.legend svg{width:.9rem;height:.9rem;vertical-align:-.1rem;margin-right:.3rem}\
.act{border-left:4px solid #8c1d18;padding-left:.7rem}\
.scroll{overflow-x:auto}details{margin:.3rem 0}summary{cursor:pointer;font-size:.9rem;color:#57606a}\
@media print{body{max-width:none;font-size:11pt}h2{break-after:avoid}.f,tr,svg{break-inside:avoid}details>*{display:block}}";

/// The page.
pub fn html(digest: &Digest, lang: Lang) -> String {
    let code = match lang {
        Lang::Id => "id",
        Lang::En => "en",
    };
    let title = Say::Title.get(lang);
    let (from, until) = (digest.period.from, digest.period.until);
    let span = format!(
        "{} – {}",
        moment(from, &digest.zone, lang),
        moment(until, &digest.zone, lang)
    );
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} · {span}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{}\n\
         <h1>{title}</h1>\n<p class=\"faint\">{span} · {}</p>\n",
        chart::patterns(),
        Say::NotProof.get(lang)
    );
    let mut page = Html {
        out: &mut out,
        digest,
        lang,
    };
    page.findings();
    page.troubles();
    page.belief();
    page.days();
    page.rows(Say::ByGate, &digest.gates);
    page.rows(Say::BySource, &digest.sources);
    page.rows(Say::ByProvince, &digest.provinces);
    page.runs();
    let _ = writeln!(
        out,
        "<p class=\"faint\">{}</p>\n</body>\n</html>",
        Say::WhatItIs.get(lang)
    );
    out
}

struct Html<'h> {
    out: &'h mut String,
    digest: &'h Digest,
    lang: Lang,
}

impl Html<'_> {
    fn say(&self, what: Say) -> &'static str {
        what.get(self.lang)
    }

    fn heading(&mut self, what: Say) {
        let _ = writeln!(self.out, "<h2>{}</h2>", self.say(what));
    }

    fn paragraph(&mut self, class: &str, text: &str) {
        let _ = writeln!(self.out, "<p class=\"{class}\">{}</p>", safe(text));
    }

    fn findings(&mut self) {
        let (digest, lang) = (self.digest, self.lang);
        self.paragraph("head", &headline(digest, lang));
        if !digest.new.is_empty() {
            for one in digest.new.iter().take(MOST_NEW) {
                let id: String = inert_line(&one.id).chars().take(8).collect();
                let _ = writeln!(
                    self.out,
                    "<div class=\"f\"><b>{}</b><div>{}<br><span class=\"faint\">{} · <code>{}</code></span></div></div>",
                    safe(&kind(one.level, one.route, lang)),
                    safe(&reason(one, lang)),
                    safe(&place(one)),
                    safe(&id)
                );
            }
            let more = digest.new.len().saturating_sub(MOST_NEW);
            if more > 0 {
                self.paragraph("faint", &format!("+ {more} {}", Say::More.get(lang)));
            }
            self.paragraph("faint", Say::Look.get(lang));
        }
        let all = &digest.standing;
        let mut told = format!("{}: {}", self.say(Say::Standing), all.total());
        if all.total() > 0 {
            let _ = write!(told, " ({})", parts(all, lang));
        }
        self.paragraph("", &told);
    }

    fn troubles(&mut self) {
        if self.digest.troubles.is_empty() {
            return;
        }
        self.heading(Say::Trouble);
        self.out.push_str("<div class=\"act\">\n");
        for trouble in &self.digest.troubles {
            let (what, act) = told(trouble, self.lang);
            self.paragraph("", &what);
            if let Some(act) = act {
                self.paragraph("faint", act);
            }
        }
        self.out.push_str("</div>\n");
    }

    fn belief(&mut self) {
        let belief = &self.digest.belief;
        self.heading(Say::Belief);
        self.paragraph("", &ground(belief, self.lang));
        if !belief.doubts.is_empty() {
            self.out.push_str("<div class=\"act\">\n");
            for doubt in &belief.doubts {
                self.paragraph("", &doubted(doubt, self.lang));
            }
            self.out.push_str("</div>\n");
        }
    }

    fn days(&mut self) {
        let (days, lang) = (&self.digest.days, self.lang);
        self.heading(Say::ByDay);
        let columns: Vec<Column> = days.iter().map(column).collect();
        self.out.push_str(&chart::columns(&columns));
        let mut heads = vec![
            self.say(Say::HelpRequests).to_owned(),
            self.say(Say::MissingPersons).to_owned(),
        ];
        heads.extend(level_heads(lang));
        self.out.push_str("\n<div class=\"legend\">");
        for (fill, name) in FILLS.into_iter().zip(&heads) {
            let _ = write!(
                self.out,
                "<span><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect width=\"12\" height=\"12\" fill=\"url(#{fill})\"/></svg>{}</span>",
                safe(name)
            );
        }
        let _ = writeln!(self.out, "<span>× {}</span></div>", self.say(Say::NoRunDay));
        let _ = write!(
            self.out,
            "<details><summary>{} {}</summary><div class=\"scroll\"><table><tr><th>{}</th>",
            days.len(),
            self.say(Say::Days),
            self.say(Say::Day)
        );
        heads.extend([
            self.say(Say::Total).to_owned(),
            self.say(Say::RunsOf).to_owned(),
        ]);
        for head in &heads {
            let _ = write!(self.out, "<th class=\"n\">{}</th>", safe(head));
        }
        self.out.push_str("</tr>\n");
        for day in days {
            let _ = write!(self.out, "<tr><td>{}</td>", day.date);
            let total = day.found.total();
            for n in stacked(day).into_iter().chain([total, day.runs]) {
                let _ = write!(self.out, "<td class=\"n\">{n}</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</table></div></details>\n");
    }

    fn rows(&mut self, what: Say, rows: &[Row]) {
        if rows.is_empty() {
            return;
        }
        let lang = self.lang;
        self.heading(what);
        let _ = writeln!(
            self.out,
            "<table><tr><th></th><th></th><th class=\"n\">{}</th><th class=\"n\">{} {}</th></tr>",
            self.say(Say::NewShort),
            self.digest.days.len(),
            self.say(Say::Days)
        );
        let most = rows.iter().map(|row| row.n).max().unwrap_or(1);
        for row in rows.iter().take(MOST_ROWS) {
            let _ = writeln!(
                self.out,
                "<tr><td>{}</td><td class=\"w\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                safe(&name(what, row, lang)),
                chart::bar(row.n, row.new, most),
                row.new,
                row.n
            );
        }
        self.out.push_str("</table>\n");
        let rest = &rows[rows.len().min(MOST_ROWS)..];
        if !rest.is_empty() {
            let n: u64 = rest.iter().map(|row| row.n).sum();
            self.paragraph("faint", &format!("+ {}: {n}", rest.len()));
        }
    }

    fn runs(&mut self) {
        let (digest, lang) = (self.digest, self.lang);
        self.heading(Say::Runs);
        if digest.runs.is_empty() {
            self.paragraph("", Say::NoRuns.get(lang));
        }
        for run in &digest.runs {
            self.paragraph("", &run_line(run, digest, lang));
        }
        self.paragraph("faint", &traffic(digest, lang));
        if !digest.skips.is_empty() {
            self.paragraph("faint", &skips(digest, lang));
        }
    }
}

fn name(what: Say, row: &Row, lang: Lang) -> String {
    let told = row.name.as_ref().map(|name| name.get(lang));
    match (what, row.key.as_str()) {
        (Say::ByProvince, "") => Say::NoProvince.get(lang).to_owned(),
        (_, "") => Say::NoGate.get(lang).to_owned(),
        (Say::ByProvince, code) => province::name(code).unwrap_or(code).to_owned(),
        (_, key) => match told {
            Some(name) => format!("{key} {name}"),
            None => key.to_owned(),
        },
    }
}

fn stacked(day: &Day) -> [u64; 6] {
    let [critical, high, medium, low] = day.found.alerts;
    [
        day.found.help_requests,
        day.found.missing_persons,
        critical,
        high,
        medium,
        low,
    ]
}

fn column(day: &Day) -> Column {
    // Every other name has room.
    let named = day.date.day() % 2 == 1;
    Column {
        foot: if named {
            day.date.day().to_string()
        } else {
            String::new()
        },
        parts: stacked(day),
        absent: day.runs == 0,
    }
}

/// Text as it may stand in a page: inert, and no markup.
fn safe(text: &str) -> String {
    html_escape::encode_safe(&inert_line(text)).into_owned()
}
