//! A PostgreSQL of the test's own, to be killed and started, and a line to it
//! that can be cut.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use postgres::{Client, NoTls};

/// A server with its own data, on a port of this machine.
pub(super) struct Cluster {
    dir: tempfile::TempDir,
    programs: PathBuf,
    pub(super) address: SocketAddr,
}

impl Cluster {
    /// `None` where PostgreSQL is not installed; said once, by [`programs`].
    pub(super) fn start() -> Option<Self> {
        let programs = programs()?;
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let cluster = Self {
            dir: tempfile::tempdir().unwrap(),
            programs,
            address: free.local_addr().unwrap(),
        };
        drop(free);
        if is_root() {
            run(Command::new("chown")
                .arg("postgres")
                .arg(cluster.dir.path()));
        }
        run(cluster
            .program("initdb")
            .args(["-A", "trust", "-U", "postgres", "--no-sync"]));
        cluster.begin();
        Some(cluster)
    }

    /// It refuses to be run by the one who may do everything.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .arg("-D")
            .arg(self.data())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Starts it, as often as that takes: what a killed one left must go first.
    pub(super) fn begin(&self) {
        let options = format!("-h 127.0.0.1 -p {} -k ''", self.address.port());
        for _ in 0..50 {
            let mut start = self.program("pg_ctl");
            let log = self.dir.path().join("log");
            let start = start
                .args(["-w", "-o", &options, "-l"])
                .arg(log)
                .arg("start");
            if start.status().unwrap().success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("PostgreSQL does not start");
    }

    /// Ends it as a power cut would.
    pub(super) fn stop_at_once(&self) {
        run(self.program("pg_ctl").args(["-m", "immediate", "stop"]));
    }

    /// Kills its first process; the others notice.
    pub(super) fn kill(&self) {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        signal(pid.lines().next().unwrap(), "KILL");
    }

    pub(super) fn client(&self) -> Client {
        let url = format!("postgres://postgres@{}/postgres", self.address);
        Client::connect(&url, NoTls).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // One that does not run needs no end.
        let _ = self
            .program("pg_ctl")
            .args(["-m", "immediate", "stop"])
            .status();
    }
}

/// Sends a signal to a process that the test started.
pub(super) fn signal(pid: &str, name: &str) {
    run(Command::new("kill").args([&format!("-{name}"), pid]));
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

#[expect(clippy::print_stderr, reason = "a test that cannot be run says so")]
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let programs = versions.into_iter().flatten().flatten();
    let programs = programs.map(|version| version.path().join("bin"));
    let found = programs.filter(|dir| has_server(dir)).max();
    if found.is_none() {
        eprintln!("passed over: no PostgreSQL below /usr/lib/postgresql");
    }
    found
}

fn has_server(dir: &Path) -> bool {
    dir.join("initdb").is_file() && dir.join("pg_ctl").is_file()
}

const OPEN: u8 = 0;
const SILENT: u8 = 1;
const CUT: u8 = 2;

/// A way to a server that can fall silent or be cut.
pub(super) struct Way {
    pub(super) address: SocketAddr,
    mode: Arc<AtomicU8>,
}

impl Way {
    pub(super) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mode = Arc::new(AtomicU8::new(OPEN));
        let state = Arc::clone(&mode);
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let state = Arc::clone(&state);
                std::thread::spawn(move || {
                    while state.load(Ordering::Relaxed) == SILENT {
                        std::thread::sleep(Duration::from_millis(20));
                    }
                    // A server that is down breaks the line.
                    let _ = join(&near, server, &state);
                });
            }
        });
        Self { address, mode }
    }

    pub(super) fn open(&self) {
        self.mode.store(OPEN, Ordering::Relaxed);
    }

    /// Nothing goes through, and nobody is told.
    pub(super) fn silence(&self) {
        self.mode.store(SILENT, Ordering::Relaxed);
    }

    /// Lines break, and new ones are refused.
    pub(super) fn cut(&self) {
        self.mode.store(CUT, Ordering::Relaxed);
    }
}

fn join(near: &TcpStream, server: SocketAddr, mode: &Arc<AtomicU8>) -> std::io::Result<()> {
    if mode.load(Ordering::Relaxed) == CUT {
        return near.shutdown(Shutdown::Both);
    }
    let far = TcpStream::connect(server)?;
    let (near_too, far_too, mode_too) = (near.try_clone()?, far.try_clone()?, Arc::clone(mode));
    std::thread::spawn(move || pass(far_too, near_too, &mode_too));
    pass(near.try_clone()?, far, mode);
    Ok(())
}

/// Passes bytes on until one side ends or the way is cut.
fn pass(mut from: TcpStream, mut to: TcpStream, mode: &AtomicU8) {
    let _ = from.set_read_timeout(Some(Duration::from_millis(20)));
    let mut bytes = [0; 16 << 10];
    loop {
        match mode.load(Ordering::Relaxed) {
            CUT => break,
            SILENT => {
                std::thread::sleep(Duration::from_millis(20));
                continue;
            }
            _ => {}
        }
        match from.read(&mut bytes) {
            Ok(0) => break,
            Ok(n) => {
                if to.write_all(&bytes[..n]).is_err() {
                    break;
                }
            }
            Err(error) if is_only_late(&error) => {}
            Err(_) => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn is_only_late(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    matches!(error.kind(), TimedOut | WouldBlock)
}
