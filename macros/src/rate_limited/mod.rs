//! `#[rate_limited("100/minute", burst = 200, key = ip)]`.

mod budget;
mod charge;
mod choices;
mod form;
mod key;
mod rates;
mod together;
mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ExprPath;

pub(crate) use self::budget::Budget;
use self::charge::ChargeOn;
use self::choices::Missing;
pub(crate) use self::form::{Form, HANDLER};
use self::key::KeyModel;
pub(crate) use self::rates::RateList;
pub(crate) use self::together::{MAX_RATES, settle};
pub(crate) use self::vocabulary::{RATES_ELSEWHERE, VOCABULARY};
use crate::args::{Arguments, FunctionPath, Named, span_of};
use crate::errors::Errors;
use crate::paths::Runtime;

/// One `#[rate_limited]`, valid by construction.
pub(crate) struct Model {
    budget: Budget,
    key: KeyModel,
    missing: Option<Missing>,
    tiers: Option<ExprPath>,
    charge_on: Option<ChargeOn>,
    /// Whether it says that it stands behind `authorize`; one that counts by the principal does anyhow.
    after_authorize: bool,
    places: Places,
}

/// Where the parts stand, for errors that another attribute brings up.
struct Places {
    attribute: Ident,
    /// `None` where the key is the default.
    key: Option<TokenStream>,
    after: Option<TokenStream>,
}

impl Model {
    /// Of what is declared in this form; `attribute` is what stands for the whole where something is missing.
    pub(crate) fn parse(
        arguments: &mut Arguments,
        form: &Form,
        attribute: &Ident,
        errors: &Errors,
    ) -> Option<Self> {
        let budget = Budget::parse(arguments, form, attribute, errors);
        let missing = arguments.take("missing").and_then(|named| Missing::parse(&named, errors));
        let tiers = arguments.take("tiers").and_then(|named| tiers(&named, &budget, errors));
        let charge_on = arguments.take("charge_on").and_then(|named| charge_on(&named, &budget, errors));
        let after = arguments.take("after");
        let after_authorize = after.as_ref().is_some_and(|named| choices::after_authorize(named, errors));
        let key = arguments.take("key");
        let places = Places {
            attribute: attribute.clone(),
            key: key.as_ref().and_then(|key| key.value.clone()),
            after: after.map(|Named { key, value }| quote!(#key #value)),
        };
        let key = key.map_or(Some(KeyModel::Address), |named| KeyModel::parse(&named, errors))?;
        let model = Self { budget, key, missing, tiers, charge_on, after_authorize, places };
        model.check_after(errors);
        (!model.budget.rates().is_empty()).then_some(model)
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
}

const TIERS: FunctionPath = FunctionPath {
    key: "tiers",
    signature: "fn(&RequestFacts<'_>) -> Rates",
    example: ("fn plan(facts: &RequestFacts<'_>) -> Rates", "plan"),
};

/// A burst belongs to a rate, and the rates are what the function chooses.
fn tiers(named: &Named, budget: &Budget, errors: &Errors) -> Option<ExprPath> {
    if let Some((key, burst)) = budget.rates().burst() {
        errors.at(
            key,
            format!("`burst` belongs to the rates that `tiers` chooses: write it there, as in `rates!(\"100/minute\", burst = {burst})`"),
        );
    }
    TIERS.parse(named, errors)
}

/// What is given back after an answer was asked for alone.
fn charge_on(named: &Named, budget: &Budget, errors: &Errors) -> Option<ChargeOn> {
    if budget.is_leased() {
        errors.at(
            &named.key,
            "`charge_on` settles every request by itself, and `lease` takes permits for many at once: take one of them away",
        );
    }
    ChargeOn::parse(named, errors)
}

/// The limits as a constant expression, in the order in which they were settled; `whose` they are, where that is to tell
/// them from a function's.
pub(crate) fn emit(limits: &[Model], whose: Option<&str>, runtime: &Runtime) -> TokenStream {
    let is_alone = limits.iter().filter(|limit| !limit.budget.is_shadow()).count() <= 1;
    let emitted = limits.iter().enumerate().map(|(place, limit)| {
        let label = limit.label(place, limits);
        limit.emit(&label, is_alone, whose, runtime)
    });
    quote!(&[#(#emitted),*])
}

impl Model {
    fn emit(&self, label: &str, is_alone: bool, whose: Option<&str>, runtime: &Runtime) -> TokenStream {
        let Self { budget, key, missing, tiers, charge_on, after_authorize, places: _ } = self;
        let limit = runtime.item("Limit");
        let key_label = (!is_alone).then(|| key.label());
        let prefix =
            whose.into_iter().chain(key_label.as_deref()).fold(String::new(), |all, one| all + one + "-");
        let alone = is_alone.then(|| whose.unwrap_or("default"));
        let rates = budget.rates().emit(&prefix, alone, runtime);
        let words = key.words();
        let key = key.emit(runtime);
        let missing = missing.map(|missing| missing.emit(runtime));
        let after = after_authorize.then(|| quote!(.after_authorize()));
        let prefix = (!prefix.is_empty()).then(|| quote!(.prefix(#prefix)));
        // On the user's path, where the compiler says that its signature is another.
        let tiers = tiers.as_ref().map(|path| quote_spanned!(span_of(path)=> .tiers(#path)));
        let charge_on = charge_on.as_ref().map(ChargeOn::emit);
        let budget = budget.emit(runtime);
        quote!(#limit::new(#label, #words, #key, #rates) #prefix #budget #missing #after #tiers #charge_on)
    }
}
