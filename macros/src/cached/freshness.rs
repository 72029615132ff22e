//! `ttl = "5m"` or `from_response`, and for how long an answer is of use beyond that.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::args::{Arguments, Longest, quoted, spelling};
use crate::errors::Errors;
use crate::paths::Runtime;

/// Where the time comes from for which an answer is fresh.
pub(super) enum Freshness {
    Ttl(u64),
    FromResponse,
}

/// RFC 9111 knows longer ones; nobody waits for them.
pub(crate) const A_YEAR: Longest = Longest { nanos: 365 * 86_400_000_000_000, words: "a year" };
const TTL: &str = "ttl = \"5m\"";

impl Freshness {
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let unnamed = arguments.take_positional()?;
        for value in &unnamed {
            errors.at(value, no_key(value));
        }
        let (ttl, from_response) = (arguments.take("ttl"), arguments.take("from_response"));
        let nanos = ttl.as_ref().map(|named| named.duration_up_to(&A_YEAR, TTL, errors));
        let is_from_response = from_response.as_ref().is_some_and(|named| named.flag(errors));
        match (nanos, from_response) {
            (Some(_), Some(named)) => {
                errors.at(
                    named.key,
                    "`from_response` takes the time from the answer's own fields, and `ttl` from here: keep one of them",
                );
                None
            }
            (Some(nanos), None) => nanos.map(Self::Ttl),
            (None, Some(_)) => {
                is_from_response.then_some(Self::FromResponse).inspect(|_| no_stale(arguments, errors))
            }
            (None, None) if !arguments.is_misunderstood() => {
                errors.at(
                    attribute,
                    format!("`cached` needs to know how long an answer is fresh: write `{TTL}`, or `from_response` where the function sends `Cache-Control`"),
                );
                None
            }
            (None, None) => None,
        }
    }

    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let cached = runtime.item("Cached");
        match self {
            Self::Ttl(nanos) => quote!(#cached::ttl(#nanos)),
            Self::FromResponse => quote!(#cached::from_response()),
        }
    }
}

/// What stands without a key is the time, as a rate is of a limit.
fn no_key(value: &TokenStream) -> String {
    match quoted(value) {
        Some(text) => format!("the time has its key: write `ttl = {text:?}`"),
        None => format!("`{}` is no option of `cached`: write `{TTL}`", spelling(value)),
    }
}

/// The answer's own directives say it, or do not.
fn no_stale(arguments: &mut Arguments, errors: &Errors) {
    for (key, directive) in
        [("stale_while_revalidate", "stale-while-revalidate"), ("stale_if_error", "stale-if-error")]
    {
        if let Some(named) = arguments.take(key) {
            errors.at(
                named.key,
                format!("with `from_response` the answer's own fields say it: send `{directive}=..` in its `Cache-Control`, or write `{TTL}` in place of `from_response`"),
            );
        }
    }
}

/// How long an answer that is stale may be used.
pub(crate) fn stale(arguments: &mut Arguments, key: &str, errors: &Errors) -> Option<u64> {
    let named = arguments.take(key)?;
    named.duration_up_to(&A_YEAR, &format!("{key} = \"30s\""), errors)
}
