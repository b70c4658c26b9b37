//! `lentera demo` and `lentera init`: workspaces to begin with.

use std::path::Path;

use super::args::Global;
use super::crawl;
use super::exit::Exit;
use super::message::{Stop, data, talk};
use crate::demo::{FixtureSite, Served};
use crate::pipeline::{Workspace, WorkspaceError};

/// `lentera.toml` of the demonstration.
const DEMO: &str = include_str!("../../fixtures/demo.toml");
/// `lentera.toml` of a new workspace, with an example of each kind of source.
const TEMPLATE: &str = include_str!("init.toml");

/// Makes a workspace.
pub(super) fn init(dir: &Path) -> anyhow::Result<Exit> {
    let workspace = Workspace::create(dir, TEMPLATE).map_err(|error| {
        let hint = match error {
            WorkspaceError::Exists(_) => "edit its lentera.toml, or choose another folder",
            _ => "choose a folder that can be written",
        };
        Stop::new(Exit::Usage, error).hint(hint)
    })?;
    let config = workspace.root.join(crate::pipeline::CONFIG);
    talk(&format!(
        "made a workspace; next: describe a source in `{}`, then `lentera crawl`",
        config.display()
    ));
    Ok(Exit::Success)
}

/// Serves the invented sites on this machine and crawls them as any source.
pub(super) fn run(global: &Global, dir: &Path) -> anyhow::Result<Exit> {
    let workspace = match Workspace::open(dir) {
        Ok(workspace) => {
            talk(&format!(
                "using the workspace `{}` of an earlier demonstration",
                dir.display()
            ));
            workspace
        }
        Err(WorkspaceError::Missing { .. }) => {
            Workspace::create(dir, DEMO).map_err(|error| Stop::new(Exit::Usage, error))?
        }
        Err(error) => return Err(Stop::new(Exit::Usage, error).into()),
    };
    let sites = FixtureSite::all().map_err(|error| Stop::new(Exit::Usage, error))?;
    if !global.quiet {
        talk(&format!(
            "serving {} invented sites on this machine; everything in them is made up",
            sites.len()
        ));
    }
    // Threads of its own: the crawl must not share anything with the server.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Stop::new(Exit::Usage, format!("cannot start: {error}")))?;
    let served = runtime.block_on(Served::start(sites)).map_err(|error| {
        Stop::new(
            Exit::Usage,
            format!("no free port on this machine: {error}"),
        )
    })?;
    let mut settings = workspace.config.crawl.clone();
    settings.resolve.clone_from(&served.resolve);
    let report = crawl::crawl(
        global,
        &workspace,
        workspace.config.sources.clone(),
        settings,
        false,
    )?;
    runtime
        .block_on(served.stop())
        .map_err(|error| Stop::new(Exit::Usage, format!("the sites failed: {error}")))?;
    crawl::tell(global, &report, false)?;
    if !global.json {
        data(&next(
            dir,
            report.findings.first().map(|finding| finding.id.as_str()),
        ))?;
    }
    // The sites hold faults on purpose; only a source that ended early is one.
    Ok(match crawl::exit(&report) {
        Exit::Input if report.failures.is_empty() => Exit::Success,
        exit => exit,
    })
}

/// What to try next.
fn next(dir: &Path, id: Option<&str>) -> String {
    let dir = dir.display();
    let id = id.map_or("ID", |id| &id[..8.min(id.len())]);
    format!(
        "\nnext:\n  lentera -C {dir} findings list --lang en\n  lentera -C {dir} findings show {id} --lang en\n  \
         lentera -C {dir} findings show {id} --json\n  lentera rules explain C1 --text \"paspor disimpan agen\"\n  \
         lentera demo {dir}            # again: nothing is new, and it says so\n"
    )
}
