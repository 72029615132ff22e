//! `charge_on = [401, 403]`: the statuses that count.

use proc_macro2::{Delimiter, TokenStream};
use quote::quote;
use syn::{ExprRange, LitInt};

use crate::args::{Named, inside, quoted, spelling, split, status_of};
use crate::errors::Errors;

const EXAMPLE: &str = "charge_on = [401, 403]";

/// The statuses after which a request is charged, each once.
pub(super) struct ChargeOn(Vec<u16>);

impl ChargeOn {
    pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        let value = named.value(EXAMPLE, errors)?;
        let Some(list) = inside(value, Delimiter::Bracket) else {
            errors.at(value, no_list(value));
            return None;
        };
        let elements = split(list);
        if elements.is_empty() {
            errors.at(value, format!("an empty list charges nobody: write `{EXAMPLE}`, or take `charge_on` away to charge every request"));
            return None;
        }
        let mut statuses = Vec::new();
        for element in &elements {
            let Some(status) = status(element, errors) else { continue };
            if statuses.contains(&status) {
                errors.at(element, format!("{status} stands in this list twice: keep one"));
            }
            statuses.push(status);
        }
        (statuses.len() == elements.len()).then_some(Self(statuses))
    }

    pub(super) fn emit(&self) -> TokenStream {
        let Self(statuses) = self;
        quote!(.charge_on(&[#(#statuses),*]))
    }
}

fn status(element: &TokenStream, errors: &Errors) -> Option<u16> {
    let number = syn::parse2::<LitInt>(element.clone()).ok().map(|literal| literal.base10_parse::<u32>());
    let Some(number) = number else {
        errors.at(element, no_number(element));
        return None;
    };
    let status = number.ok().and_then(|number| u16::try_from(number).ok());
    let status = status.filter(|status| (100..=599).contains(status));
    if status.is_none() {
        errors.at(
            element,
            format!("{} is no status: write one from 100 to 599, as in `{EXAMPLE}`", spelling(element)),
        );
    }
    status
}

/// One status needs its brackets as well, and several may stand in others or in a text.
fn no_list(value: &TokenStream) -> String {
    if is_range(value) {
        return no_number(value);
    }
    let brackets = [Delimiter::Parenthesis, Delimiter::Brace];
    let within = brackets.into_iter().find_map(|brackets| inside(value, brackets));
    let elements = within.map_or_else(|| vec![value.clone()], split);
    let numbers: Vec<_> = elements.iter().filter_map(number).collect();
    let instead = if numbers.is_empty() || numbers.len() < elements.len() {
        EXAMPLE.to_owned()
    } else {
        format!("charge_on = {numbers:?}")
    };
    format!("`charge_on` takes a list of statuses in brackets: write `{instead}`")
}

fn no_number(element: &TokenStream) -> String {
    if is_range(element) {
        return format!("`charge_on` names each status, and no range: write `{EXAMPLE}`");
    }
    let instead = number(element).unwrap_or(401);
    format!("a status is a number, written out: write `{instead}`")
}

/// The status that was meant.
fn number(element: &TokenStream) -> Option<u16> {
    let literal = syn::parse2::<LitInt>(element.clone()).ok();
    let number = literal.and_then(|literal| literal.base10_parse().ok());
    number.filter(|number| (100..=599).contains(number)).or_else(|| status_of(element))
}

/// `400..500`, `"4xx"` or `client_error`.
fn is_range(element: &TokenStream) -> bool {
    const CLASSES: &[&str] =
        &["client_error", "server_error", "error", "errors", "failure", "failures", "success"];
    let word = quoted(element).unwrap_or_else(|| spelling(element)).to_ascii_lowercase();
    let is_range = syn::parse2::<ExprRange>(element.clone()).is_ok();
    is_range || word.ends_with("xx") || CLASSES.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_is_told_how_to_be_one() {
        let cases = [
            ("401", "write `charge_on = [401]`"),
            ("(401, 403)", "write `charge_on = [401, 403]`"),
            ("{401}", "write `charge_on = [401]`"),
            ("unauthorized", "write `charge_on = [401]`"),
            ("StatusCode::FORBIDDEN", "write `charge_on = [403]`"),
            ("\"401\"", "write `charge_on = [401]`"),
            ("\"401, 403\"", "write `charge_on = [401, 403]`"),
            ("400..500", "names each status, and no range: write `charge_on = [401, 403]`"),
            ("client_error", "names each status, and no range: write `charge_on = [401, 403]`"),
            ("failed", "write `charge_on = [401, 403]`"),
        ];
        for (source, instead) in cases {
            let message = no_list(&source.parse().unwrap());
            assert!(message.ends_with(instead), "{source}: {message}");
        }
    }

    #[test]
    fn what_is_no_number_is_told_which() {
        let cases = [
            ("unauthorized", "a status is a number, written out: write `401`"),
            ("StatusCode::FORBIDDEN", "a status is a number, written out: write `403`"),
            ("\"403\"", "a status is a number, written out: write `403`"),
            ("400..=499", "`charge_on` names each status, and no range: write `charge_on = [401, 403]`"),
            ("400..", "`charge_on` names each status, and no range: write `charge_on = [401, 403]`"),
            ("\"4xx\"", "`charge_on` names each status, and no range: write `charge_on = [401, 403]`"),
            ("client_error", "`charge_on` names each status, and no range: write `charge_on = [401, 403]`"),
            ("strange", "a status is a number, written out: write `401`"),
        ];
        for (source, expected) in cases {
            assert_eq!(no_number(&source.parse().unwrap()), expected, "{source}");
        }
    }
}
