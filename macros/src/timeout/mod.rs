//! `#[timeout("2s")]`.

mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{LitInt, LitStr};

pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, Longest, duration_of, spelling, with_example};
use crate::errors::Errors;
use crate::paths::Runtime;

/// One `#[timeout]`, valid by construction.
pub(crate) struct Model {
    nanos: u64,
}

/// Who waits longer has gone.
pub(crate) const AN_HOUR: Longest = Longest { nanos: 3_600_000_000_000, words: "an hour" };

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(crate) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let time = time(arguments, "timeout", "keep one", errors)?;
        if time.is_none() && !arguments.is_misunderstood() {
            errors.at(attribute, "`timeout` needs to know how long a run may take: write `timeout(\"2s\")`");
        }
        Some(Self { nanos: time? })
    }

    /// How many nanoseconds one run has.
    pub(crate) const fn nanos(&self) -> u64 {
        self.nanos
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let (timeout, nanos) = (runtime.item("Timeout"), self.nanos);
        quote!(#timeout::each(#nanos))
    }
}

/// The time that stands first and without a key in `name("2s")`, in nanoseconds; the inner `None` where there is none, and the outer where it
/// is wrong, which has been reported. `further` says what to do about a second one.
#[allow(clippy::option_option, reason = "nothing stands there, and something wrong does")]
pub(crate) fn time(
    arguments: &mut Arguments,
    name: &str,
    further: &str,
    errors: &Errors,
) -> Option<Option<u64>> {
    let mut unnamed = arguments.take_positional()?.into_iter();
    let Some(value) = unnamed.next() else { return Some(None) };
    for time in unnamed {
        errors.at(time, format!("`{name}` takes one time without a key: {further}"));
    }
    let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
        errors.at(&value, no_text(&value, name));
        return None;
    };
    match duration_of(text.value().trim(), &AN_HOUR) {
        Ok(nanos) => Some(Some(nanos)),
        Err(why) => {
            errors.at(&text, with_example(&why, &format!("{name}(\"2s\")")));
            None
        }
    }
}

fn no_text(value: &TokenStream, name: &str) -> String {
    let written = spelling(value);
    let why = format!("`{name}` is a text with its unit");
    if duration_of(&written, &AN_HOUR).is_ok() {
        return format!("{why}: write `{name}(\"{written}\")`");
    }
    if syn::parse2::<LitInt>(value.clone()).is_ok_and(|number| number.suffix().is_empty()) {
        return format!("{why}: write `{name}(\"{written}s\")`");
    }
    format!("{why}, which `{written}` is not: write `{name}(\"2s\")`")
}
