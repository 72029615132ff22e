//! `#[call::retry(attempts = 3, backoff = "100ms..2s", retry_if = is_temporary)]`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{ExprPath, LitInt, LitStr};

use super::attribute::Attribute;
use crate::args::{Arguments, FunctionPath, Shared, Vocabulary, spelling};
use crate::errors::Errors;
use crate::paths::Runtime;

const EXAMPLE: &str = "attempts = 3";
const BACKOFF: &str = "backoff = \"100ms..2s\"";
const SHARED: Shared = Shared { noun: "a retry budget", example: "share = \"weather\"" };
const MOST: u32 = 20;
/// What is waited for at least where nothing says so, in nanoseconds, as in the runtime.
const SHORTEST: u64 = 100_000_000;

const BUDGET: &str = "write `budget = 0.1` for one retry in ten calls";
const RETRIES: &str = "`attempts` counts the first one as well: write `attempts = 4` for three retries";
const WAITS: &str = "write the shortest and the longest wait into one: `backoff = \"100ms..2s\"`";
const GROWTH: &str = "waits grow by themselves, and differ from each other: write `backoff = \"100ms..2s\"` for the shortest and the longest, \
                      or `backoff = \"1s\"` for always the same";
const TOTAL: &str =
    "write `#[tollgate::call::timeout(total = \"5s\")]` beside it: nothing is tried again after that";
const ENDLESS: &str = "what is down is not helped by endless calls: write `attempts = 20` at most";

const RETRY_IF: FunctionPath = FunctionPath {
    key: "retry_if",
    signature: "fn(&E) -> bool",
    example: ("fn is_temporary(error: &Error) -> bool", "is_temporary"),
};
const RETRY_AFTER: FunctionPath = FunctionPath {
    key: "retry_after",
    signature: "fn(&E) -> Option<Duration>",
    example: ("fn asked_to_wait(error: &Error) -> Option<Duration>", "asked_to_wait"),
};

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["attempts", "backoff", "retry_if", "retry_after", "budget", "share"],
    common: &["name", "crate"],
    renamed: &[
        ("max_attempts", "attempts"),
        ("maxAttempts", "attempts"),
        ("tries", "attempts"),
        ("max_tries", "attempts"),
        ("stop_after_attempt", "attempts"),
        ("when", "retry_if"),
        ("on", "retry_if"),
        ("retry_on", "retry_if"),
        ("retry_when", "retry_if"),
        ("retryable", "retry_if"),
        ("is_retryable", "retry_if"),
        ("predicate", "retry_if"),
        ("condition", "retry_if"),
        ("wait_from", "retry_after"),
        ("retry_budget", "budget"),
        ("retry_ratio", "budget"),
        ("backoff_policy", "backoff"),
        ("wait", "backoff"),
    ],
    foreign: &[
        ("max_retries", RETRIES),
        ("maxRetries", RETRIES),
        ("retries", RETRIES),
        ("times", RETRIES),
        ("count", RETRIES),
        ("wait_duration", WAITS),
        ("waitDuration", WAITS),
        ("delay", WAITS),
        ("initial_delay", WAITS),
        ("initial_interval", WAITS),
        ("initial_backoff", WAITS),
        ("base_delay", WAITS),
        ("base", WAITS),
        ("min_delay", WAITS),
        ("min_backoff", WAITS),
        ("min", WAITS),
        ("max_delay", WAITS),
        ("max_interval", WAITS),
        ("max_backoff", WAITS),
        ("max", WAITS),
        ("interval", WAITS),
        ("secs", WAITS),
        ("delay_ms", WAITS),
        ("delay_secs", WAITS),
        ("multiplier", GROWTH),
        ("factor", GROWTH),
        ("exponential", GROWTH),
        ("strategy", GROWTH),
        ("jitter", GROWTH),
        ("randomization_factor", GROWTH),
        ("max_elapsed_time", TOTAL),
        ("max_duration", TOTAL),
        ("total", TOTAL),
        ("deadline", TOTAL),
        ("timeout", "write `#[tollgate::call::timeout(\"2s\")]` beside it"),
        ("forever", ENDLESS),
        ("infinite", ENDLESS),
        ("abort_if", "say what to try again instead: `retry_if = path::to::function`"),
        ("ignore", "say what to try again instead: `retry_if = path::to::function`"),
        ("give_up", "say what to try again instead: `retry_if = path::to::function`"),
        ("retry_exceptions", "say what to try again by a function: `retry_if = path::to::function`"),
        ("ignore_exceptions", "say what to try again by a function: `retry_if = path::to::function`"),
        ("notify", "retries are counted, and `Observer` hears of each: take it away"),
        ("on_retry", "retries are counted, and `Observer` hears of each: take it away"),
        ("state", "a function that other code calls has no router: take it away"),
    ],
    takes_positional: true,
    example: Some(EXAMPLE),
    ..Vocabulary::named(Attribute::Retry.name())
};

