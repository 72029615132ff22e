//! `vary = ["accept-language"]`: the fields of a request that an answer depends on.

use syn::LitStr;

use crate::args::{Named, is_field_name, nearest};
use crate::errors::Errors;

const EXAMPLE: &str = "vary = [\"accept-language\"]";

/// Fields that a typing slip is compared with.
const KNOWN: &[&str] =
    &["accept", "accept-language", "accept-encoding", "accept-charset", "origin", "user-agent"];

/// Their names, in the lower case that HTTP compares them in.
pub(super) fn parse(named: &Named, errors: &Errors) -> Vec<LitStr> {
    let mut fields: Vec<LitStr> = Vec::new();
    for text in named.texts(EXAMPLE, errors).unwrap_or_default() {
        let name = text.value().to_ascii_lowercase();
        if let Some(why) = fault(&name) {
            errors.at(&text, why);
        } else if fields.iter().any(|other| other.value() == name) {
            errors.at(&text, format!("`{name}` stands in this list twice: keep one"));
        }
        fields.push(LitStr::new(&name, text.span()));
    }
    fields
}

/// What is wrong with it.
fn fault(name: &str) -> Option<String> {
    if name.trim() == "*" {
        return Some(format!(
            "an answer that depends on everything is never the same twice: name the fields, as in `{EXAMPLE}`"
        ));
    }
    let pieces: Vec<_> = name.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    if pieces.len() > 1 && pieces.iter().all(|piece| is_field_name(piece)) {
        return Some(format!("these are several fields in one text: write `vary = {pieces:?}`"));
    }
    if !is_field_name(name) {
        let joined = name.split_whitespace().collect::<Vec<_>>().join("-").replace('_', "-");
        let near = Some(joined.as_str()).filter(|joined| is_field_name(joined));
        let instead = near.map_or_else(|| EXAMPLE.to_owned(), |name| format!("{name:?}"));
        return Some(format!("{name:?} is no name of a header field: write `{instead}`"));
    }
    match name {
        "authorization" | "cookie" | "proxy-authorization" => Some(format!(
            "answers are kept for each principal, and `{name}` is how one proves who it is: take it away; where the answer is for everybody, \
             write `public`"
        )),
        "host" | ":authority" => Some("the host is told apart anyhow: take it away".to_owned()),
        "set-cookie" | "vary" | "cache-control" | "etag" | "age" | "content-type" => Some(format!(
            "`{name}` says nothing about what is asked for: name the fields that the answer depends on, as in `{EXAMPLE}`"
        )),
        _ => misspelt(name),
    }
}

/// `accept-langauge` would be no error of HTTP's, and a cache that tells nobody apart.
fn misspelt(name: &str) -> Option<String> {
    let dashed = name.replace('_', "-");
    let near =
        nearest(&dashed, KNOWN.iter().copied()).filter(|near| *near != name && !name.starts_with("x-"))?;
    Some(format!("`{name}` is no field that clients send: did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_are_taken() {
        for name in [
            "accept",
            "accept-language",
            "accept-encoding",
            "x-tenant",
            "user-agent",
            "origin",
            "dnt",
            "sec-ch-ua",
        ] {
            assert_eq!(fault(name), None, "{name}");
        }
    }

    #[test]
    fn what_tells_nobody_apart_is_refused_with_what_to_write() {
        let cases = [
            ("*", "name the fields"),
            ("", "is no name of a header field"),
            ("accept language", "write `\"accept-language\"`"),
            ("accept, accept-language", "write `vary = [\"accept\", \"accept-language\"]`"),
            ("accept_language", "did you mean `accept-language`?"),
            ("accept-langauge", "did you mean `accept-language`?"),
            ("cookie", "take it away"),
            ("authorization", "write `public`"),
            ("host", "told apart anyhow"),
            ("set-cookie", "says nothing"),
            ("sprache\u{e9}", "is no name"),
        ];
        for (name, expected) in cases {
            let message = fault(name).unwrap();
            assert!(message.contains(expected), "{name}: {message}");
        }
    }
}
