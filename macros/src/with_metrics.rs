//! `#[with_metrics]`: no arguments of its own.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::{Arguments, Vocabulary};
use crate::attribute::Attribute;
use crate::errors::Errors;
use crate::paths::Runtime;

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    foreign: &[
        ("labels", "the labels are the site, the policy and the outcome, so that their number is bounded"),
        ("buckets", "take it away"),
        ("objective", "take it away"),
    ],
    ..Vocabulary::of(Attribute::WithMetrics)
};

/// One `#[with_metrics]`.
pub(crate) struct Model;

impl Model {
    pub(crate) fn parse(_: &mut Arguments, _: &Errors) -> Self {
        Self
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self = self;
        let policy = runtime.item("WithMetrics");
        quote!(#policy::new())
    }
}
