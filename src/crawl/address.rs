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
        // 6to4 carries an IPv4 address; Teredo hides one behind a relay.
        [0x2002, hi, lo, ..] => low(hi, lo),
        [0x2001, 0, ..] => true,
        // Documentation.
        [0x2001, 0xDB8, ..] => true,
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
