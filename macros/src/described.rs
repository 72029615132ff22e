//! What the policies behind the extractors are told of the function's arguments, before these move: templates, filled in.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::GenericParam;

use crate::bindings::Bindings;
use crate::function::Function;
use crate::paths::Runtime;
use crate::template::Template;

/// What generated code is asked for, as the runtime calls it, and the templates that answer it.
pub(crate) struct Described<'a> {
    /// Whether answers are kept, by that key or by path and query.
    pub(crate) is_cached: bool,
    pub(crate) key: Option<&'a Template>,
    pub(crate) tags: &'a [Template],
    pub(crate) gone_tags: &'a [Template],
    pub(crate) gone_keys: &'a [Template],
}

impl Described<'_> {
    fn templates(&self) -> impl Iterator<Item = &Template> {
        self.key.into_iter().chain(self.tags).chain(self.gone_tags).chain(self.gone_keys)
    }

    /// What tells answers apart beside what the request says: without a key of the function's own, its types alone.
    fn key_texts(&self, function: &Function) -> impl Iterator<Item = TokenStream> {
        let types = instantiation(function).filter(|_| self.is_cached);
        self.key.into_iter().flat_map(key_texts).chain(types)
    }

    /// A closure over the arguments, the question, and where the answers go.
    pub(crate) fn emit(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let key: Vec<_> = self.key_texts(function).collect();
        if key.is_empty() && self.templates().next().is_none() {
            return quote!(|_, _, _| {});
        }
        // The user may call an argument anything.
        let [wanted, texts] = ["wanted", "texts"].map(|name| Ident::new(name, Span::mixed_site()));
        let pattern = Bindings::of(function).pattern(self.templates()).unwrap_or_else(|| quote!(_));
        let kind = runtime.item("Wanted");
        let add = |template: TokenStream| quote!(#texts.add(#template););
        let arm = |asked: &str, templates: &[Template]| {
            let asked = Ident::new(asked, Span::call_site());
            let added = templates.iter().map(|template| add(template.emit()));
            (!templates.is_empty()).then(|| quote!(#kind::#asked => { #(#added)* }))
        };
        let key: Vec<_> = key.into_iter().map(add).collect();
        let key = (!key.is_empty()).then(|| quote!(#kind::Key => { #(#key)* }));
        let others = [("Tags", self.tags), ("GoneTags", self.gone_tags), ("GoneKeys", self.gone_keys)];
        let others = others.map(|(asked, templates)| arm(asked, templates));
        quote! {
            #[allow(unused_variables)]
            |#pattern, #wanted, #texts| match #wanted {
                #key
                #(#others)*
                _ => {}
            }
        }
    }
}

/// A key in full, which is what it is thrown away by; where it has several parts, each of them as well, because `a-b` and `c` are not `a` and
/// `b-c`, whatever stands between them.
fn key_texts(key: &Template) -> impl Iterator<Item = TokenStream> {
    let parts: Vec<_> = key.emit_parts().collect();
    let parts = if parts.len() > 1 { parts } else { Vec::new() };
    [key.emit()].into_iter().chain(parts)
}

/// What tells the instantiations of a generic function apart, which are one site: two of them may be asked for by one path, and what
/// else a key holds is the same for both.
fn instantiation(function: &Function) -> impl Iterator<Item = TokenStream> {
    function.sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(ty) => {
            let name = &ty.ident;
            Some(quote!(::core::format_args!("{}", ::core::any::type_name::<#name>())))
        }
        GenericParam::Const(constant) => {
            let name = &constant.ident;
            Some(quote!(::core::format_args!("{}", #name)))
        }
        GenericParam::Lifetime(_) => None,
    })
}
