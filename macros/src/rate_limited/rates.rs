//! `"100/minute", burst = 200`: what stands without a key, and the burst that belongs to it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::LitStr;

use super::Form;
use crate::args::{Arguments, Named, RateModel, is_rate, parse_rates, text_literal};
use crate::errors::Errors;
use crate::paths::Runtime;

/// Rates that hold together, no two of one period.
pub(crate) struct RateList {
    rates: Vec<RateModel>,
    burst: Option<Burst>,
    /// Where they stand: the first of them, or what declares them.
    place: TokenStream,
}

/// The most that may be sent at once, where it is not the quota.
struct Burst {
    key: Ident,
    number: u32,
}

impl RateList {
    /// Empty where something is wrong with them, which has been reported.
    pub(crate) fn parse(arguments: &mut Arguments, form: &Form, declared: &Ident, errors: &Errors) -> Self {
        let literals = literals(arguments, form, declared, errors);
        let rates = rates(&literals, errors);
        let burst = arguments.take("burst").and_then(|named| Burst::parse(named, &rates, errors));
        let place = literals.first().map_or_else(|| declared.to_token_stream(), ToTokens::to_token_stream);
        Self { rates, burst, place }
    }

    pub(crate) fn len(&self) -> usize {
        self.rates.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rates.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &RateModel> {
        self.rates.iter()
    }

    /// What the lowest of them admits at once.
    pub(crate) fn capacity(&self) -> Option<u32> {
        let burst = self.burst.as_ref().map(|burst| burst.number);
        self.rates.iter().map(|rate| burst.unwrap_or(rate.quota)).min()
    }

    /// The key of the burst and its number, where one is written.
    pub(crate) fn burst(&self) -> Option<(&Ident, u32)> {
        self.burst.as_ref().map(|burst| (&burst.key, burst.number))
    }

    /// Where they stand.
    pub(crate) const fn place(&self) -> &TokenStream {
        &self.place
    }

    /// As a constant list. Each is called by its period; where no others stand beside them, `alone` is what a single one is called.
    pub(crate) fn emit(&self, prefix: &str, alone: Option<&str>, runtime: &Runtime) -> TokenStream {
        let rate = runtime.item("Rate");
        let alone = alone.filter(|_| self.rates.len() == 1);
        let rates = self.rates.iter().map(|RateModel { quota, nanos, period }| {
            let name = alone.map_or_else(|| format!("{prefix}{period}"), str::to_owned);
            let burst = self.burst.as_ref().map(|Burst { number, .. }| quote!(.burst(#number)));
            quote!(#rate::new(#name, #quota, #nanos) #burst)
        });
        quote!(&[#(#rates),*])
    }
}

fn literals(arguments: &mut Arguments, form: &Form, declared: &Ident, errors: &Errors) -> Vec<LitStr> {
    let positional = arguments.take_positional();
    if positional.as_ref().is_some_and(Vec::is_empty) {
        let name = form.name();
        let message = if arguments.has("tiers") {
            let instead = form.with("\"100/minute\", tiers = ..");
            format!("`{name}` needs a rate beside `tiers`, the one that documents show: write `{instead}`")
        } else {
            format!("`{name}` needs a rate: write `{}`", form.with("\"100/minute\""))
        };
        errors.at(declared, message);
    }
    let rates = positional.unwrap_or_default();
    rates.iter().filter_map(|tokens| text_literal(tokens, errors, no_text)).collect()
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

impl Burst {
    fn parse(named: Named, rates: &[RateModel], errors: &Errors) -> Option<Self> {
        let number = named.positive("burst = 200", errors)?;
        if rates.len() > 1 {
            errors.at(
                &named.key,
                "`burst` belongs to one rate, and there are several: take it away, or write one rate",
            );
        } else if rates.iter().any(|rate| !rate.can_refill(number)) {
            errors.at(&named.value, "this burst takes more than a century to refill at this rate: lower it");
        }
        Some(Self { key: named.key, number })
    }
}
