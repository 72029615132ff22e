//! `#[call::with_metrics]`: no arguments of its own.

use proc_macro2::TokenStream;

use super::attribute::Attribute;
use crate::args::{Arguments, Vocabulary};
use crate::errors::Errors;
use crate::paths::Runtime;
use crate::with_metrics;

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    common: &["name", "crate"],
    unnamed: "take this away, or write `name = \"weather\"` to name the function",
    foreign: &[
        ("labels", "the labels are the site and the outcome, so that their number is bounded: take it away"),
        ("tags", "the labels are the site and the outcome, so that their number is bounded: take it away"),
        ("buckets", "they are the same for all functions, so that they can be added: take it away"),
        ("histogram", "how long calls take is measured anyhow: take it away"),
        ("counter", "calls are counted anyhow: take it away"),
        ("state", "a function that other code calls has no router: take it away"),
    ],
    ..Vocabulary::named(Attribute::WithMetrics.name())
};

/// One `#[call::with_metrics]`.
pub(super) struct Model(with_metrics::Model);

impl Model {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Self {
        Self(with_metrics::Model::parse(arguments, errors))
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        self.0.emit(runtime)
    }
}
