//! Certificates: a site that does not show who it is, is not read, and what is
//! wrong with its certificate is told.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use lentera::crawl::Settings;
use lentera::skip::{Skip, SkipReason};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::site::{Run, Setup, crawl_as};

/// An invented authority.
struct Authority {
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let der = params.self_signed(&key).unwrap().der().to_vec();
    let issuer = Issuer::new(params, key);
    Authority { der, issuer }
}

/// Serves one advertisement behind a certificate for `name`.
fn serve(authority: &Authority, name: &str, expires: i32) -> SocketAddr {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(expires, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority.issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut line = StreamOwned::new(connection, socket);
            let mut request = [0; 4096];
            // Who does not like the certificate hangs up here.
            let Ok(n) = line.read(&mut request) else {
                continue;
            };
            let (status, body) = if request[..n].starts_with(b"GET /robots.txt") {
                ("404 Not Found", "")
            } else if request[..n].starts_with(b"GET /iklan/1") {
                ("200 OK", "<h1>Kos</h1><div class=isi>putri</div>")
            } else {
                ("200 OK", "<a class=judul href=/iklan/1>x</a>")
            };
            let length = body.len();
            let _ = write!(
                line,
                "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\
                 Connection: close\r\n\r\n{body}"
            );
            line.conn.send_close_notify();
            let _ = line.flush();
        }
    });
    address
}

async fn read(address: SocketAddr, trusted: Vec<Vec<u8>>) -> Run {
    let mut settings = Settings {
        delay_ms: 0,
        retries: 0,
        trusted,
        ..Settings::default()
    };
    settings.resolve.insert("pasar.example".to_owned(), address);
    let source = crate::site::CLASSIFIED.replace("http://pasar", "https://pasar");
    let setup = Setup {
        source: Some(&source),
        ..Setup::default()
    };
    crawl_as(settings, setup).await
}

fn told(run: &Run) -> &Skip {
    assert_eq!(run.ids(), [""; 0]);
    run.skip(SkipReason::BadCertificate)
}

#[tokio::test]
async fn a_site_that_shows_who_it_is_is_read() {
    let authority = authority("satu");
    let address = serve(&authority, "pasar.example", 2120);
    let run = read(address, vec![authority.der]).await;
    assert_eq!(run.ids(), ["1"], "{:?}", run.skips);
}

#[tokio::test]
async fn an_expired_certificate_is_named() {
    let authority = authority("satu");
    let address = serve(&authority, "pasar.example", 2021);
    let run = read(address, vec![authority.der]).await;
    assert!(told(&run).detail.contains("has expired"), "{:?}", run.skips);
}

#[tokio::test]
async fn a_certificate_for_another_host_is_named() {
    let authority = authority("satu");
    let address = serve(&authority, "lain.example", 2120);
    let run = read(address, vec![authority.der]).await;
    let told = told(&run);
    assert!(told.detail.contains("for another host"), "{told}");
    assert_eq!(told.subject, "https://pasar.example/");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_named() {
    let address = serve(&authority("satu"), "pasar.example", 2120);
    let run = read(address, vec![authority("dua").der]).await;
    assert!(told(&run).detail.contains("nobody"), "{:?}", run.skips);
}
