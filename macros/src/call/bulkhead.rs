//! `#[call::bulkhead(max_concurrent = 8, queue = 16, wait = "1s")]`.

use proc_macro2::TokenStream;
use quote::quote;

use super::attribute::Attribute;
use crate::args::{Arguments, Vocabulary};
use crate::errors::Errors;
use crate::paths::Runtime;

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["max_concurrent"],
    common: &["name", "crate"],
    ..Vocabulary::named(Attribute::Bulkhead.name())
};

/// One `#[call::bulkhead]`, valid by construction.
pub(super) struct Model(u32);

impl Model {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Option<Self> {
        arguments.take("max_concurrent")?.positive("max_concurrent = 8", errors).map(Self)
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let (bulkhead, most) = (runtime.item("Bulkhead"), self.0);
        quote!(#bulkhead::new(#most))
    }
}
