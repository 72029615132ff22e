//! What a limit counts, whoever it counts for: the part of the arguments that knows no HTTP.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ExprPath, LitInt, LitStr};

use super::choices::{Algorithm, OnStoreError};
use super::{Form, RateList};
use crate::args::{Arguments, Named, Shared, span_of};
use crate::errors::Errors;
use crate::paths::Runtime;

/// Rates, how they are counted, and where.
pub(crate) struct Budget {
    rates: RateList,
    algorithm: Option<Algorithm>,
    cost: Option<Cost>,
    shadow: bool,
    on_store_error: Option<OnStoreError>,
    lease: Option<Lease>,
    share: Option<LitStr>,
}

enum Cost {
    Fixed(u32),
    Of(ExprPath),
}

/// How many permits are taken from a shared store at once.
#[derive(Clone, Copy)]
struct Lease(u32);

const SHARED: Shared = Shared { noun: "a budget", example: "share = \"logins\"" };
/// A log keeps a moment per request.
const LONGEST_LOG: u32 = 10_000;

impl Budget {
    /// `declared` is what stands for the whole where something is missing. There is no rate where one is wrong.
    pub(crate) fn parse(arguments: &mut Arguments, form: &Form, declared: &Ident, errors: &Errors) -> Self {
        let rates = RateList::parse(arguments, form, declared, errors);
        let algorithm = arguments.take("algorithm").and_then(|named| algorithm(&named, &rates, errors));
        let cost = arguments.take("cost").and_then(|named| Cost::parse(&named, &rates, algorithm, errors));
        let shadow = arguments.take("shadow").is_some_and(|named| named.flag(errors));
        let on_store_error =
            arguments.take("on_store_error").and_then(|named| OnStoreError::parse(&named, errors));
        let lease = arguments
            .take("lease")
            .and_then(|named| Lease::parse(&named, &rates, algorithm, cost.as_ref(), errors));
        let share = arguments.take("share").and_then(|named| named.share(&SHARED, errors));
        Self { rates, algorithm, cost, shadow, on_store_error, lease, share }
    }

    pub(crate) const fn rates(&self) -> &RateList {
        &self.rates
    }

    pub(crate) const fn is_shadow(&self) -> bool {
        self.shadow
    }

    /// With whom it shares its permits.
    pub(crate) const fn share(&self) -> Option<&LitStr> {
        self.share.as_ref()
    }

    /// Whether it takes permits from a shared store in blocks.
    pub(crate) const fn is_leased(&self) -> bool {
        self.lease.is_some()
    }

    /// The function that says what a request costs, where there is one.
    pub(crate) const fn cost_of(&self) -> Option<&ExprPath> {
        match &self.cost {
            Some(Cost::Of(path)) => Some(path),
            Some(Cost::Fixed(_)) | None => None,
        }
    }

    /// All of it but the rates, as calls of a limit's builder.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { rates: _, algorithm, cost, shadow, on_store_error, lease, share } = self;
        let algorithm = algorithm.map(|algorithm| algorithm.emit(runtime));
        let cost = cost.as_ref().map(|cost| cost.emit(runtime));
        let shadow = shadow.then(|| quote!(.shadow()));
        let on_store_error = on_store_error.map(|on_store_error| on_store_error.emit(runtime));
        let lease = lease.map(|Lease(block)| quote!(.lease(#block)));
        let share = share.as_ref().map(|share| quote!(.share(#share)));
        quote!(#algorithm #cost #shadow #on_store_error #lease #share)
    }
}

/// The algorithm, where it can count these rates.
fn algorithm(named: &Named, rates: &RateList, errors: &Errors) -> Option<Algorithm> {
    let algorithm = Algorithm::parse(named, errors)?;
    let word = algorithm.word();
    if let Some((key, burst)) = rates.burst().filter(|_| !algorithm.knows_burst()) {
        errors.at(
            key,
            format!("`{word}` admits its quota and knows no burst: take `burst = {burst}` away, or write `algorithm = token_bucket`"),
        );
    }
    let longest = rates.iter().map(|rate| rate.quota).max().unwrap_or_default();
    if algorithm == Algorithm::SlidingLog && longest > LONGEST_LOG {
        errors.at(
            named.value.to_token_stream(),
            format!("`{word}` keeps the moment of every request, and {longest} are more than {LONGEST_LOG}: write `algorithm = sliding_window`"),
        );
    }
    Some(algorithm)
}

/// What has to be raised for more to be admitted at once.
fn raised(algorithm: Option<Algorithm>) -> &'static str {
    if algorithm.is_none_or(Algorithm::knows_burst) { "the rate or its `burst`" } else { "the rate" }
}

impl Cost {
    /// A cost above what the lowest of the rates admits at once would refuse every request.
    fn parse(named: &Named, rates: &RateList, algorithm: Option<Algorithm>, errors: &Errors) -> Option<Self> {
        const EXAMPLE: &str = "cost = 5";
        let value = named.value(EXAMPLE, errors)?;
        if let Ok(path) = syn::parse2::<ExprPath>(value.clone()) {
            return Some(Self::Of(path));
        }
        if syn::parse2::<LitInt>(value.clone()).is_err() {
            errors.at(
                value,
                "`cost` is a number, or the path of a `fn(&RequestFacts<'_>) -> u32`: write `cost = 5`, or `cost = path::to::function`",
            );
            return None;
        }
        let cost = named.positive(EXAMPLE, errors)?;
        if let Some(capacity) = rates.capacity().filter(|capacity| cost > *capacity) {
            errors.at(value, format!("a cost of {cost} never fits where {capacity} are admitted at once: lower it, or raise {}", raised(algorithm)));
        }
        Some(Self::Fixed(cost))
    }

    fn emit(&self, runtime: &Runtime) -> TokenStream {
        match self {
            Self::Fixed(number) => {
                let cost = runtime.item("Cost");
                quote!(.cost(#cost::Fixed(#number)))
            }
            Self::Of(path) => {
                let cost = runtime.item_at("Cost", span_of(path));
                quote_spanned!(span_of(path)=> .cost(#cost::Of(#path)))
            }
        }
    }
}

impl Lease {
    /// A block has to fit into the budget, and to hold more than one request.
    fn parse(
        named: &Named,
        rates: &RateList,
        algorithm: Option<Algorithm>,
        cost: Option<&Cost>,
        errors: &Errors,
    ) -> Option<Self> {
        let block = named.at_least(2, "lease = 64", errors)?;
        if let Some(capacity) = rates.capacity().filter(|capacity| block > *capacity) {
            errors.at(
                &named.value,
                format!("a lease of {block} never fits where {capacity} are admitted at once: lower it, or raise {}", raised(algorithm)),
            );
        }
        let cost = if let Some(Cost::Fixed(cost)) = cost { *cost } else { 1 };
        if block < cost.saturating_mul(2) {
            errors.at(
                &named.value,
                format!("a lease of {block} holds no two requests that cost {cost} each: write at least `lease = {}`, or take it away", cost.saturating_mul(2)),
            );
        }
        Some(Self(block))
    }
}
