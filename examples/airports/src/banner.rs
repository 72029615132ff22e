//! What the program says when it has started.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use airports::keys::{Keys, Secret};
use airports::options::Options;
use tollgate::Inventory;

/// Writes where the service listens, what protects it and what to try.
pub(crate) fn banner(
    out: &mut impl Write,
    address: SocketAddr,
    upstream: &str,
    options: &Options,
    protection: &Inventory,
) -> io::Result<()> {
    let base = format!("http://{}", reachable(address));
    writeln!(out, "airports listens on {base}, its documentation is at {base}/docs/")?;
    writeln!(out, "the weather comes from {upstream}")?;
    writeln!(out, "\nProtection:")?;
    for line in protection.to_string().lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nTry:")?;
    for line in suggestions(&base, upstream, options) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn suggestions(base: &str, upstream: &str, options: &Options) -> Vec<String> {
    let demo = Keys::default();
    let reader = presented("READER_KEY", &options.keys.reader, &demo.reader);
    let editor = presented("EDITOR_KEY", &options.keys.editor, &demo.editor);
    let change = format!("curl -i -X PATCH {base}/airports/CDG --json '{{\"city\":\"Roissy-en-France\"}}'");
    let status = format!("curl -s -o /dev/null -w '%{{http_code}}\\n' {base}/airports/CDG");
    let mut lines = vec![
        format!("curl -i {base}/airports/CDG"),
        format!("curl -i '{base}/airports?country=FR&sort=-elevation&limit=3'"),
        format!("curl -i '{base}/airports/nearest?lat=48.8584&lon=2.2945&k=3'"),
        format!("{change} -H \"x-api-key: {editor}\""),
        format!("curl -i {base}/me -H \"x-api-key: {reader}\""),
        format!("curl -i {base}/airports/CDG/weather"),
        format!("curl {base}/health"),
        format!("curl {base}/limits"),
        format!("curl {base}/metrics"),
        // The limit admits ten.
        format!("for i in $(seq 11); do {status}; done"),
    ];
    if options.upstream.is_none() {
        lines.push(format!("curl -X POST '{upstream}/switch?mode=failing' # or slow, or ok"));
    }
    if options.admin_token.is_some() {
        let token = "-H \"authorization: Bearer $ADMIN_TOKEN\"";
        lines.push(format!("curl {base}/admin/inventory {token}"));
        lines.push(format!("curl {base}/admin/breakers {token}"));
        lines.push(format!("curl -i -X POST '{base}/admin/cache?tag=airports' {token}"));
    }
    lines
}

/// A key that is no secret as it is, another one by the variable that holds it: this is read over shoulders, and in logs.
fn presented(variable: &str, key: &Secret, demo: &Secret) -> String {
    if key == demo { key.expose().to_owned() } else { format!("${variable}") }
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

    fn text(address: &str, options: &Options) -> String {
        let tollgate = options.configure(Tollgate::builder()).build().unwrap();
        let protection = tollgate.inventory_of(&openapi::document(&tollgate));
        let mut out = Vec::new();
        banner(&mut out, address.parse().unwrap(), "http://127.0.0.1:4000", options, &protection).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_names_an_address_that_can_be_called() {
        for (address, base) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000/"),
            ("0.0.0.0:80", "http://127.0.0.1:80/"),
            ("[::]:3000", "http://[::1]:3000/"),
        ] {
            let text = text(address, &Options::default());
            assert_eq!(text.matches("curl ").count(), 11);
            assert_eq!(text.matches(base).count(), 11, "{text}");
        }
    }

    #[test]
    fn it_lists_what_protects_each_operation() {
        for (limits, unprotected) in [(Limits::On, 2), (Limits::Off, 5)] {
            let text = text("127.0.0.1:3000", &Options { limits, ..Options::default() });
            assert_eq!(text.matches("  GET ").count(), 7, "{text}");
            assert_eq!(text.matches("  PATCH ").count(), 1, "{text}");
            assert_eq!(text.matches("  unprotected").count(), unprotected, "{text}");
        }
    }

    #[test]
    fn it_shows_keys_for_a_demonstration_and_no_others() {
        let demo = text("127.0.0.1:3000", &Options::default());
        assert!(
            demo.contains("-H \"x-api-key: demo-editor\"") && demo.contains("-H \"x-api-key: demo-reader\"")
        );
        assert!(!demo.contains("ADMIN_TOKEN"));
        let secret = |text: &str| Secret::from(text.to_owned());
        let keys = Keys { reader: secret("read-secret"), editor: secret("edit-secret") };
        let admin_token = Some(secret("operator-secret-0"));
        let text = text("127.0.0.1:3000", &Options { keys, admin_token, ..Options::default() });
        for variable in ["$READER_KEY\"", "$EDITOR_KEY\"", "$ADMIN_TOKEN\""] {
            assert!(text.contains(variable), "{text}");
        }
        assert!(!text.contains("secret"), "{text}");
    }
}
