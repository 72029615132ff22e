//! The only file that spells the path of the runtime.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;

/// Where generated code finds the runtime: `::tollgate`, or what `crate = path` says.
#[derive(Clone)]
pub(crate) struct Runtime {
    written: Option<Path>,
}

impl Runtime {
    /// Under the path that the user gave, or under its own name.
    pub(crate) fn at(written: Option<Path>) -> Self {
        Self { written }
    }

    /// What generated code may name.
    pub(crate) fn item(&self, name: &str) -> TokenStream {
        let (root, name) = (self.root(Span::call_site()), Ident::new(name, Span::call_site()));
        quote!(#root::__private::#name)
    }

    /// The same, with errors reported at `span`: all of the path stands there, because the compiler reports a path
    /// of several places on the whole attribute.
    pub(crate) fn item_at(&self, name: &str, span: Span) -> TokenStream {
        let root = self.root(span).into_iter().map(|token| located(token, span));
        let (root, name) = (root.collect::<TokenStream>(), Ident::new(name, span));
        quote_spanned!(span=> #root::__private::#name)
    }

    /// Brings traits into scope, for the sake of their methods.
    pub(crate) fn traits<const N: usize>(&self, names: [&str; N]) -> TokenStream {
        let root = self.root(Span::call_site());
        let names = names.map(|name| Ident::new(name, Span::call_site()));
        quote!(use #root::__private::{#(#names as _),*};)
    }

    fn root(&self, span: Span) -> TokenStream {
        self.written.as_ref().map_or_else(|| quote_spanned!(span=> ::tollgate), ToTokens::to_token_stream)
    }
}

/// The same token at another place.
fn located(mut token: TokenTree, span: Span) -> TokenTree {
    token.set_span(token.span().located_at(span));
    token
}

/// Whether a path names an attribute that we generate, under whatever root.
pub(crate) fn is_generated(path: &Path, name: &str) -> bool {
    let mut last = path.segments.iter().rev();
    last.next().is_some_and(|segment| segment.ident == name)
        && last.next().is_some_and(|segment| segment.ident == "__private")
}
