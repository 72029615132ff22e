//! `status = 404`: a number, the same that goes over the wire.

use proc_macro2::TokenStream;
use syn::{Ident, LitInt, Path};

use crate::args::{Named, quoted};
use crate::errors::Errors;

const EXAMPLE: &str = "status = 404";

/// The status, where it is that of an error.
pub(super) fn parse(named: &Named, errors: &Errors) -> Option<u16> {
    let value = named.value(EXAMPLE, errors)?;
    let literal = syn::parse2::<LitInt>(value.clone()).ok();
    let Some(number) = literal.and_then(|literal| literal.base10_parse::<u32>().ok()) else {
        errors.at(value, no_number(value));
        return None;
    };
    let status = u16::try_from(number).ok().filter(|status| (400..=599).contains(status));
    if status.is_none() {
        errors.at(
            value,
            format!("{number} is the status of no error: write one from 400 to 599, as in `{EXAMPLE}`"),
        );
    }
    status
}

fn no_number(value: &TokenStream) -> String {
    let word = quoted(value).or_else(|| last_word(value)).unwrap_or_default();
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let number =
        digits.parse().ok().filter(|number| (400..=599).contains(number)).or_else(|| number_of(&word));
    let instead = number.map_or_else(|| EXAMPLE.to_owned(), |number| format!("status = {number}"));
    format!("`status` is a number from 400 to 599, written out: write `{instead}`")
}

/// `NOT_FOUND` of `StatusCode::NOT_FOUND`.
fn last_word(value: &TokenStream) -> Option<String> {
    let path = syn::parse2::<Path>(value.clone()).ok()?;
    path.segments.last().map(|segment| Ident::to_string(&segment.ident))
}

/// By its name in `http::StatusCode`, in whatever case.
fn number_of(word: &str) -> Option<u16> {
    let letters =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let word = letters(word);
    NAMES.iter().find(|(name, _)| letters(name) == word).map(|(_, number)| *number)
}

const NAMES: &[(&str, u16)] = &[
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("NOT_ACCEPTABLE", 406),
    ("PROXY_AUTHENTICATION_REQUIRED", 407),
    ("REQUEST_TIMEOUT", 408),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("LENGTH_REQUIRED", 411),
    ("PRECONDITION_FAILED", 412),
    ("PAYLOAD_TOO_LARGE", 413),
    ("CONTENT_TOO_LARGE", 413),
    ("URI_TOO_LONG", 414),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("RANGE_NOT_SATISFIABLE", 416),
    ("EXPECTATION_FAILED", 417),
    ("IM_A_TEAPOT", 418),
    ("MISDIRECTED_REQUEST", 421),
    ("UNPROCESSABLE_ENTITY", 422),
    ("UNPROCESSABLE_CONTENT", 422),
    ("LOCKED", 423),
    ("FAILED_DEPENDENCY", 424),
    ("TOO_EARLY", 425),
    ("UPGRADE_REQUIRED", 426),
    ("PRECONDITION_REQUIRED", 428),
    ("TOO_MANY_REQUESTS", 429),
    ("REQUEST_HEADER_FIELDS_TOO_LARGE", 431),
    ("UNAVAILABLE_FOR_LEGAL_REASONS", 451),
    ("INTERNAL_SERVER_ERROR", 500),
    ("INTERNAL_ERROR", 500),
    ("INTERNAL", 500),
    ("NOT_IMPLEMENTED", 501),
    ("BAD_GATEWAY", 502),
    ("SERVICE_UNAVAILABLE", 503),
    ("GATEWAY_TIMEOUT", 504),
    ("HTTP_VERSION_NOT_SUPPORTED", 505),
    ("INSUFFICIENT_STORAGE", 507),
    ("LOOP_DETECTED", 508),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_in_other_words_is_recognised() {
        let cases = [
            ("StatusCode::NOT_FOUND", "status = 404"),
            ("axum::http::StatusCode::CONFLICT", "status = 409"),
            ("not_found", "status = 404"),
            ("NotFound", "status = 404"),
            ("\"503\"", "status = 503"),
            ("\"503 Service Unavailable\"", "status = 503"),
            ("\"Service Unavailable\"", "status = 503"),
            ("\"200\"", EXAMPLE),
            ("-404", EXAMPLE),
            ("404.0", EXAMPLE),
            ("Strange", EXAMPLE),
        ];
        for (source, instead) in cases {
            let message = no_number(&source.parse().unwrap());
            assert!(message.ends_with(&format!("write `{instead}`")), "{source}: {message}");
        }
    }
}
