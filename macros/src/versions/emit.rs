//! What an item of `versions!` expands to: a type that stands for it, its site, and a handler whose one argument chooses.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Path, PathSegment};

use super::{Conversion, Item, Model};
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
        let holes = self.places(self.holes.iter());
        let converted = self.places(self.conversions.iter().map(|conversion| &conversion.version));
        let conversions = self.conversions(runtime);
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types, clippy::exhaustive_enums)]
            #vis enum #gate {}

            impl #item<#members> for #gate {
                #conversions

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
                    converted: #converted,
                };
            };
        }
    }

    /// The places of versions.
    fn places<'a>(&self, variants: impl Iterator<Item = &'a Ident>) -> TokenStream {
        let places = variants.map(|variant| self.place(variant));
        quote!(&[#(#places),*])
    }

    /// The place of a version, by the enum of the first handler.
    fn place(&self, variant: &Ident) -> TokenStream {
        let versions = self.members.first().map(|member| beside(member, "__versions_"));
        quote!(#versions::#variant.__tollgate_place())
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
        let steps = self.steps(runtime);
        quote!(#(#of_one_api)* #(#apart)* #steps)
    }

    /// How versions without a handler are answered: the functions of neighbours one after another, on the user's own tokens.
    fn conversions(&self, runtime: &Runtime) -> Option<TokenStream> {
        let first = self.conversions.first()?;
        let conversion = runtime.item("Conversion");
        let newest = self.place(&first.version);
        let conversions = (0..self.conversions.len()).map(|index| {
            // From the converted version to that of the handler: the newest stands first.
            let chain = &self.conversions[..=index];
            let place = self.place(&self.conversions[index].version);
            let (request, response) = (lifted(chain, runtime), lowered(chain, runtime));
            quote!(#conversion::new(#place, #newest) #request #response)
        });
        Some(quote! {
            #[allow(clippy::redundant_closure, clippy::result_large_err)]
            const CONVERSIONS: &'static [#conversion] = &[#(#conversions),*];
        })
    }

    /// Whether each converted version is the neighbour of the one that it is converted to.
    fn steps(&self, runtime: &Runtime) -> TokenStream {
        let guarded = runtime.item("Guarded");
        let mut steps = TokenStream::new();
        for (index, conversion) in self.conversions.iter().enumerate() {
            let (version, place) = (&conversion.version, self.place(&conversion.version));
            let (holds, message) = match index.checked_sub(1).map(|index| &self.conversions[index].version) {
                None => {
                    let (continued, gates) = (runtime.item("continued"), self.gates());
                    let message = format!(
                        "`{version}` is converted to the version that follows it, and no handler of this item answers that one, or one answers `{version}` itself: \
                         write the conversions of all versions between, the newest first"
                    );
                    (quote!(#continued(#place, &[#(<#gates as #guarded>::POLICIES.version()),*])), message)
                }
                Some(newer) => {
                    let newer_place = self.place(newer);
                    let message = format!(
                        "`{version}` is converted to `{newer}`, which does not follow it: a step is missing, or they stand in another order; the newest \
                         stands first"
                    );
                    (quote!(#place + 1 == #newer_place), message)
                }
            };
            steps.extend(quote_spanned!(version.span()=> const _: () = ::core::assert!(#holds, #message);));
        }
        steps
    }

    /// What a macro of the runtime turns into documentation, or into nothing where its feature is off.
    fn document(&self, runtime: &Runtime) -> TokenStream {
        let document = runtime.item("document_item");
        let path = name_of("__path_", &self.name);
        let documents = self.members.iter().map(|member| beside(member, "__path_"));
        let gates = self.gates();
        let (vis, name) = (&self.vis, self.name.unraw().to_string());
        let newest = self.conversions.first().map(|first| self.place(&first.version));
        let converted = (0..self.conversions.len()).map(|index| {
            let chain = &self.conversions[..=index];
            let place = self.place(&self.conversions[index].version);
            let request = chain.iter().rev().find_map(|conversion| conversion.request.as_ref());
            let response = chain.iter().rev().find_map(|conversion| conversion.response.as_ref());
            quote!((#place, #newest, [#request], [#response]))
        });
        quote!(#document! { [#vis] #name #path [#(#documents => #gates),*] [#(#converted),*] })
    }

    /// The types that stand for its handlers.
    fn gates(&self) -> impl DoubleEndedIterator<Item = Path> {
        self.members.iter().map(|member| beside(member, "__gate_"))
    }
}

/// The bodies of requests, from the oldest version on.
fn lifted(chain: &[Conversion], runtime: &Runtime) -> Option<TokenStream> {
    let steps: Vec<_> = chain.iter().rev().filter_map(|conversion| conversion.request.as_ref()).collect();
    let (first, further) = steps.split_first()?;
    let [lift, response] = ["lift", "IntoResponse"].map(|name| runtime.item(name));
    let body = Ident::new("body", Span::mixed_site());
    let converted =
        |step: &Path| quote_spanned!(step.span()=> #step(#body).map_err(#response::into_response));
    let further = further.iter().map(|step| {
        let converted = converted(step);
        quote_spanned!(step.span()=> .and_then(|#body| #converted))
    });
    let converted = converted(first);
    Some(quote_spanned!(first.span()=> .request(|bytes| #lift(bytes, |#body| #converted #(#further)*))))
}

/// The bodies of answers, from the newest version on.
fn lowered(chain: &[Conversion], runtime: &Runtime) -> Option<TokenStream> {
    let steps: Vec<_> = chain.iter().filter_map(|conversion| conversion.response.as_ref()).collect();
    let (first, lower) = (steps.first()?, runtime.item("lower"));
    let body = Ident::new("body", Span::mixed_site());
    let converted =
        steps.iter().fold(quote!(#body), |so_far, step| quote_spanned!(step.span()=> #step(#so_far)));
    Some(quote_spanned!(first.span()=> .response(|bytes| #lower(bytes, |#body| #converted))))
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
