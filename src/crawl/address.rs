//! Which network addresses may be dialled.
//!
//! A page can name any address in a link or a redirect; this module is what
//! keeps the crawler from being talked into reading the machine it runs on or
//! the office network around it. Hosts named in `resolve` are the only
//! exception, and only at the address given there.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// An address that is not part of the public network.
#[derive(Debug, thiserror::Error)]
#[error("{host} leads to {address}, which is not a public address")]
pub struct Forbidden {
    /// The host as asked for.
    pub host: String,
    /// Where it leads.
    pub address: String,
}

/// Whether `ip` is outside the public network: this machine, private,
/// link-local, shared, reserved, multicast, or an IPv6 form that hides such an
/// IPv4 address.
pub fn is_forbidden(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => forbidden_v4(ip),
        IpAddr::V6(ip) => forbidden_v6(ip),
    }
}

fn forbidden_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || matches!((a, b, c), (0 | 224.., ..) | (192, 0, 0))
        || (a == 100 && b & 0xC0 == 64)
        || (a == 198 && b & 0xFE == 18)
}

fn forbidden_v6(ip: Ipv6Addr) -> bool {
    let low = |hi: u16, lo: u16| {
        let bits = u32::from(hi) << 16 | u32::from(lo);
        forbidden_v4(Ipv4Addr::from_bits(bits))
    };
    match ip.segments() {
        // Unspecified, loopback, IPv4-compatible and IPv4-mapped.
        [0, 0, 0, 0, 0, 0 | 0xFFFF, hi, lo] => low(hi, lo),
        // NAT64, and its local-use prefix.
        [0x64, 0xFF9B, 0, 0, 0, 0, hi, lo] => low(hi, lo),
        [0x64, 0xFF9B, 1, ..] => true,
        // 6to4 carries an IPv4 address.
        [0x2002, hi, lo, ..] => low(hi, lo),
        // Set aside for protocols: Teredo, benchmarks, hashes.
        [0x2001, 0..0x200, ..] => true,
        // Documentation.
        [0x2001, 0xDB8, ..] | [0x3FFF, 0..0x1000, ..] => true,
        // Only 2000::/3 is handed out for public use.
        [first, ..] => first & 0xE000 != 0x2000,
    }
}

/// Checks the address of a URL before it is dialled. A name is checked again
/// where it is resolved; a literal address is resolved by nobody, so here is
/// the only place to stop it.
///
/// # Errors
///
/// [`Forbidden`] for a literal non-public address, and for a host of `resolve`
/// on another port than the one it was given.
pub fn check(url: &Url, fixed: &BTreeMap<String, SocketAddr>) -> Result<(), Forbidden> {
    let forbidden = |address: String| Forbidden {
        host: url.host_str().unwrap_or("").to_owned(),
        address,
    };
    let ip = match url.host() {
        None => return Err(forbidden("no host".to_owned())),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        Some(Host::Domain(name)) => {
            // An explicit port wins over the resolver's, so it could reach
            // another service of this machine.
            return match (fixed.get(name), url.port()) {
                (Some(at), Some(port)) if port != at.port() => {
                    Err(forbidden(SocketAddr::new(at.ip(), port).to_string()))
                }
                _ => Ok(()),
            };
        }
    };
    if is_forbidden(ip) {
        return Err(forbidden(ip.to_string()));
    }
    Ok(())
}

