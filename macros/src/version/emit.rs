//! What `derive(ApiVersion)` expands to: a table, and the places of the variants in it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::{Model, Version, variants_of};
use crate::paths::Runtime;

impl Model<'_> {
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let versions: Vec<_> = self.versions.iter().map(|version| version.emit(runtime)).collect();
        let variants: Vec<_> =
            self.versions.iter().map(|version| version.variant).map(|variant| quote!(#variant)).collect();
        let places = 0..variants.len();
        let at = quote! {
            match place {
                #(#places => ::core::option::Option::Some(Self::#variants),)*
                _ => ::core::option::Option::None,
            }
        };
        emit(self.input, &versions, &variants, &at, self.default, runtime)
    }
}

impl Version<'_> {
    fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { variant: _, name, deprecated, sunset, link, is_gone, is_preview } = self;
        let info = runtime.item("VersionInfo");
        let label = format!("versioned:{name}");
        let deprecated = deprecated.map(|second| quote!(.deprecated(#second)));
        let sunset = sunset.map(|second| quote!(.sunset(#second)));
        let link = link.as_ref().map(|link| quote!(.link(#link)));
        let gone = is_gone.then(|| quote!(.gone()));
        let preview = is_preview.then(|| quote!(.preview()));
        quote!(#info::new(#name, #label) #deprecated #sunset #link #gone #preview)
    }
}

/// In the place of what is wrong, so that nothing else is that names it.
pub(crate) fn stand_in(input: &DeriveInput, runtime: &Runtime) -> TokenStream {
    let variants = variants_of(input);
    if variants.is_empty() || !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let info = runtime.item("VersionInfo");
    let versions: Vec<_> = variants.iter().map(|_| quote!(#info::new("", ""))).collect();
    let at = quote!(::core::option::Option::None);
    emit(input, &versions, &variants, &at, Some(0), runtime)
}

fn emit(
    input: &DeriveInput,
    versions: &[TokenStream],
    variants: &[TokenStream],
    at: &TokenStream,
    default: Option<usize>,
    runtime: &Runtime,
) -> TokenStream {
    let ident = &input.ident;
    let [table, api_version, asked, extractor, parts, response] =
        ["VersionTable", "ApiVersion", "asked_version", "FromRequestParts", "Parts", "Response"]
            .map(|name| runtime.item(name));
    let default = default.map_or_else(
        || quote!(::core::option::Option::None),
        |place| quote!(::core::option::Option::Some(#place)),
    );
    let type_name = ident.to_string();
    let places: Vec<_> = (0..variants.len()).collect();
    quote! {
        #[automatically_derived]
        impl #ident {
            #[doc(hidden)]
            #[allow(dead_code, unreachable_patterns)]
            pub const fn __tollgate_place(self) -> usize {
                match self {
                    #(Self::#variants { .. } => #places),*
                }
            }
        }

        const _: () = {
            // Its address tells the API from others.
            static VERSIONS: #table = #table::new(#type_name, &[#(#versions),*], #default);

            #[automatically_derived]
            impl #api_version for #ident {
                const TABLE: &'static #table = &VERSIONS;

                fn place(self) -> usize {
                    self.__tollgate_place()
                }

                #[allow(unused_variables)]
                fn at(place: usize) -> ::core::option::Option<Self> {
                    #at
                }
            }

            #[automatically_derived]
            impl<S: ::core::marker::Send + ::core::marker::Sync> #extractor<S> for #ident {
                type Rejection = #response;

                async fn from_request_parts(parts: &mut #parts, _: &S) -> ::core::result::Result<Self, #response> {
                    #asked(parts)
                }
            }
        };
    }
}
