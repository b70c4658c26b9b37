//! Proxies: names are handed to them and looked up nowhere else, nothing goes
//! past them, and nothing of this machine is asked of them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use lentera::crawl::Settings;
use lentera::skip::SkipReason;

use crate::site::{Run, Setup, ad, cards, crawl_as, serve};

/// What a proxy was asked for.
type Asked = Arc<Mutex<Vec<String>>>;

/// A proxy on this machine that leads every name to `site`.
fn proxy(
    site: SocketAddr,
    speak: fn(&mut TcpStream, SocketAddr) -> io::Result<String>,
) -> (SocketAddr, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Asked::default();
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let log = Arc::clone(&log);
            std::thread::spawn(move || {
                let name = speak(&mut socket, site)?;
                log.lock().unwrap().push(name);
                Ok::<(), io::Error>(())
            });
        }
    });
    (address, asked)
}

/// Joins two lines until one of them ends.
fn join(near: &TcpStream, far: TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (near.try_clone()?, far.try_clone()?);
    std::thread::spawn(move || io::copy(&mut from, &mut to));
    let (mut from, mut to) = (far, near.try_clone()?);
    std::thread::spawn(move || io::copy(&mut from, &mut to));
    Ok(())
}

/// The server's side of SOCKS 5, names only.
fn socks(socket: &mut TcpStream, site: SocketAddr) -> io::Result<String> {
    let mut head = [0; 2];
    socket.read_exact(&mut head)?;
    socket.read_exact(&mut vec![0; usize::from(head[1])])?;
    socket.write_all(&[5, 0])?;
    let mut request = [0; 4];
    socket.read_exact(&mut request)?;
    let name = match request[3] {
        3 => {
            let mut length = [0];
            socket.read_exact(&mut length)?;
            let mut name = vec![0; usize::from(length[0])];
            socket.read_exact(&mut name)?;
            String::from_utf8_lossy(&name).into_owned()
        }
        kind => format!("an address of kind {kind}"),
    };
    socket.read_exact(&mut [0; 2])?;
    socket.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    join(socket, TcpStream::connect(site)?)?;
    Ok(name)
}

/// A plain HTTP proxy: takes whole addresses and asks the site for the path.
fn http(socket: &mut TcpStream, site: SocketAddr) -> io::Result<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let target = text.split(' ').nth(1).unwrap_or("").to_owned();
    let path = target.replacen("http://pasar.example", "", 1);
    let mut far = TcpStream::connect(site)?;
    let close = text.replacen(&target, &path, 1);
    far.write_all(
        close
            .replacen("\r\n", "\r\nConnection: close\r\n", 1)
            .as_bytes(),
    )?;
    io::copy(&mut far, socket)?;
    Ok(target)
}

async fn site() -> SocketAddr {
    let pages = [
        ("/".to_owned(), cards(&["/iklan/1"], None)),
        ("/iklan/1".to_owned(), ad("satu")),
    ];
    serve(pages.into()).await.0
}

async fn read(proxy: &str, source: Option<&str>) -> Run {
    let settings = format!("contact = 'https://lsm.example/bot'\nretries = 0\nproxy = '{proxy}'");
    let mut settings: Settings = toml::from_str(&settings).unwrap();
    // Half a second between pages, since this is nobody's own host.
    settings.delay_ms = 0;
    settings.delay_factor = 0.0;
    let setup = Setup {
        source,
        ..Setup::default()
    };
    crawl_as(settings, setup).await
}

#[tokio::test]
async fn a_socks_proxy_is_given_names_and_never_addresses() {
    let (address, asked) = proxy(site().await, socks);
    let run = read(&format!("socks5h://{address}"), None).await;
    assert_eq!(run.ids(), ["1"], "{:?}", run.skips);
    let asked = asked.lock().unwrap();
    assert!(!asked.is_empty());
    assert!(
        asked.iter().all(|name| name == "pasar.example"),
        "{asked:?}"
    );
    // Whose address it was, nobody knows; the proxy's is not it.
    let warc = String::from_utf8_lossy(&run.warc()).into_owned();
    assert!(!warc.contains("WARC-IP-Address"), "{warc}");
}

#[tokio::test]
async fn an_http_proxy_is_given_whole_addresses() {
    let (address, asked) = proxy(site().await, http);
    let run = read(&format!("http://{address}"), None).await;
    assert_eq!(run.ids(), ["1"], "{:?}", run.skips);
    let asked = asked.lock().unwrap();
    assert!(
        asked.contains(&"http://pasar.example/iklan/1".to_owned()),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_proxy_that_is_down_is_not_gone_past() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    for scheme in ["socks5h", "http"] {
        let run = read(&format!("{scheme}://{address}"), None).await;
        assert_eq!(run.tally.pages, 0);
        let told = run.skip(SkipReason::RobotsUnavailable);
        assert!(told.detail.contains("unreachable"), "{told}");
    }
}

#[tokio::test]
async fn a_proxy_is_never_asked_for_this_machine_or_network() {
    let (address, asked) = proxy(site().await, socks);
    let source = crate::site::CLASSIFIED.replace(
        "start = [\"http://pasar.example/\"]",
        "start = ['http://127.0.0.1/', 'http://[::ffff:10.0.0.1]/', 'http://0x0a000001/', \
         'http://localhost/', 'http://printer/', 'http://nas.local/', \
         'http://169.254.169.254/latest/meta-data/']",
    );
    let run = read(&format!("socks5h://{address}"), Some(&source)).await;
    assert_eq!(run.skips.len(), 7, "{:?}", run.skips);
    for skip in &run.skips {
        assert_eq!(skip.reason, SkipReason::ForbiddenAddress, "{skip}");
    }
    assert!(asked.lock().unwrap().is_empty());
}
