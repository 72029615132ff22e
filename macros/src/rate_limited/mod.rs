//! `#[rate_limited("100/minute", burst = 200, key = ip)]`.

mod key;
mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ExprPath, LitInt, LitStr};

use self::key::KeyModel;
pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, Named, RateModel, is_rate, parse_rates, span_of, text_literal};
use crate::attribute::Attribute;
use crate::errors::Errors;
use crate::paths::Runtime;

/// One `#[rate_limited]`, valid by construction.
pub(crate) struct Model {
    rates: Vec<RateModel>,
    burst: Option<u32>,
    key: KeyModel,
    missing: Option<Missing>,
    cost: Option<Cost>,
    shadow: bool,
    places: Places,
}

/// Where the parts stand, for errors that another attribute brings up.
struct Places {
    attribute: Ident,
    rates: Option<LitStr>,
    /// `None` where the key is the default.
    key: Option<TokenStream>,
}

#[derive(Clone, Copy)]
enum Missing {
    Anonymous,
    Reject,
    Skip,
}

enum Cost {
    Fixed(u32),
    Of(ExprPath),
}

impl Model {
    pub(crate) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let literals = literals(arguments, attribute, errors);
        let rates = rates(&literals, errors);
        let burst = arguments.take("burst").and_then(|named| burst(&named, &rates, errors));
        let capacity = rates.iter().map(|rate| burst.unwrap_or(rate.quota)).min();
        let missing = arguments.take("missing").and_then(|named| named.word(MISSING, errors));
        let cost = arguments.take("cost").and_then(|named| Cost::parse(&named, capacity, errors));
        let shadow = arguments.take("shadow").is_some_and(|named| named.flag(errors));
        let key = arguments.take("key");
        let places = Places {
            attribute: attribute.clone(),
            rates: literals.into_iter().next(),
            key: key.as_ref().and_then(|key| key.value.clone()),
        };
        let key = key.map_or(Some(KeyModel::Address), |named| KeyModel::parse(&named, errors))?;
        (!rates.is_empty()).then_some(Self { rates, burst, key, missing, cost, shadow, places })
    }
}

impl Places {
    fn key(&self) -> TokenStream {
        self.key.clone().unwrap_or_else(|| self.attribute.to_token_stream())
    }

    fn rates(&self) -> TokenStream {
        self.rates.as_ref().map_or_else(|| self.attribute.to_token_stream(), ToTokens::to_token_stream)
    }
}

