//! Finding all `call::` attributes of a function in the first of them that the compiler expands.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

use super::attribute::Attribute;
use crate::collect::{Written, held_by, travellers};
use crate::function::Function;
use crate::paths::is_generated;

/// What stands on a function.
pub(super) struct Collected {
    /// Ours, in the order in which they were written.
    pub(super) ours: Vec<Written<Attribute>>,
    /// What has to be expanded before: `cfg`, and `cfg_attr` that holds one of ours.
    pub(super) before: Vec<syn::Attribute>,
}

/// Takes off the function what is ours and what goes before us. The rest stays.
pub(super) fn collect(first: Written<Attribute>, function: &mut Function) -> Collected {
    let mut collected = Collected { ours: vec![first], before: Vec::new() };
    for attribute in std::mem::take(&mut function.attrs) {
        if let Some(rest) = collected.take(attribute) {
            function.attrs.push(rest);
        }
    }
    collected
}

impl Collected {
    /// Keeps the attribute, or gives it back if it is none of our business.
    fn take(&mut self, attribute: syn::Attribute) -> Option<syn::Attribute> {
        let path = attribute.path();
        if is_generated(path, "calls") {
            // One of ours stood inside of a `cfg_attr`, and the ones around it have been postponed already.
            self.ours.extend(attribute.parse_args_with(travellers).unwrap_or_default());
        } else if path.is_ident("cfg") || (path.is_ident("cfg_attr") && concerns_us(&attribute)) {
            self.before.push(attribute);
        } else if let Some(kind) = Attribute::of_path(path) {
            self.ours.push(Written::absorbed(kind, &attribute));
        } else {
            return Some(attribute);
        }
        None
    }
}

/// Whether a `cfg_attr` holds one of ours.
fn concerns_us(attribute: &syn::Attribute) -> bool {
    held_by(attribute).iter().any(|meta| Attribute::of_path(meta.path()).is_some())
}

/// The function with what goes first in front, our attributes as one, and the rest.
pub(super) fn postpone(
    ours: &[Written<Attribute>],
    before: &[syn::Attribute],
    function: &Function,
    calls: &TokenStream,
) -> TokenStream {
    let arguments = Group::new(Delimiter::Parenthesis, quote!(#(#ours)*));
    // `cfg` decides whether there is a function at all, so nothing else may see it first.
    let (cfg, others): (Vec<_>, Vec<_>) =
        before.iter().partition(|attribute| attribute.path().is_ident("cfg"));
    quote!(#(#cfg)* #(#others)* #[#calls #arguments] #function)
}
