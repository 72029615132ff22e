//! `#[call::circuit_breaker(is_failure = judge, key = "{host}")]`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ExprPath;

use super::attribute::Attribute;
use super::template::{KeyOf, Template};
use super::timeout;
use crate::args::{Arguments, FunctionPath, Named, Vocabulary};
use crate::circuit_breaker::{self, Options};
use crate::errors::Errors;
use crate::paths::Runtime;

const KEY: KeyOf = KeyOf { share: "all calls share one breaker", example: "key = \"{host}\"" };
const IS_FAILURE: FunctionPath = FunctionPath {
    key: "is_failure",
    signature: "fn(&Result<T, E>) -> Verdict",
    example: ("fn judge(answer: &Result<T, Error>) -> Verdict", "judge"),
};
const RETRY_AFTER: FunctionPath = FunctionPath {
    key: "retry_after",
    signature: "fn(&E) -> Option<Duration>",
    example: ("fn asked_to_wait(error: &Error) -> Option<Duration>", "asked_to_wait"),
};
const MAX_KEYS: &str = "max_keys = 1024";
const MOST_KEYS: u32 = 1_000_000;
const DEFAULT_KEYS: u32 = 1024;

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &[
        "failure_rate",
        "minimum_calls",
        "consecutive_failures",
        "window",
        "open_for",
        "open_for_growth",
        "open_for_max",
        "jitter",
        "half_open_calls",
        "half_open_rate",
        "half_open_wait",
        "slow_call",
        "slow_rate",
        "mode",
        "is_failure",
        "retry_after",
        "key",
        "max_keys",
        "share",
    ],
    common: &["name", "crate"],
    // The words that a handler lacks.
    foreign_positional: &[
        ("by", "write `key = \"{host}\"`"),
        ("key_by", "write `key = \"{host}\"`"),
        ("per", "write `key = \"{host}\"`"),
        ("state", "a function that other code calls has no router: take it away"),
    ],
    attribute: Attribute::CircuitBreaker.name(),
    ..circuit_breaker::VOCABULARY
};

/// One `#[call::circuit_breaker]`, valid by construction.
pub(super) struct Model {
    options: Options,
    is_failure: Option<ExprPath>,
    retry_after: Option<ExprPath>,
    key: Option<Template>,
    max_keys: Option<u32>,
    place: Span,
}

impl Model {
    /// `place` is that of all of it.
    pub(super) fn parse(arguments: &mut Arguments, place: Span, errors: &Errors) -> Option<Self> {
        let mut function = |path: &FunctionPath| path.parse(&arguments.take(path.key)?, errors);
        let (is_failure, retry_after) = (function(&IS_FAILURE), function(&RETRY_AFTER));
        let (key, max_keys) = (arguments.take("key"), arguments.take("max_keys"));
        if let (None, Some(max_keys)) = (&key, &max_keys) {
            errors.at(
                &max_keys.key,
                format!(
                    "without a key there is one breaker: write `{}` beside it, which gives each its own, or take it away",
                    KEY.example
                ),
            );
        }
        let key = key.and_then(|named| Template::parse(&named, &KEY, errors));
        let max_keys = max_keys.and_then(|named| most_keys(&named, errors));
        let options = Options::parse(arguments, errors)?;
        Some(Self { options, is_failure, retry_after, key, max_keys, place })
    }

    /// Against how much time there is.
    pub(super) fn check(&self, timeout: Option<&timeout::Model>, errors: &Errors) {
        if let Some(nanos) = timeout.and_then(timeout::Model::nanos) {
            self.options.check_timeout(nanos, self.place, errors);
        }
    }

    /// What says what an answer means.
    pub(super) const fn is_failure(&self) -> Option<&ExprPath> {
        self.is_failure.as_ref()
    }

    /// What says for how long a failure asks to be left alone.
    pub(super) const fn retry_after(&self) -> Option<&ExprPath> {
        self.retry_after.as_ref()
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let options = self.options.emit(runtime);
        let by = self.key.as_ref().map(|key| {
            let (words, most) = (key.words(), self.max_keys.unwrap_or(DEFAULT_KEYS));
            quote!(.by(#words, #most))
        });
        quote!(#options #by)
    }

    /// The key of one call, as a call of the builder of its attempts.
    pub(super) fn emit_key(&self) -> Option<TokenStream> {
        let key = self.key.as_ref()?.emit();
        Some(quote!(.broken_by(#key)))
    }
}

/// How many keys have a breaker of their own at most.
fn most_keys(named: &Named, errors: &Errors) -> Option<u32> {
    let number = named.positive(MAX_KEYS, errors)?;
    if number > MOST_KEYS {
        errors.at(
            &named.value,
            format!("`max_keys` is at most {MOST_KEYS}, because each key takes memory: write `{MAX_KEYS}`"),
        );
    }
    Some(number)
}
