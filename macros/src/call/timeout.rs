//! `#[call::timeout("2s", total = "5s")]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::attribute::Attribute;
use super::retry;
use crate::args::{Arguments, Vocabulary, time_text};
use crate::errors::Errors;
use crate::paths::Runtime;
use crate::timeout::{AN_HOUR, time};

const EACH: &str = "write the time for one attempt first, as in `\"2s\"`";
const FURTHER: &str = "write the one for all attempts together as `total = \"5s\"`";
const UNIT: &str = "a time stands first and has its unit: write `\"2s\"`";
const TOTAL: &str = "write the time for all attempts as `total = \"5s\"`";
const ANSWER: &str = "a call that takes too long is an error, made from `tollgate::Rejected`: take it away, or write `#[tollgate::call::fallback(path)]`";

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["total"],
    common: &["name", "crate"],
    renamed: &[
        ("deadline", "total"),
        ("overall", "total"),
        ("total_timeout", "total"),
        ("total_time", "total"),
        ("max_total", "total"),
        ("max_elapsed_time", "total"),
    ],
    foreign: &[
        ("total_secs", TOTAL),
        ("total_ms", TOTAL),
        ("on_timeout", ANSWER),
        ("error", ANSWER),
        ("err", ANSWER),
        ("status", ANSWER),
        ("cancel_running_future", "a call that takes too long is dropped anyhow: take it away"),
        ("state", "a function that other code calls has no router: take it away"),
    ],
    foreign_positional: &[
        ("each", EACH),
        ("attempt", EACH),
        ("per_attempt", EACH),
        ("attempt_timeout", EACH),
        ("timeout", EACH),
        ("timeout_duration", EACH),
        ("duration", EACH),
        ("after", EACH),
        ("limit", EACH),
        ("time", EACH),
        ("secs", UNIT),
        ("seconds", UNIT),
        ("timeout_secs", UNIT),
        ("timeout_seconds", UNIT),
        ("ms", UNIT),
        ("millis", UNIT),
        ("timeout_ms", UNIT),
        ("timeout_millis", UNIT),
    ],
    takes_positional: true,
    example: Some("\"2s\""),
    ..Vocabulary::named(Attribute::Timeout.name())
};

/// One `#[call::timeout]`, valid by construction.
pub(super) struct Model {
    each: Option<u64>,
    total: Option<Total>,
}

/// How many nanoseconds there are for all attempts, where it is written.
struct Total {
    nanos: u64,
    place: TokenStream,
}

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let named = arguments.take("total");
        let total = named.as_ref().and_then(|named| {
            let nanos = named.duration_up_to(&AN_HOUR, "total = \"5s\"", errors)?;
            Some(Total { nanos, place: named.value.to_token_stream() })
        });
        let each = time(arguments, "call::timeout", FURTHER, errors)?;
        if each.is_none() && named.is_none() && !arguments.is_misunderstood() {
            errors.at(
                attribute,
                "`call::timeout` needs to know how long a call may take: write `call::timeout(\"2s\")`",
            );
        }
        if let (Some(each), Some(total)) = (each, &total)
            && total.nanos < each
        {
            let (all, each) = (time_text(total.nanos), time_text(each));
            errors.at(
                &total.place,
                format!(
                    "\"{all}\" for all attempts are less than \"{each}\" for each of them: raise `total`, or lower the other"
                ),
            );
        }
        (each.is_some() || total.is_some()).then_some(Self { each, total })
    }

    /// Against how often it is tried.
    pub(super) fn check(&self, retry: Option<&retry::Model>, errors: &Errors) {
        let (Some(total), Some(retry)) = (&self.total, retry) else { return };
        let shortest = retry.shortest_wait();
        if total.nanos <= shortest {
            let (total_text, shortest) = (time_text(total.nanos), time_text(shortest));
            errors.at(
                &total.place,
                format!(
                    "nothing is tried again within \"{total_text}\", because `call::retry` waits for \"{shortest}\" at least: raise `total`, or \
                     lower `backoff`"
                ),
            );
        }
    }

    /// How many nanoseconds each attempt has, or all of them where nothing is said of one.
    pub(super) fn nanos(&self) -> Option<u64> {
        self.each.or_else(|| self.total.as_ref().map(|total| total.nanos))
    }

    /// Whether there is a time for each attempt.
    pub(super) const fn has_each(&self) -> bool {
        self.each.is_some()
    }

    /// Whether there is a time for all of them.
    pub(super) const fn has_total(&self) -> bool {
        self.total.is_some()
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let timeout = runtime.item("Timeout");
        let total = self.total.as_ref().map(|total| total.nanos);
        match (self.each, total) {
            (Some(each), total) => {
                let total = total.map(|total| quote!(.within_total(#total)));
                quote!(#timeout::each(#each) #total)
            }
            (None, total) => quote!(#timeout::total(#total)),
        }
    }
}
