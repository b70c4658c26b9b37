//! `lentera schedule install`: the system's own timers, written or printed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{FormatArg, InstallArgs, plan};
use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::message::{Stop, data, talk};
use crate::cli::settings;
use crate::schedule::install::Installation;

pub(super) fn run(global: &Global, args: &InstallArgs) -> anyhow::Result<Exit> {
    let workspace = settings::workspace(global)?;
    // A timer for nothing would look as if all were well.
    plan(&workspace)?;
    let root = whole(&workspace.root)?;
    let program = whole(&settings::program()?)?;
    let name = args
        .name
        .clone()
        .unwrap_or_else(|| Installation::name_for(&root));
    let made = Installation {
        name: &name,
        program: &program,
        workspace: &root,
        every: args.every,
    };
    match args.format {
        FormatArg::Crontab => {
            data(&made.crontab())?;
            advise(
                global,
                "add the line with `crontab -e`; nothing was changed",
            );
        }
        FormatArg::TaskScheduler => {
            data(&made.task())?;
            let how = format!(
                "save it as lentera-{name}.xml, then `schtasks /Create /TN \"Lentera {name}\" /XML lentera-{name}.xml`; nothing was changed"
            );
            advise(global, &how);
        }
        FormatArg::Systemd if args.print => {
            let (service, timer) = (made.service(), made.timer());
            data(&format!(
                "## lentera-{name}.service\n{service}\n## lentera-{name}.timer\n{timer}"
            ))?;
        }
        FormatArg::Systemd => {
            write(global, &settings::units()?, &made)?;
            advise(global, &next(&name));
        }
    }
    Ok(Exit::Success)
}

fn advise(global: &Global, how: &str) {
    if !global.quiet {
        talk(how);
    }
}

/// What to type once the units are there.
fn next(name: &str) -> String {
    let mut out = format!(
        "begin with:\n  systemctl --user daemon-reload\n  systemctl --user enable --now lentera-{name}.timer\n"
    );
    let _ = write!(
        out,
        "so that it also runs while nobody is logged in: loginctl enable-linger\n\
         see it with: systemctl --user list-timers, journalctl --user -u lentera-{name}\n\
         end with: systemctl --user disable --now lentera-{name}.timer"
    );
    out
}

/// Writes the units; those of another workspace are left as they are.
fn write(global: &Global, dir: &Path, made: &Installation<'_>) -> anyhow::Result<()> {
    let failed = |path: &Path, error: &std::io::Error| {
        Stop::new(
            Exit::Usage,
            format!("cannot write `{}`: {error}", path.display()),
        )
        .hint("see what would be written with `lentera schedule install --print`")
    };
    std::fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let service = dir.join(format!("lentera-{}.service", made.name));
    let is_other = std::fs::read_to_string(&service).is_ok_and(|text| {
        let start = |text: &str| {
            text.lines()
                .find(|line| line.starts_with("ExecStart="))
                .map(str::to_owned)
        };
        let here = start(&made.service()).unwrap_or_default();
        // The program may have moved; the workspace has not.
        let place = |line: &str| line.split_once(" -C ").map(|(_, place)| place.to_owned());
        start(&text).as_deref().and_then(place) != place(&here)
    });
    if is_other {
        let what = format!("`{}` is there for another workspace", service.display());
        return Err(Stop::new(Exit::Usage, what)
            .hint("give this one another name with `--name NAME`")
            .into());
    }
    let timer = dir.join(format!("lentera-{}.timer", made.name));
    for (path, text) in [(&service, made.service()), (&timer, made.timer())] {
        std::fs::write(path, text).map_err(|error| failed(path, &error))?;
        advise(global, &format!("wrote `{}`", path.display()));
    }
    Ok(())
}

/// The whole path, in a form that every timer can hold.
fn whole(path: &Path) -> anyhow::Result<PathBuf> {
    let whole = path.canonicalize().map_err(|error| {
        Stop::new(
            Exit::Usage,
            format!("cannot use `{}`: {error}", path.display()),
        )
        .hint("name a folder that is there with `-C DIR`")
    })?;
    let text = whole.to_str();
    if text.is_none_or(|text| text.chars().any(char::is_control)) {
        let what = format!(
            "`{}` has signs in it that no timer can hold",
            path.display()
        );
        return Err(Stop::new(Exit::Usage, what)
            .hint("give the folder a name of plain letters")
            .into());
    }
    Ok(whole)
}
