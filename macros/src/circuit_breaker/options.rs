//! What a circuit breaker says wherever it stands, on a handler or around a call.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitStr;

use super::opening::{HalfOpen, Open};
use super::rule::{Rule, SlowCalls};
use crate::args::{Arguments, Named, Shared, quoted, spelling};
use crate::errors::Errors;
use crate::paths::Runtime;

/// When it opens, for how long, and how it is tried.
pub(crate) struct Options {
    rule: Rule,
    slow: Option<SlowCalls>,
    open: Open,
    half_open: HalfOpen,
    metrics_only: bool,
    share: Option<LitStr>,
}

const SHARED: Shared = Shared { noun: "a circuit breaker", example: "share = \"weather\"" };

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Normal,
    MetricsOnly,
}

const MODES: &[(&str, Mode)] = &[("normal", Mode::Normal), ("metrics_only", Mode::MetricsOnly)];

/// What other libraries call them.
const MODES_ELSEWHERE: &[(&str, &str)] = &[
    ("shadow", "metrics_only"),
    ("dry_run", "metrics_only"),
    ("report_only", "metrics_only"),
    ("observe", "metrics_only"),
    ("monitor", "metrics_only"),
    ("passive", "metrics_only"),
    ("metrics", "metrics_only"),
    ("enabled", "normal"),
    ("on", "normal"),
    ("active", "normal"),
    ("default", "normal"),
    ("closed", "normal"),
];

/// States that somebody puts a breaker into while it runs.
const FORCED: &[&str] =
    &["disabled", "off", "forced_open", "force_open", "open", "forced_closed", "force_closed", "isolated"];

impl Options {
    /// Of all its arguments, of which it leaves those that belong to one form alone.
    pub(crate) fn parse(arguments: &mut Arguments, errors: &Errors) -> Option<Self> {
        let rule = Rule::parse(arguments, errors);
        let slow = SlowCalls::parse(arguments, errors);
        let open = Open::parse(arguments, errors);
        let half_open = HalfOpen::parse(arguments, errors);
        let mode = arguments.take("mode").and_then(|named| mode(&named, errors));
        let share = arguments.take("share").and_then(|named| named.share(&SHARED, errors));
        let metrics_only = mode == Some(Mode::MetricsOnly);
        Some(Self { rule: rule?, slow, open, half_open, metrics_only, share })
    }

    /// Against the time that one run of the function has, on the same function. `attribute` is what stands for the whole.
    pub(crate) fn check_timeout(&self, timeout: u64, attribute: Span, errors: &Errors) {
        self.rule.check_timeout(timeout, attribute, errors);
        if let Some(slow) = &self.slow {
            slow.check_timeout(timeout, errors);
        }
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { rule, slow, open, half_open, metrics_only, share } = self;
        let circuit_breaker = runtime.item("CircuitBreaker");
        let rule = rule.emit(runtime);
        let slow = slow.as_ref().map(SlowCalls::emit);
        let (open, half_open) = (open.emit(), half_open.emit());
        let metrics_only = metrics_only.then(|| quote!(.metrics_only()));
        let share = share.as_ref().map(|share| quote!(.share(#share)));
        quote!(#circuit_breaker::new() #rule #slow #open #half_open #metrics_only #share)
    }
}

fn mode(named: &Named, errors: &Errors) -> Option<Mode> {
    let value = named.value.as_ref();
    let written = value.map(|value| quoted(value).unwrap_or_else(|| spelling(value))).unwrap_or_default();
    if FORCED.contains(&written.as_str()) {
        errors.at(
            value,
            format!(
                "`mode` is one of `normal`, `metrics_only`, and `{written}` is what `tollgate.breaker(\"name\")` does to a circuit breaker while it \
                 runs: take it away"
            ),
        );
        return None;
    }
    named.word_or(MODES, MODES_ELSEWHERE, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_libraries_lead_to_words_that_are_there() {
        for (foreign, own) in MODES_ELSEWHERE {
            assert!(MODES.iter().any(|(word, _)| word == own), "{own}");
            assert!(MODES.iter().all(|(word, _)| word != foreign), "{foreign}");
            assert!(!FORCED.contains(foreign), "{foreign}");
        }
    }
}
