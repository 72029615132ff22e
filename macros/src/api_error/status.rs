//! `status = 404`: a number, the same that goes over the wire.

use proc_macro2::TokenStream;
use syn::LitInt;

use crate::args::{Named, status_of};
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
    let number = status_of(value).filter(|number| (400..=599).contains(number));
    let instead = number.map_or_else(|| EXAMPLE.to_owned(), |number| format!("status = {number}"));
    format!("`status` is a number from 400 to 599, written out: write `{instead}`")
}

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
