//! `#[call::rate_limited("50/second", key = "{tenant}", wait = "2s")]`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::attribute::Attribute;
use super::template::{KeyOf, Template};
use crate::args::{Arguments, Vocabulary};
use crate::collect::Family;
use crate::errors::Errors;
use crate::paths::Runtime;
use crate::rate_limited::{Budget, Form, RATES_ELSEWHERE};

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["burst", "key", "wait", "cost", "algorithm", "on_store_error", "lease", "share", "shadow"],
    common: &["name", "crate"],
    unnamed: "take this away",
    renamed: &[
        ("by", "key"),
        ("key_by", "key"),
        ("burst_size", "burst"),
        ("capacity", "burst"),
        ("max_burst", "burst"),
        ("weight", "cost"),
        ("permits", "cost"),
        ("tokens", "cost"),
        ("max_wait", "wait"),
        ("wait_for", "wait"),
        ("timeout", "wait"),
        ("timeout_duration", "wait"),
        ("acquire_timeout", "wait"),
        ("max_delay", "wait"),
        ("dry_run", "shadow"),
        ("report_only", "shadow"),
        ("strategy", "algorithm"),
        ("algo", "algorithm"),
    ],
    foreign: &[
        ("missing", "the bindings that a key names are always there: take it away"),
        ("after", "it stands on a function, not behind `authorize`: take it away"),
        (
            "tiers",
            "write a function for each tier, or `#[tollgate::rate_limited(.., tiers = ..)]` on the handler",
        ),
        ("charge_on", "a call has no status: take it away"),
        ("state", "a function that other code calls has no router: take it away"),
        ("block", "write how long a call waits at most, as in `wait = \"2s\"`"),
        ("fail_fast", "it refuses at once unless `wait` stands there: take it away"),
    ],
    foreign_positional: RATES_ELSEWHERE,
    takes_positional: true,
    ..Vocabulary::named(Attribute::RateLimited.name())
};

const KEY: KeyOf = KeyOf { share: "all calls share one budget", example: "key = \"{tenant}\"" };
const FORM: Form = Form { vocabulary: &VOCABULARY, around: ("#[call::rate_limited(", ")]") };

/// One `#[call::rate_limited]`, valid by construction.
pub(super) struct Model {
    budget: Budget,
    key: Option<Template>,
    wait_nanos: Option<u64>,
}

impl Model {
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let key = arguments.take("key").map(|named| Template::parse(&named, &KEY, errors));
        let wait = arguments.take("wait");
        let wait_nanos = wait.as_ref().and_then(|named| named.duration("wait = \"2s\"", errors));
        let budget = Budget::parse(arguments, &FORM, attribute, errors);
        if let Some(path) = budget.cost_of() {
            errors.at(path, "`cost` of a call is a number, which is the same for each: write `cost = 5`");
        }
        if let Some(wait) = wait.filter(|_| budget.is_shadow()) {
            errors.at(
                wait.key,
                "a limit in shadow mode refuses nothing, so nobody waits: take `wait` or `shadow` away",
            );
        }
        (!budget.rates().is_empty()).then_some(Self { budget, key: key.flatten(), wait_nanos })
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { budget, key, wait_nanos } = self;
        let [limited, limit, source] = ["Limited", "Limit", "KeySource"].map(|name| runtime.item(name));
        let label = Attribute::RateLimited.word();
        let words = key.as_ref().map_or_else(|| "global".to_owned(), Template::words);
        let rates = budget.rates().emit("", Some("default"), runtime);
        let budget = budget.emit(runtime);
        let wait = wait_nanos.map(|nanos| quote!(.wait(#nanos)));
        quote!(#limited::new(#limit::new(#label, #words, #source::Everyone, #rates) #budget) #wait)
    }

    /// The key of one call, as a call of its builder.
    pub(super) fn emit_key(&self) -> Option<TokenStream> {
        let key = self.key.as_ref()?.emit();
        Some(quote!(.limited_by(#key)))
    }
}
