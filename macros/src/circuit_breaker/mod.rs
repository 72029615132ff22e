//! `#[circuit_breaker(failure_rate = 0.5, open_for = "30s")]`.

mod opening;
mod options;
mod rule;
mod vocabulary;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ExprPath;

pub(crate) use self::options::Options;
pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, FunctionPath, span_of};
use crate::errors::Errors;
use crate::paths::Runtime;

/// One `#[circuit_breaker]`, valid by construction.
pub(crate) struct Model {
    options: Options,
    is_failure: Option<ExprPath>,
}

const IS_FAILURE: FunctionPath = FunctionPath {
    key: "is_failure",
    signature: "fn(&http::response::Parts) -> Verdict",
    example: ("fn verdict(answer: &http::response::Parts) -> Verdict", "verdict"),
};

impl Model {
    pub(crate) fn parse(arguments: &mut Arguments, errors: &Errors) -> Option<Self> {
        let options = Options::parse(arguments, errors);
        let is_failure = arguments.take("is_failure");
        let is_failure = is_failure.and_then(|named| IS_FAILURE.parse(&named, errors));
        Some(Self { options: options?, is_failure })
    }

    /// What it has in common with `call::circuit_breaker`.
    pub(crate) const fn options(&self) -> &Options {
        &self.options
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { options, is_failure } = self;
        let options = options.emit(runtime);
        // On the user's path, where the compiler says that its signature is another.
        let judged = is_failure.as_ref().map(|path| quote_spanned!(span_of(path)=> .judged_by(#path)));
        quote!(#options #judged)
    }
}
