//! What makes the system look every few minutes whether something is due:
//! systemd, cron, Task Scheduler. Only text is made here.
//!
//! The times themselves stay in `lentera.toml`: the system only asks, so zones,
//! delays and times that were missed are settled in one place.

use std::path::Path;

/// Minutes between two looks of which an hour has a whole number.
pub const EVERY: [u32; 8] = [5, 10, 12, 15, 20, 30, 60, 1];

/// What is to be run, and how often.
#[derive(Clone, Debug)]
pub struct Installation<'i> {
    /// What tells this workspace from others: letters, digits and hyphens.
    pub name: &'i str,
    /// The program, with its whole path.
    pub program: &'i Path,
    /// The workspace, with its whole path.
    pub workspace: &'i Path,
    /// Minutes between two looks, one of [`EVERY`].
    pub every: u32,
}

impl Installation<'_> {
    /// A name for a folder: what of its own name fits into one.
    pub fn name_for(workspace: &Path) -> String {
        let folder = workspace.file_name().unwrap_or_default().to_string_lossy();
        let plain = |ch: char| {
            if ch.is_ascii_alphanumeric() {
                ch.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let name: String = folder.chars().map(plain).collect();
        let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
        let name = parts.join("-");
        if name.is_empty() {
            "workspace".to_owned()
        } else {
            name
        }
    }

    /// `lentera-NAME.service`.
    pub fn service(&self) -> String {
        let program = systemd(&self.program.to_string_lossy());
        let workspace = systemd(&self.workspace.to_string_lossy());
        format!(
            "# Made by `lentera schedule install`.\n\
             [Unit]\n\
             Description=Lentera: read what is due ({name})\n\
             \n\
             [Service]\n\
             Type=oneshot\n\
             ExecStart={program} -C {workspace} schedule run --once\n\
             # 4: some input could not be read; 130: asked to end. Both kept what they found.\n\
             SuccessExitStatus=4 130\n\
             # Long enough to finish the page that is being fetched.\n\
             TimeoutStopSec=120\n\
             Nice=10\n",
            name = self.name
        )
    }

    /// `lentera-NAME.timer`.
    pub fn timer(&self) -> String {
        let minutes = match self.every {
            60 => "00".to_owned(),
            every => format!("00/{every}"),
        };
        format!(
            "# Made by `lentera schedule install`.\n\
             [Unit]\n\
             Description=Lentera: look every {every} minutes whether something is due ({name})\n\
             \n\
             [Timer]\n\
             OnCalendar=*:{minutes}\n\
             Persistent=true\n\
             \n\
             [Install]\n\
             WantedBy=timers.target\n",
            every = self.every,
            name = self.name
        )
    }

    /// A line for `crontab -e`.
    pub fn crontab(&self) -> String {
        let minutes = match self.every {
            60 => "0".to_owned(),
            1 => "*".to_owned(),
            every => format!("*/{every}"),
        };
        let program = cron(&self.program.to_string_lossy());
        let workspace = cron(&self.workspace.to_string_lossy());
        format!("{minutes} * * * * {program} -q -C {workspace} schedule run --once\n")
    }

    /// A task for Windows, as XML.
    pub fn task(&self) -> String {
        let program = xml(&self.program.to_string_lossy());
        let workspace = xml(&windows(&self.workspace.to_string_lossy()));
        format!(
            r#"<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Lentera: read what is due ({name})</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <Repetition>
        <Interval>PT{every}M</Interval>
        <Duration>P1D</Duration>
      </Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{program}</Command>
      <Arguments>-q -C {workspace} schedule run --once</Arguments>
    </Exec>
  </Actions>
</Task>
"#,
            name = self.name,
            every = self.every
        )
    }
}

/// A word of a command line in a unit file.
fn systemd(text: &str) -> String {
    let mut out = String::from("\"");
    for ch in text.chars() {
        match ch {
            '"' | '\\' => out.extend(['\\', ch]),
            // Specifiers and variables.
            '%' | '$' => out.extend([ch, ch]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ => out.push(ch),
        }
    }
    out.push('"');
    out
}

/// A word for the shell of a crontab, in which `%` ends a line.
fn cron(text: &str) -> String {
    let quoted = text.replace('\'', r"'\''").replace('%', r"'\%'");
    format!("'{quoted}'")
}

/// A word of a Windows command line.
fn windows(text: &str) -> String {
    // No path holds a quote there; a backslash before the last one would.
    let end = text.len() - text.trim_end_matches('\\').len();
    format!("\"{text}{}\"", "\\".repeat(end))
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
