//! The only file that spells the path of the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

/// Where generated code finds the runtime: `::tollgate`, or what `crate = path` says.
#[derive(Clone)]
pub(crate) struct Runtime {
    root: TokenStream,
}

impl Runtime {
    /// Under the path that the user gave, or under its own name.
    pub(crate) fn at(root: Option<&Path>) -> Self {
        Self { root: root.map_or_else(|| quote!(::tollgate), ToTokens::to_token_stream) }
    }

    /// What generated code may name.
    pub(crate) fn item(&self, name: &str) -> TokenStream {
        self.item_at(name, Span::call_site())
    }

    /// The same, with errors reported at `span`.
    pub(crate) fn item_at(&self, name: &str, span: Span) -> TokenStream {
        let (root, name) = (&self.root, Ident::new(name, span));
        quote!(#root::__private::#name)
    }
}

/// Whether a path names an attribute that we generate, under whatever root.
pub(crate) fn is_generated(path: &Path, name: &str) -> bool {
    let mut last = path.segments.iter().rev();
    last.next().is_some_and(|segment| segment.ident == name)
        && last.next().is_some_and(|segment| segment.ident == "__private")
}
