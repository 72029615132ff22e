//! What the program says when it has started.

use std::io::{self, Write};
use std::net::SocketAddr;

use tollgate::Inventory;

const ADA: &str = r#"{"email":"ada@example.com","name":"Ada Lovelace","password":"correct horse"}"#;

/// Writes where the service listens, what protects it and what to try.
pub(crate) fn banner(out: &mut impl Write, address: SocketAddr, protection: &Inventory) -> io::Result<()> {
    let base = format!("http://{address}");
    writeln!(out, "users listens on {base}, its documentation is at {base}/docs/")?;
    writeln!(out, "\nProtection:")?;
    for line in protection.to_string().lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nTry:")?;
    for line in [
        format!("curl -i {base}/users --json '{ADA}'"),
        format!("curl -i {base}/users/1"),
        format!("curl -i -X PATCH {base}/users/1 --json '{{\"name\":\"Ada King\"}}'"),
        format!("curl -i '{base}/users?sort=-name&per_page=10'"),
        format!("curl -i -X DELETE {base}/users/1"),
    ] {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tollgate::Tollgate;
    use users::openapi;

    use super::*;

    #[test]
    fn it_lists_every_operation_and_what_to_try() {
        let tollgate = Tollgate::builder().build().unwrap();
        let mut out = Vec::new();
        let protection = tollgate.inventory_of(&openapi::document(&tollgate));
        banner(&mut out, ([127, 0, 0, 1], 3001).into(), &protection).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("rate_limited (100 per minute by ip)").count(), 5, "{text}");
        assert_eq!(text.matches("curl ").count(), 5, "{text}");
        assert_eq!(text.matches("http://127.0.0.1:3001/").count(), 6, "{text}");
    }
}
