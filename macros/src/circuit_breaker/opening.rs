//! For how long a circuit is open, and how it is tried afterwards.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::{Arguments, time_text};
use crate::errors::Errors;

/// How long it is open.
pub(super) struct Open {
    first: Option<u64>,
    growth: Option<u32>,
    longest: Option<u64>,
    jitter: Option<u32>,
}

const OPEN_FOR: &str = "open_for = \"30s\"";
const GROWTH: &str = "open_for_growth = 2.0";
/// As `CircuitBreaker::new` of the runtime says it.
const DEFAULT_OPEN_FOR: u64 = 30_000_000_000;

impl Open {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Self {
        let first = arguments.take("open_for").and_then(|named| named.duration(OPEN_FOR, errors));
        let growth = arguments.take("open_for_growth");
        let factor = growth.as_ref().and_then(|named| named.factor(GROWTH, errors));
        let longest = arguments.take("open_for_max");
        let nanos = longest.as_ref().and_then(|named| named.duration("open_for_max = \"5m\"", errors));
        if let (Some(longest), None) = (&longest, &growth) {
            errors.at(
                &longest.key,
                format!("`open_for_max` is where growing ends, and nothing grows: write `{GROWTH}` beside it, or take it away"),
            );
        }
        if let (Some(longest), Some(nanos)) = (&longest, nanos) {
            let shortest = first.unwrap_or(DEFAULT_OPEN_FOR);
            if nanos < shortest {
                let (shortest, is_default) =
                    (time_text(shortest), if first.is_none() { ", the default" } else { "" });
                errors.at(
                    &longest.value,
                    format!("`open_for_max` is no shorter than `open_for`: write at least \"{shortest}\"{is_default}, or a shorter `open_for`"),
                );
            }
        }
        let jitter = arguments.take("jitter").and_then(|named| named.part_below_all("jitter = 0.1", errors));
        Self { first, growth: factor, longest: nanos, jitter }
    }

    /// The time comes first, because the longest one is held against it.
    pub(super) fn emit(&self) -> TokenStream {
        let Self { first, growth, longest, jitter } = self;
        let first = first.map(|nanos| quote!(.open_for(#nanos)));
        let growth = growth.map(|factor| {
            let longest = longest.map_or_else(
                || quote!(::core::option::Option::None),
                |nanos| quote!(::core::option::Option::Some(#nanos)),
            );
            quote!(.open_for_growth(#factor, #longest))
        });
        let jitter = jitter.map(|parts| quote!(.jitter(#parts)));
        quote!(#first #growth #jitter)
    }
}

/// How it is tried.
pub(super) struct HalfOpen {
    calls: Option<u32>,
    rate: Option<u32>,
    wait: Option<u64>,
}

const MOST_TRIALS: u32 = 1000;

impl HalfOpen {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Self {
        let calls = arguments.take("half_open_calls").and_then(|named| {
            let calls = named.positive("half_open_calls = 3", errors)?;
            if calls > MOST_TRIALS {
                errors.at(
                    &named.value,
                    format!("`half_open_calls` is at most {MOST_TRIALS}, because these try whether it works again: write `half_open_calls = 3`"),
                );
            }
            Some(calls)
        });
        let rate = arguments.take("half_open_rate");
        let rate = rate.and_then(|named| named.part("half_open_rate = 0.5", errors));
        let wait = arguments.take("half_open_wait");
        let wait = wait.and_then(|named| named.duration("half_open_wait = \"10s\"", errors));
        Self { calls, rate, wait }
    }

    pub(super) fn emit(&self) -> TokenStream {
        let Self { calls, rate, wait } = self;
        let calls = calls.map(|calls| quote!(.half_open_calls(#calls)));
        let rate = rate.map(|rate| quote!(.half_open_rate(#rate)));
        let wait = wait.map(|nanos| quote!(.half_open_wait(#nanos)));
        quote!(#calls #rate #wait)
    }
}
