//! `#[call::circuit_breaker(is_failure = judge, key = "{host}")]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ExprPath, LitStr};

use super::attribute::Attribute;
use super::template::{KeyOf, Template};
use crate::args::{Arguments, FunctionPath, Named, Shared, Vocabulary};
use crate::errors::Errors;
use crate::paths::Runtime;

const KEY: KeyOf = KeyOf { share: "all calls share one breaker", example: "key = \"{host}\"" };
const SHARED: Shared = Shared { noun: "a breaker", example: "share = \"weather\"" };
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
    keys: &["is_failure", "retry_after", "key", "max_keys", "share"],
    common: &["name", "crate"],
    ..Vocabulary::named(Attribute::CircuitBreaker.name())
};

/// One `#[call::circuit_breaker]`, valid by construction.
pub(super) struct Model {
    is_failure: Option<ExprPath>,
    retry_after: Option<ExprPath>,
    key: Option<Template>,
    max_keys: Option<u32>,
    share: Option<LitStr>,
}

impl Model {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Self {
        let mut function = |path: &FunctionPath| path.parse(&arguments.take(path.key)?, errors);
        let (is_failure, retry_after) = (function(&IS_FAILURE), function(&RETRY_AFTER));
        let (key, max_keys) = (arguments.take("key"), arguments.take("max_keys"));
        if let (None, Some(max_keys)) = (&key, &max_keys) {
            errors.at(
                &max_keys.key,
                format!(
                    "without a key there is one breaker: take `max_keys` away, or write `{}`, which gives each its own",
                    KEY.example
                ),
            );
        }
        let key = key.and_then(|named| Template::parse(&named, &KEY, errors));
        let max_keys = max_keys.and_then(|named| most_keys(&named, errors));
        let share = arguments.take("share").and_then(|named| named.share(&SHARED, errors));
        Self { is_failure, retry_after, key, max_keys, share }
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
        let Self { is_failure: _, retry_after: _, key, max_keys, share } = self;
        let breaker = runtime.item("CircuitBreaker");
        let share = share.as_ref().map(|share| quote!(.share(#share)));
        let by = key.as_ref().map(|key| {
            let (words, most) = (key.words(), max_keys.unwrap_or(DEFAULT_KEYS));
            quote!(.by(#words, #most))
        });
        quote!(#breaker::new() #share #by)
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
