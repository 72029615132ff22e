//! What the program says when it has started.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Writes where the service listens and what to try.
pub(crate) fn banner(out: &mut impl Write, address: SocketAddr) -> io::Result<()> {
    let base = format!("http://{}", reachable(address));
    writeln!(out, "airports listens on {base}, its documentation is at {base}/docs/")?;
    writeln!(out, "\nTry:")?;
    for path in [
        "/airports/CDG",
        "/airports?country=FR&q=orly",
        "/airports/nearest?lat=48.8584&lon=2.2945&k=3",
        "/distance/CDG/JFK",
    ] {
        writeln!(out, "  curl -i '{base}{path}'")?;
    }
    Ok(())
}

/// `0.0.0.0` and `[::]` mean "every address of this machine", which no client can call.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(address: &str) -> String {
        let mut out = Vec::new();
        banner(&mut out, address.parse().unwrap()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_names_an_address_that_can_be_called() {
        for (address, base) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000/"),
            ("0.0.0.0:80", "http://127.0.0.1:80/"),
            ("[::]:3000", "http://[::1]:3000/"),
        ] {
            let text = text(address);
            assert_eq!(text.matches("curl ").count(), 4);
            assert_eq!(text.matches(base).count(), 5, "{text}");
        }
    }
}
