//! `#[call::timeout("2s", total = "5s")]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::attribute::Attribute;
use super::retry;
use crate::args::{Arguments, Vocabulary, duration_alone, spelling};
use crate::errors::Errors;
use crate::paths::Runtime;

const EACH: &str = "write the time for one attempt first, as in `\"2s\"`";
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
    each: Option<Time>,
    total: Option<Time>,
}

/// How long, where it is written.
struct Time {
    nanos: u64,
    place: TokenStream,
}

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let total = arguments.take("total");
        let has_total = total.is_some();
        let total = total.and_then(|named| {
            let nanos = named.duration("total = \"5s\"", errors)?;
            Some(Time { nanos, place: named.value.to_token_stream() })
        });
        let unnamed = arguments.take_positional()?;
        if unnamed.is_empty() && !has_total && !arguments.is_misunderstood() {
            errors.at(attribute, "`call::timeout` needs to know how long a call may take: write `\"2s\"`");
        }
        for further in unnamed.iter().skip(1) {
            let written = spelling(further);
            errors.at(
                further,
                format!(
                    "one time is for each attempt, and one for all of them together has a key: write `total = {written}`"
                ),
            );
        }
        let each = unnamed.first().and_then(|value| {
            let nanos = duration_alone(value, "\"2s\"", errors)?;
            Some(Time { nanos, place: value.clone() })
        });
        if let (Some(each), Some(total)) = (&each, &total)
            && total.nanos < each.nanos
        {
            errors.at(
                &total.place,
                format!(
                    "{} for all attempts are less than {} for each of them: raise `total`, or lower the other",
                    spelling(&total.place),
                    spelling(&each.place)
                ),
            );
        }
        (each.is_some() || total.is_some()).then_some(Self { each, total })
    }

    /// Against how often it is tried.
    pub(super) fn check(&self, retry: Option<&retry::Model>, errors: &Errors) {
        let (Some(total), Some(retry)) = (&self.total, retry) else { return };
        if total.nanos <= retry.shortest_wait() {
            errors.at(
                &total.place,
                format!(
                    "nothing is tried again within {}, because `call::retry` waits for {} at least: raise `total`, or lower `backoff`",
                    spelling(&total.place),
                    retry.shortest_wait_words()
                ),
            );
        }
    }

    /// Whether each attempt has so much time, in nanoseconds.
    pub(super) fn each_nanos(&self) -> Option<u64> {
        self.each.as_ref().map(|time| time.nanos)
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
        let [each, total] = [&self.each, &self.total].map(|time| time.as_ref().map(|time| time.nanos));
        match (each, total) {
            (Some(each), total) => {
                let total = total.map(|total| quote!(.within_total(#total)));
                quote!(#timeout::each(#each) #total)
            }
            (None, total) => quote!(#timeout::total(#total)),
        }
    }
}