/// Checks a URL that a proxy will be given. The proxy resolves its name, so a
/// name is judged as such: those that only mean something on this machine or
/// in this office are refused. Where a public name leads is for the proxy to
/// know; looking it up here would tell the network what is read.
///
/// # Errors
///
/// As [`check`], and [`Forbidden`] for a local name.
pub fn check_proxied(url: &Url) -> Result<(), Forbidden> {
    check(url, &BTreeMap::new())?;
    match url.host() {
        Some(Host::Domain(name)) if is_local_name(name) => Err(Forbidden {
            host: name.to_owned(),
            address: "a name of this machine or this network".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Whether a name means something only here: without a dot, or below a domain
/// set aside for that.
fn is_local_name(name: &str) -> bool {
    const LOCAL: [&str; 8] = [
        "localhost",
        "local",
        "localdomain",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
    ];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match name.rsplit_once('.') {
        None => true,
        Some((_, last)) => LOCAL.contains(&last) || name.ends_with(".home.arpa"),
    }
}

/// Checks who answered in the end: the address of the open connection must be
/// the one given for its host, or a public one.
///
/// # Errors
///
/// [`Forbidden`] when it is neither.
pub fn check_dialled(
    host: &str,
    remote: IpAddr,
    fixed: &BTreeMap<String, SocketAddr>,
) -> Result<(), Forbidden> {
    let expected = match fixed.get(host) {
        Some(at) => at.ip() == remote,
        None => !is_forbidden(remote),
    };
    if expected {
        return Ok(());
    }
    Err(Forbidden {
        host: host.to_owned(),
        address: remote.to_string(),
    })
}

/// The name under which a host is paced: a final dot is the same host.
pub fn host_key(url: &Url) -> &str {
    url.host_str().unwrap_or("").trim_end_matches('.')
}

/// Resolves the name of the proxy and no other: with a proxy, nothing else is
/// looked up here.
pub(super) struct ProxyResolver {
    pub(super) host: Arc<str>,
}

impl Resolve for ProxyResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = Arc::clone(&self.host);
        Box::pin(async move {
            if name.as_str() != &*host {
                let host = name.as_str().to_owned();
                let address = "a lookup past the proxy".to_owned();
                return Err(Forbidden { host, address }.into());
            }
            let found: Vec<SocketAddr> = tokio::net::lookup_host((&*host, 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Resolves names, and refuses those that lead anywhere but to the public
/// network: the address that is checked is the one that is dialled.
pub(super) struct GuardedResolver {
    pub(super) fixed: Arc<BTreeMap<String, SocketAddr>>,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let fixed = self.fixed.get(name.as_str()).copied();
        Box::pin(async move {
            if let Some(address) = fixed {
                return Ok(Box::new(std::iter::once(address)) as Addrs);
            }
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            // One private address among public ones is refused too: which one
            // is dialled is not ours to choose.
            if let Some(bad) = found.iter().find(|address| is_forbidden(address.ip())) {
                let host = host.to_owned();
                let address = bad.ip().to_string();
                return Err(Forbidden { host, address }.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_private_address_is_refused() {
        for host in [
            "127.0.0.1",
            "0x7f.1",
            "2130706433",
            "127.1",
            "0177.0.0.1",
            "１２７.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[2001::1]",
            "[2001:2::1]",
            "[3fff::1]",
            "[::ffff:0:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::ffff:169.254.169.254]",
            "[2002:a9fe:a9fe::1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "0",
            "127.0.1",
            "127.65530",
            "0x7f000001",
            "017700000001",
            "0X7F.0.0.0x1",
            "127.0.0.1.",
            "127。0。0。1",
            "①②⑦.0.0.1",
            "%31%32%37.0.0.1",
            "192.0.0.192",
            "100.127.255.254",
            "198.19.255.255",
            "240.0.0.1",
            "169.254.169.254",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
        ] {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert!(check(&url, &BTreeMap::new()).is_err(), "{host}");
        }
        for host in [
            "8.8.8.8",
            "[2a00:1450::1]",
            "[64:ff9b::808:808]",
            "172.32.0.1",
            "pasar.example",
        ] {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert!(check(&url, &BTreeMap::new()).is_ok(), "{host}");
        }
    }

    #[test]
    fn whoever_answers_in_the_end_is_looked_at_again() {
        let fixed = BTreeMap::from([("own.example".to_owned(), "127.0.0.1:8080".parse().unwrap())]);
        let check = |host: &str, ip: &str| check_dialled(host, ip.parse().unwrap(), &fixed);
        assert!(check("own.example", "127.0.0.1").is_ok());
        assert!(check("own.example", "127.0.0.2").is_err());
        assert!(check("pasar.example", "8.8.8.8").is_ok());
        // What a name that changed its mind between check and dial leads to.
        assert!(check("pasar.example", "127.0.0.1").is_err());
        assert!(check("pasar.example", "::ffff:10.0.0.1").is_err());
    }

    #[test]
    fn a_proxy_is_not_asked_for_names_of_this_machine_or_office() {
        for bad in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "printer",
            "nas.local",
            "db.internal",
            "router.lan",
            "x.home.arpa",
            "127.1",
            "[::1]",
            "10.0.0.1",
            "169.254.169.254",
        ] {
            let url = Url::parse(&format!("http://{bad}/")).unwrap();
            assert!(check_proxied(&url).is_err(), "{bad}");
        }
        for good in ["pasar.example", "pasar.example.", "8.8.8.8"] {
            let url = Url::parse(&format!("http://{good}/")).unwrap();
            assert!(check_proxied(&url).is_ok(), "{good}");
        }
    }

    #[test]
    fn spellings_of_a_host_share_its_pauses() {
        for url in [
            "http://pasar.example/",
            "https://PASAR.example./x",
            "http://p%61sar.example:8080/",
        ] {
            assert_eq!(host_key(&Url::parse(url).unwrap()), "pasar.example");
        }
    }

    #[test]
    fn a_host_at_a_fixed_address_is_reached_on_that_port_only() {
        let fixed = BTreeMap::from([(
            "pasar-kita.example".to_owned(),
            "127.0.0.1:8080".parse().unwrap(),
        )]);
        let check = |url: &str| check(&Url::parse(url).unwrap(), &fixed);
        assert!(check("http://pasar-kita.example/").is_ok());
        assert!(check("http://pasar-kita.example:8080/").is_ok());
        assert!(check("http://pasar-kita.example:22/").is_err());
    }
}
