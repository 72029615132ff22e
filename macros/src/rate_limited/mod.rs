//! `#[rate_limited("100/minute", burst = 200, key = ip)]`.

mod key;
mod together;
mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ExprPath, LitInt, LitStr};

use self::key::KeyModel;
pub(crate) use self::together::settle;
pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, Named, RateModel, is_rate, parse_rates, span_of, text_literal};
use crate::errors::Errors;
use crate::paths::Runtime;

/// One `#[rate_limited]`, valid by construction.
pub(crate) struct Model {
    rates: Vec<RateModel>,
    burst: Option<u32>,
    key: KeyModel,
    missing: Option<Missing>,
    cost: Option<Cost>,
    /// Whether it says that it stands behind `authorize`; one that counts by the principal does anyhow.
    after_authorize: bool,
    shadow: bool,
    places: Places,
}

/// Where the parts stand, for errors that another attribute brings up.
struct Places {
    attribute: Ident,
    rates: Option<LitStr>,
    /// `None` where the key is the default.
    key: Option<TokenStream>,
    after: Option<TokenStream>,
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
        let after = arguments.take("after");
        let after_authorize = after.as_ref().is_some_and(|named| named.word(AFTER, errors).is_some());
        let shadow = arguments.take("shadow").is_some_and(|named| named.flag(errors));
        let key = arguments.take("key");
        let places = Places {
            attribute: attribute.clone(),
            rates: literals.into_iter().next(),
            key: key.as_ref().and_then(|key| key.value.clone()),
            after: after.map(|Named { key, value }| quote!(#key #value)),
        };
        let key = key.map_or(Some(KeyModel::Address), |named| KeyModel::parse(&named, errors))?;
        let model = Self { rates, burst, key, missing, cost, after_authorize, shadow, places };
        model.check_after(errors);
        (!model.rates.is_empty()).then_some(model)
    }

    /// What says the same twice would make a reader believe that it could be otherwise.
    fn check_after(&self, errors: &Errors) {
        if self.after_authorize && self.key.names_principal() {
            let key = self.key.words();
            errors.at(
                self.places.after(),
                format!("a limit by {key} stands behind `authorize` anyhow, because it has to know the principal: take `after = authorize` away"),
            );
        }
    }

    /// Whether its place is behind `authorize`, where there is one.
    fn stands_behind(&self) -> bool {
        self.after_authorize || self.key.names_principal()
    }
}

impl Places {
    fn key(&self) -> TokenStream {
        self.key.clone().unwrap_or_else(|| self.attribute.to_token_stream())
    }

    fn after(&self) -> TokenStream {
        self.after.clone().unwrap_or_else(|| self.attribute.to_token_stream())
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

const AFTER: &[(&str, ())] = &[("authorize", ())];

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

/// The limits as a constant expression.
pub(crate) fn emit(limits: &[Model], runtime: &Runtime) -> TokenStream {
    let announced = limits.iter().filter(|limit| !limit.shadow).count();
    let emitted = limits.iter().enumerate().map(|(place, limit)| {
        let label = limit.label(place, limits);
        limit.emit(&label, announced, runtime)
    });
    quote!(&[#(#emitted),*])
}

impl Model {
    fn emit(&self, label: &str, announced: usize, runtime: &Runtime) -> TokenStream {
        let Self { rates, burst, key, missing, cost, after_authorize, shadow, places: _ } = self;
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
        let after = after_authorize.then(|| quote!(.after_authorize()));
        let shadow = shadow.then(|| quote!(.shadow()));
        quote!(#limit::new(#label, #words, #key, &[#(#rates),*]) #missing #cost #after #shadow)
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
