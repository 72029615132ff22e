//! What an item of `versions!` expands to: a type that stands for it, its site, and a handler whose one argument chooses.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Path, PathSegment};

use super::{Item, Model};
use crate::collect::name_of;
use crate::paths::Runtime;
use crate::site;

impl Item {
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { attrs, vis, name, .. } = self;
        let gate = name_of("__gate_", name);
        let (item, checks) = (self.item(&gate, runtime), self.checks(runtime));
        let document = self.document(runtime);
        let [dispatch, response, ways] = ["Dispatch", "Response", "Ways"].map(|name| runtime.item(name));
        quote! {
            #item
            #checks
            #document

            #(#attrs)*
            #vis async fn #name<Ways: #ways>(dispatch: #dispatch<#gate, Ways>) -> #response {
                dispatch.answer().await
            }
        }
    }

    /// The type that stands for it, and the statics by which the linker finds it.
    fn item(&self, gate: &Ident, runtime: &Runtime) -> TokenStream {
        let [item, site, guarded, version_item, version_items, linkme] =
            ["Item", "Site", "Guarded", "VersionItem", "VERSION_ITEMS", "linkme"]
                .map(|name| runtime.item(name));
        let describe = runtime.item("describe_item");
        let vis = &self.vis;
        let gates: Vec<_> = self.gates().collect();
        let members = gates.iter().rev().fold(quote!(()), |rest, gate| quote!((#gate, #rest)));
        let place = Ident::new("SITE", Span::call_site());
        let function = self.name.unraw().to_string();
        let registered = site::registered(&place, &function, None, &quote!(#describe::<#members>), runtime);
        let holes = self.places(&self.holes);
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types, clippy::exhaustive_enums)]
            #vis enum #gate {}

            impl #item<#members> for #gate {
                fn site() -> &'static #site {
                    #registered
                    &SITE
                }
            }

            const _: () = {
                #[#linkme::distributed_slice(#version_items)]
                #[linkme(crate = #linkme)]
                static ITEM: #version_item = #version_item {
                    site: <#gate as #item<#members>>::site,
                    members: || ::std::vec![#(<#gates as #guarded>::site()),*],
                    holes: #holes,
                    converted: &[],
                };
            };
        }
    }

    /// The places of versions, by the enum of the first handler.
    fn places(&self, variants: &[Ident]) -> TokenStream {
        let versions = self.members.first().map(|member| beside(member, "__versions_"));
        let places = variants.iter().map(|variant| quote!(#versions::#variant.__tollgate_place()));
        quote!(&[#(#places),*])
    }

    /// What the compiler is asked: whether all handlers are of one API, and whether no version has two.
    fn checks(&self, runtime: &Runtime) -> TokenStream {
        let members: Vec<_> = self.members.iter().zip(self.gates()).collect();
        let of_one_api = members.iter().map(|(path, gate)| {
            let (of_one_api, first) = (runtime.item_at("of_one_api", path.span()), &members[0].1);
            quote_spanned!(path.span()=> const _: fn() = #of_one_api::<#first, #gate, _>;)
        });
        let pairs = members
            .iter()
            .enumerate()
            .flat_map(|(place, later)| members.iter().take(place).map(move |earlier| (earlier, later)));
        let apart = pairs.map(|((one, first), (other, second))| {
            let [apart, guarded] = ["apart", "Guarded"].map(|name| runtime.item(name));
            let message = format!(
                "`{}` and `{}` answer one version both: end the range of the older one by `before = ..`, or make it `only = ..`",
                last_of(one),
                last_of(other)
            );
            quote_spanned! {other.span()=>
                const _: () = ::core::assert!(
                    #apart(<#first as #guarded>::POLICIES.version(), <#second as #guarded>::POLICIES.version()),
                    #message
                );
            }
        });
        quote!(#(#of_one_api)* #(#apart)*)
    }

    /// What a macro of the runtime turns into documentation, or into nothing where its feature is off.
    fn document(&self, runtime: &Runtime) -> TokenStream {
        let document = runtime.item("document_item");
        let path = name_of("__path_", &self.name);
        let documents = self.members.iter().map(|member| beside(member, "__path_"));
        let gates = self.gates();
        let (vis, name) = (&self.vis, self.name.unraw().to_string());
        quote!(#document! { [#vis] #name #path [#(#documents => #gates),*] })
    }

    /// The types that stand for its handlers.
    fn gates(&self) -> impl DoubleEndedIterator<Item = Path> {
        self.members.iter().map(|member| beside(member, "__gate_"))
    }
}

/// The path of what the attributes of a handler put beside it.
fn beside(handler: &Path, prefix: &str) -> Path {
    let mut path = handler.clone();
    if let Some(last) = path.segments.last_mut() {
        *last = PathSegment::from(name_of(prefix, &last.ident));
    }
    path
}

fn last_of(path: &Path) -> String {
    path.segments.last().map(|last| last.ident.unraw().to_string()).unwrap_or_default()
}

/// Handlers of those names, where an item is wrong, so that the router has no errors to add.
pub(crate) fn stand_in(model: &Model, runtime: &Runtime) -> TokenStream {
    let response = runtime.item("Response");
    let items = model.items.iter().map(|Item { vis, name, .. }| {
        quote! {
            #vis async fn #name() -> #response {
                ::core::unreachable!()
            }
        }
    });
    items.collect()
}