/// One `#[call::retry]`, valid by construction.
pub(super) struct Model {
    attempts: u32,
    /// The shortest wait and the longest, in nanoseconds.
    backoff: Option<(u64, u64)>,
    retry_if: Option<ExprPath>,
    retry_after: Option<ExprPath>,
    budget: Option<u32>,
    share: Option<LitStr>,
}

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let attempts = attempts(arguments, attribute, errors);
        let backoff = arguments.take("backoff").and_then(|named| named.durations(BACKOFF, errors));
        let mut function = |path: &FunctionPath| path.parse(&arguments.take(path.key)?, errors);
        let (retry_if, retry_after) = (function(&RETRY_IF), function(&RETRY_AFTER));
        let budget = arguments.take("budget").and_then(|named| named.ratio("budget = 0.1", BUDGET, errors));
        let share = arguments.take("share").and_then(|named| named.share(&SHARED, errors));
        Some(Self { attempts: attempts?, backoff, retry_if, retry_after, budget, share })
    }

    /// What says whether an error is worth another attempt.
    pub(super) const fn retry_if(&self) -> Option<&ExprPath> {
        self.retry_if.as_ref()
    }

    /// What says how long an error asks to wait.
    pub(super) const fn retry_after(&self) -> Option<&ExprPath> {
        self.retry_after.as_ref()
    }

    /// What is waited for at least before it is tried again, in nanoseconds.
    pub(super) fn shortest_wait(&self) -> u64 {
        self.backoff.map_or(SHORTEST, |(shortest, _)| shortest)
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { attempts, backoff, retry_if: _, retry_after: _, budget, share } = self;
        let retry = runtime.item("Retry");
        let backoff = backoff.map(|(shortest, longest)| quote!(.backoff(#shortest, #longest)));
        let budget = budget.map(|parts| quote!(.budget(#parts)));
        let share = share.as_ref().map(|share| quote!(.share(#share)));
        quote!(#retry::new(#attempts) #backoff #budget #share)
    }
}

/// How often it is tried, the first time included.
fn attempts(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<u32> {
    let unnamed = arguments.take_positional().unwrap_or_default();
    for value in &unnamed {
        let is_number = syn::parse2::<LitInt>(value.clone()).is_ok();
        errors.at(
            value,
            if is_number {
                format!("how often it is tried has its key: write `attempts = {value}`")
            } else {
                format!("`{}` is no option of `call::retry`: write `{EXAMPLE}`", spelling(value))
            },
        );
    }
    let Some(named) = arguments.take("attempts") else {
        if unnamed.is_empty() && !arguments.is_misunderstood() {
            errors.at(
                attribute,
                format!("`call::retry` needs to know how often it is tried at most: write `{EXAMPLE}`"),
            );
        }
        return None;
    };
    let value = named.value(EXAMPLE, errors)?;
    let number =
        syn::parse2::<LitInt>(value.clone()).ok().and_then(|number| number.base10_parse::<u32>().ok());
    match number {
        Some(0 | 1) => errors.at(
            value,
            "the first attempt is one of `attempts`, so that nothing would be tried again: write `attempts = 2` for one retry",
        ),
        Some(2..=MOST) => return number,
        Some(_) => errors.at(
            value,
            format!("`attempts` is at most {MOST}, because what is down is not helped by more calls: write `{EXAMPLE}`"),
        ),
        None => {
            let _ = named.at_least(2, EXAMPLE, errors);
        }
    }
    None
}
