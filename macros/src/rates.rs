//! `rates!("100/minute", burst = 200)`: rates as a constant, for the function that chooses among them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::args::{Arguments, Vocabulary};
use crate::errors::Errors;
use crate::paths::Runtime;
use crate::rate_limited::{Form, MAX_RATES, RATES_ELSEWHERE, RateList};

const FORM: Form = Form { vocabulary: &VOCABULARY, around: ("rates!(", ")") };

const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["burst"],
    common: &["crate"],
    renamed: &[("burst_size", "burst"), ("capacity", "burst"), ("max_burst", "burst")],
    foreign: &[
        ("key", IN_ATTRIBUTE),
        ("missing", IN_ATTRIBUTE),
        ("cost", IN_ATTRIBUTE),
        ("algorithm", IN_ATTRIBUTE),
        ("charge_on", IN_ATTRIBUTE),
        ("after", IN_ATTRIBUTE),
        ("shadow", IN_ATTRIBUTE),
        ("on_store_error", IN_ATTRIBUTE),
        ("lease", IN_ATTRIBUTE),
        ("share", IN_ATTRIBUTE),
        ("name", "a tier is called as the constant is that holds it: take this away"),
        ("role", "write `RoleRates::new(rates!(\"10/minute\")).role(\"pro\", rates!(\"100/minute\"))`"),
    ],
    foreign_positional: RATES_ELSEWHERE,
    takes_positional: true,
    ..Vocabulary::named("rates!")
};

const IN_ATTRIBUTE: &str =
    "it holds for all tiers, so it stands in the `#[rate_limited(..)]` that names them";

/// Rates, valid by construction.
pub(crate) struct Model(RateList);

impl Model {
    /// Of the arguments of the macro; without any rate where something is wrong, which has been reported.
    pub(crate) fn parse(tokens: TokenStream, errors: &Errors) -> Self {
        let mut arguments = Arguments::parse(tokens, &VOCABULARY, errors);
        if let Some(root) = arguments.take("crate") {
            let _ = root.path("crate = my_facade::tollgate", errors);
        }
        let rates = RateList::parse(&mut arguments, &FORM, &Ident::new("rates", Span::call_site()), errors);
        if rates.len() > MAX_RATES {
            let found = rates.len();
            errors.at(
                rates.place(),
                format!(
                    "a function has at most {MAX_RATES} rates in all, and here are {found}: take some away"
                ),
            );
        }
        Self(rates)
    }

    /// A constant, wherever it stands.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self(rates) = self;
        constant(&rates.emit("", Some("default"), runtime), runtime)
    }
}

/// What has the type of the rates that could not be read.
pub(crate) fn stand_in(runtime: &Runtime) -> TokenStream {
    let rate = runtime.item("Rate");
    constant(&quote!(&[#rate::new("default", 1, 1_000_000_000)]), runtime)
}

/// In a function a reference to what `const fn`s make would be one to a temporary value.
fn constant(list: &TokenStream, runtime: &Runtime) -> TokenStream {
    let rates = runtime.item("Rates");
    quote!({
        const RATES: #rates = #rates::new(#list);
        RATES
    })
}