fn literals(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Vec<LitStr> {
    let positional = arguments.take_positional();
    if positional.as_ref().is_some_and(Vec::is_empty) {
        errors.at(attribute, "`rate_limited` needs a rate: write `#[rate_limited(\"100/minute\")]`");
    }
    let positional = positional.unwrap_or_default();
    positional.iter().filter_map(|tokens| text_literal(tokens, errors, no_text)).collect()
}

/// A rate without its quotes is written with them, everything else is answered with an example.
fn no_text(tokens: &TokenStream) -> String {
    let written: String = tokens.to_string().split_whitespace().collect();
    let example = if is_rate(&written) { written.as_str() } else { "100/minute" };
    format!("a rate is a text: write `\"{example}\"`")
}

fn rates(literals: &[LitStr], errors: &Errors) -> Vec<RateModel> {
    let mut rates: Vec<RateModel> = Vec::new();
    for literal in literals {
        for rate in parse_rates(literal, errors) {
            match rates.iter().find(|other| other.nanos == rate.nanos) {
                Some(_) => errors.at(literal, same_period(&rate)),
                None => rates.push(rate),
            }
        }
    }
    rates
}

fn same_period(rate: &RateModel) -> String {
    format!("two rates have one period, {}: the lower one alone would count, so keep that one", rate.period)
}

fn burst(named: &Named, rates: &[RateModel], errors: &Errors) -> Option<u32> {
    let burst = named.positive("burst = 200", errors)?;
    if rates.len() > 1 {
        errors.at(
            &named.key,
            "`burst` belongs to one rate, and there are several: take it away, or write one rate",
        );
    } else if rates.iter().any(|rate| !rate.can_refill(burst)) {
        errors.at(&named.value, "this burst takes more than a century to refill at this rate: lower it");
    }
    Some(burst)
}

const MISSING: &[(&str, Missing)] =
    &[("anonymous", Missing::Anonymous), ("reject", Missing::Reject), ("skip", Missing::Skip)];

impl Cost {
    /// `capacity` is what the lowest of the rates admits at once: a cost above it would refuse every request.
    fn parse(named: &Named, capacity: Option<u32>, errors: &Errors) -> Option<Self> {
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
        if let Some(capacity) = capacity.filter(|capacity| cost > *capacity) {
            errors.at(value, format!("a cost of {cost} never fits where {capacity} are admitted at once: lower it, or raise the rate or its `burst`"));
        }
        Some(Self::Fixed(cost))
    }
}

/// Puts the limits of one function into their order and checks them against each other.
pub(crate) fn settle(limits: &mut [Model], errors: &Errors) {
    // A limit in shadow mode stands behind the one that it may replace, and changes nothing about it.
    limits.sort_by_key(|limit| (limit.key.rank(), limit.key.words(), limit.shadow));
    for (place, limit) in limits.iter().enumerate() {
        let before = &limits[..place];
        if limit.is_trial_of(before) {
            continue;
        }
        if let Some(other) = before.iter().find(|other| other.key.words() == limit.key.words()) {
            errors.at(limit.places.key(), limit.same_key(other));
        } else if before.iter().any(|other| other.key.label() == limit.key.label()) {
            errors.at(limit.places.key(), limit.same_label());
        }
    }
    let rates: usize = limits.iter().map(|limit| limit.rates.len()).sum();
    if let Some(last) = limits.last().filter(|_| rates > MAX_RATES) {
        errors.at(
            last.places.rates(),
            format!("a function has at most {MAX_RATES} rates in all, and here are {rates}: take some away"),
        );
    }
}

impl Model {
    /// Whether this tries out, in shadow mode, what another limit of the same key may become.
    fn is_trial_of(&self, others: &[Self]) -> bool {
        let mut twins = others.iter().filter(|other| other.key.words() == self.key.words());
        self.shadow && twins.next().is_some_and(|twin| !twin.shadow) && twins.next().is_none()
    }

    fn same_key(&self, other: &Self) -> String {
        let is_default = self.places.key.is_none() || other.places.key.is_none();
        let (words, default) = (self.key.words(), if is_default { ", which is the default" } else { "" });
        format!(
            "two `rate_limited` of one function count by {words}{default}: write their rates into one, as in `#[rate_limited(\"5/second\", \"100/minute\")]`, or mark one of them `shadow` to try it out"
        )
    }

    fn same_label(&self) -> String {
        format!(
            "two keys of one function are both called `{}` on the wire: count one of them by a type of another name",
            self.key.label()
        )
    }
}

/// As many as the runtime keeps without an allocation.
const MAX_RATES: usize = 8;

/// The limits as a constant expression.
pub(crate) fn emit(limits: &[Model], runtime: &Runtime) -> TokenStream {
    let announced = limits.iter().filter(|limit| !limit.shadow).count();
    let emitted = limits.iter().enumerate().map(|(place, limit)| {
        let label = limit.label(&limits[..place]);
        limit.emit(&label, announced, runtime)
    });
    quote!(&[#(#emitted),*])
}

impl Model {
    /// Its name in metrics.
    fn label(&self, before: &[Self]) -> String {
        let attribute = Attribute::RateLimited.name();
        if before.is_empty() {
            return attribute.to_owned();
        }
        let trial = if self.is_trial_of(before) { "-shadow" } else { "" };
        format!("{attribute}:{}{trial}", self.key.label())
    }

    fn emit(&self, label: &str, announced: usize, runtime: &Runtime) -> TokenStream {
        let Self { rates, burst, key, missing, cost, shadow, places: _ } = self;
        let [limit, rate] = ["Limit", "Rate"].map(|name| runtime.item(name));
        let prefix = if announced > 1 { format!("{}-", key.label()) } else { String::new() };
        let rates = rates.iter().map(|model| {
            let name = if rates.len() == 1 && announced <= 1 { "default" } else { model.period.as_str() };
            let (name, RateModel { quota, nanos, .. }) = (format!("{prefix}{name}"), model);
            let burst = burst.map(|burst| quote!(.burst(#burst)));
            quote!(#rate::new(#name, #quota, #nanos) #burst)
        });
        let words = key.words();
        let key = key.emit(runtime);
        let missing = missing.map(|missing| missing.emit(runtime));
        let cost = cost.as_ref().map(|cost| cost.emit(runtime));
        let shadow = shadow.then(|| quote!(.shadow()));
        quote!(#limit::new(#label, #words, #key, &[#(#rates),*]) #missing #cost #shadow)
    }
}

impl Missing {
    fn emit(self, runtime: &Runtime) -> TokenStream {
        let missing = runtime.item("Missing");
        match self {
            Self::Anonymous => quote!(.missing(#missing::Anonymous)),
            Self::Reject => quote!(.missing(#missing::Reject)),
            Self::Skip => quote!(.missing(#missing::Skip)),
        }
    }
}

impl Cost {
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
