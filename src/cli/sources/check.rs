//! `lentera sources check`: every fault of the source definitions at once.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

use super::settings;
use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, data, takes_color, talk};
use crate::crawl::source::lint::{Code, Notice, lint};
use crate::cron::{self, Fault, FaultKind};
use crate::pipeline::Workspace;
use crate::report::inert;

pub(super) fn run(global: &Global) -> anyhow::Result<Exit> {
    let path = settings::config_path(global)?;
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Stop::new(Exit::Usage, format!("cannot read `{name}`: {error}"))
            .hint("save it as UTF-8 text")
    })?;
    let mut notices = lint(&text);
    notices.extend(cron::check(&text).into_iter().map(untimely));
    notices.sort();
    let n_errors = notices.iter().filter(|one| one.code.is_error()).count();
    if global.json {
        let lines: String = notices
            .iter()
            .map(|one| as_json(one, &name, &text))
            .collect();
        data(&lines)?;
    } else {
        let shown: String = notices
            .iter()
            .map(|one| render(one, &name, &text))
            .collect();
        data(&inert(&shown))?;
    }
    if n_errors > 0 {
        if !global.quiet {
            let n_advice = notices.len() - n_errors;
            talk(&format!("{n_errors} to correct, {n_advice} to consider"));
        }
        return Ok(Exit::CheckFailed);
    }
    // The rest of the file, such as [crawl].
    let root = path.parent().unwrap_or(&path);
    let workspace = Workspace::open(root).map_err(|error| {
        Stop::new(Exit::Usage, error).hint("correct the file and check it again")
    })?;
    if !global.quiet {
        let n = workspace.config.sources.len();
        talk(&format!(
            "{n} sources can be used; {} to consider",
            notices.len()
        ));
    }
    Ok(Exit::Success)
}

/// A cron line or zone that cannot be kept to, as any other fault.
fn untimely(fault: Fault) -> Notice {
    Notice {
        start: fault.place.start,
        end: fault.place.end,
        code: match fault.kind {
            FaultKind::Zone => Code::BadZone,
            FaultKind::Line | FaultKind::Jitter => Code::BadSchedule,
        },
        message: fault.message,
        help: Some(fault.help),
    }
}

fn as_json(notice: &Notice, name: &str, text: &str) -> String {
    let (line, column) = notice.line_and_column(text);
    let told = json!({
        "code": notice.code.as_str(),
        "is_error": notice.code.is_error(),
        "file": name,
        "line": line,
        "column": column,
        "message": notice.message,
        "help": notice.help,
    });
    format!("{told}\n")
}

fn render(notice: &Notice, name: &str, text: &str) -> String {
    let renderer = if takes_color() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let level = if notice.code.is_error() {
        Level::ERROR
    } else {
        Level::WARNING
    };
    let start = text.floor_char_boundary(notice.start);
    // Only the first line of a table that is meant as a whole.
    let end = text.floor_char_boundary(notice.end).max(start);
    let end = text[start..end].find('\n').map_or(end, |at| start + at);
    let snippet = Snippet::source(text)
        .path(name)
        .annotation(AnnotationKind::Primary.span(start..end));
    let mut report = level
        .primary_title(notice.message.as_str())
        .id(notice.code.as_str())
        .element(snippet);
    if let Some(help) = &notice.help {
        report = report.element(Level::HELP.message(help.as_str()));
    }
    format!("{}\n\n", renderer.render(&[report]))
}
