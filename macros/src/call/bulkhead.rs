//! `#[call::bulkhead(max_concurrent = 8, queue = 16, wait = "1s")]`: what it says is what it says on a handler.

use proc_macro2::{Ident, TokenStream};

use super::attribute::Attribute;
use crate::args::{Arguments, Vocabulary};
use crate::bulkhead;
use crate::errors::Errors;
use crate::paths::Runtime;

pub(super) const VOCABULARY: Vocabulary =
    Vocabulary { common: &["name", "crate"], attribute: Attribute::Bulkhead.name(), ..bulkhead::VOCABULARY };

/// One `#[call::bulkhead]`, valid by construction.
pub(super) struct Model(bulkhead::Model);

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        bulkhead::Model::parse(arguments, attribute, Attribute::Bulkhead.name(), errors).map(Self)
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        self.0.emit(runtime)
    }
}
