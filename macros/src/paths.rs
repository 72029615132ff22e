//! The only file that spells the path of the runtime.

use proc_macro2::{Ident, Span, TokenStream};
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
        let (root, name) = (self.root(), Ident::new(name, Span::call_site()));
        quote!(#root::__private::#name)
    }

    /// The same, with errors reported at `span`. All of the path stands there, because the compiler reports a path of
    /// several places on the whole attribute; but not a path of the user's, which its lints would then read as such.
    pub(crate) fn item_at(&self, name: &str, span: Span) -> TokenStream {
        let name = Ident::new(name, span);
        match &self.written {
            None => quote_spanned!(span=> ::tollgate::__private::#name),
            Some(root) => quote!(#root::__private::#name),
        }
    }

    /// Brings traits into scope, for the sake of their methods.
    pub(crate) fn traits<const N: usize>(&self, names: [&str; N]) -> TokenStream {
        let root = self.root();
        let names = names.map(|name| Ident::new(name, Span::call_site()));
        quote!(use #root::__private::{#(#names as _),*};)
    }

    fn root(&self) -> TokenStream {
        self.written.as_ref().map_or_else(|| quote!(::tollgate), ToTokens::to_token_stream)
    }
}

/// Whether a path names an attribute that we generate, under whatever root.
pub(crate) fn is_generated(path: &Path, name: &str) -> bool {
    let mut last = path.segments.iter().rev();
    last.next().is_some_and(|segment| segment.ident == name)
        && last.next().is_some_and(|segment| segment.ident == "__private")
}

/// Whether a path leads to what only generated code names.
#[cfg(test)]
pub(crate) fn is_of_runtime(path: &Path) -> bool {
    path.segments.iter().any(|segment| segment.ident == "__private")
}
