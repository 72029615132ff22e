//! What the program says when it has started.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tollgate::Inventory;

/// Writes where the service listens, what protects it and what to try.
pub(crate) fn banner(out: &mut impl Write, address: SocketAddr, protection: &Inventory) -> io::Result<()> {
    let base = format!("http://{}", reachable(address));
    writeln!(out, "airports listens on {base}, its documentation is at {base}/docs/")?;
    writeln!(out, "\nProtection:")?;
    for line in protection.to_string().lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nTry:")?;
    for path in
        ["/airports/CDG", "/airports?country=FR&q=orly", "/airports/nearest?lat=48.8584&lon=2.2945&k=3"]
    {
        writeln!(out, "  curl -i '{base}{path}'")?;
    }
    writeln!(out, "  curl -i -X PATCH '{base}/airports/CDG' --json '{{\"city\":\"Roissy-en-France\"}}'")?;
    // The limit admits ten.
    let status = format!("curl -s -o /dev/null -w '%{{http_code}}\\n' {base}/airports/CDG");
    writeln!(out, "  for i in $(seq 11); do {status}; done")
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
    use airports::openapi;
    use airports::options::Limits;
    use tollgate::Tollgate;

    use super::*;

    fn text(address: &str, limits: Limits) -> String {
        let tollgate = limits.configure(Tollgate::builder()).build().unwrap();
        let protection = tollgate.inventory_of(&openapi::document(&tollgate));
        let mut out = Vec::new();
        banner(&mut out, address.parse().unwrap(), &protection).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_names_an_address_that_can_be_called() {
        for (address, base) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000/"),
            ("0.0.0.0:80", "http://127.0.0.1:80/"),
            ("[::]:3000", "http://[::1]:3000/"),
        ] {
            let text = text(address, Limits::On);
            assert_eq!(text.matches("curl ").count(), 5);
            assert_eq!(text.matches(base).count(), 6, "{text}");
        }
    }

    #[test]
    fn it_lists_what_protects_each_operation() {
        for (limits, unprotected) in [(Limits::On, 1), (Limits::Off, 3)] {
            let text = text("127.0.0.1:3000", limits);
            assert_eq!(text.matches("  GET ").count(), 4, "{text}");
            assert_eq!(text.matches("  PATCH ").count(), 1, "{text}");
            assert_eq!(text.matches("  unprotected\n").count(), unprotected, "{text}");
        }
    }
}
