//! What `derive(Paginate)` becomes: a constant, and one call for each field.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DeriveInput, Type};

use super::fields::{Paged, inner_of_option};
use super::{Model, Style};
use crate::data::{mentions_parameter, where_clause};
use crate::derive::Derive;
use crate::paths::Runtime;

impl Model<'_> {
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let (mut values, mut filters) = (Vec::new(), Vec::new());
        for (place, paged) in self.paged.iter().enumerate() {
            let place = Literal::usize_unsuffixed(place);
            let value = self.value(paged, runtime);
            values.push(quote!(#place => #value,));
            let filter = paged.filters.then(|| self.filter(paged, runtime));
            filters.extend(filter.map(|filter| quote!(#place => #filter,)));
        }
        let implementation = Implementation { paging: self.paging(runtime), values, filters };
        let implementation = implementation.emit(self.input, &self.bounds(runtime), runtime);
        // Of a type without parameters the constant is built here, whether pages of it are ever asked for or not.
        let is_generic = !self.input.generics.params.is_empty();
        let registration = (!is_generic).then(|| self.registration(runtime));
        quote!(const _: () = { #implementation #registration };)
    }

    /// By which the linker finds the item, so that a service knows at its start whether it signs cursors.
    fn registration(&self, runtime: &Runtime) -> TokenStream {
        let (name, place) = (&self.input.ident, self.key_place());
        let register = runtime.item("register_paging");
        let paginate = runtime.item_at(Derive::Paginate.name(), place);
        let paging = quote_spanned!(place=> <#name as #paginate>::PAGING);
        quote!(#register! { #paging })
    }

    /// By what pages are sorted and filtered, and how large they are.
    fn paging(&self, runtime: &Runtime) -> TokenStream {
        let Self { input, fields: _, paged, style, sizes, max_offset } = self;
        // What the compiler finds wrong with the constant stands where the key is named.
        let place = self.key_place();
        let paging = runtime.item_at("Paging", place);
        let name = input.ident.unraw().to_string();
        let specs = paged.iter().map(|paged| self.spec(paged, runtime));
        let style = style.emit(runtime);
        let sizes = sizes.map(|(default, max)| {
            let (default, max) = (Literal::u32_unsuffixed(default), Literal::u32_unsuffixed(max));
            quote!(.per_page(#default, #max))
        });
        let max_offset = max_offset.map(|rows| {
            let rows = Literal::u64_unsuffixed(rows);
            quote!(.max_offset(#rows))
        });
        quote_spanned!(place=> #paging::new(#name, &[#(#specs),*]) #style #sizes #max_offset)
    }

    fn key_place(&self) -> Span {
        self.paged.iter().find(|paged| paged.is_key).map_or_else(Span::call_site, |key| key.place)
    }

    fn spec(&self, paged: &Paged, runtime: &Runtime) -> TokenStream {
        let spec = runtime.item("FieldSpec");
        let (name, column) = (&paged.names.name, &paged.names.column);
        let key = paged.is_key.then(|| quote!(.key()));
        let sortable = (paged.sorts && !paged.is_key).then(|| quote!(.sortable()));
        let filterable = paged.filters.then(|| quote!(.filterable()));
        let cast = paged.names.cast.as_ref().map(|cast| quote!(.cast(#cast)));
        let of_type = self.of_type(paged, runtime);
        quote!(#spec::new(#name, #column) #of_type #key #sortable #filterable #cast)
    }

    /// What the type of a field says of its values. A text is never absent, unless it stands in an `Option`.
    fn of_type(&self, paged: &Paged, runtime: &Runtime) -> Option<TokenStream> {
        let ty = self.ty(paged);
        if paged.names.text {
            return inner_of_option(ty).map(|_| quote!(.nullable(true)));
        }
        let field = as_field(ty, runtime);
        Some(quote!(.schema(#field::SCHEMA).nullable(#field::IS_NULLABLE)))
    }

    fn ty(&self, paged: &Paged) -> &Type {
        self.fields.all[paged.field].ty
    }

    /// The value of a field. A text is made on the tokens of its type, where the compiler says that it cannot be one.
    fn value(&self, paged: &Paged, runtime: &Runtime) -> TokenStream {
        let (ty, member) = (self.ty(paged), &self.fields.all[paged.field].member);
        let (span, this) = (ty.span(), quote!(self));
        if !paged.names.text {
            let field = as_field(ty, runtime);
            return quote_spanned!(span=> #field::to_value(&#this.#member));
        }
        let (name, of) =
            inner_of_option(ty).map_or(("text_value", ty), |inner| ("optional_text_value", inner));
        let text = runtime.item_at(name, span);
        quote_spanned!(span=> #text::<#of>(&#this.#member))
    }

    /// What a filter by a field asks for.
    fn filter(&self, paged: &Paged, runtime: &Runtime) -> TokenStream {
        let ty = self.ty(paged);
        let (span, text) = (ty.span(), quote!(text));
        if !paged.names.text {
            let field = as_field(ty, runtime);
            return quote_spanned!(span=> #field::from_text(#text));
        }
        let (of, parse) = (inner_of_option(ty).unwrap_or(ty), runtime.item_at("parse_text", span));
        quote_spanned!(span=> #parse::<#of>(#text))
    }

    /// What parameters have to be: that of the fields that name them.
    fn bounds(&self, runtime: &Runtime) -> Vec<TokenStream> {
        let generic =
            self.paged.iter().filter(|paged| mentions_parameter(self.ty(paged), &self.input.generics));
        let bounds = generic.map(|paged| {
            let ty = self.ty(paged);
            if paged.names.text {
                let of = inner_of_option(ty).unwrap_or(ty);
                return quote!(#of: ::core::fmt::Display + ::core::str::FromStr);
            }
            let field = runtime.item("PageField");
            quote!(#ty: #field)
        });
        bounds.collect()
    }
}

fn as_field(ty: &Type, runtime: &Runtime) -> TokenStream {
    let field = runtime.item_at("PageField", ty.span());
    quote_spanned!(ty.span()=> <#ty as #field>)
}

impl Style {
    /// Nothing for the default.
    fn emit(self, runtime: &Runtime) -> Option<TokenStream> {
        let style = runtime.item("PageStyle");
        match self {
            Self::Page => None,
            Self::Offset => Some(quote!(.style(#style::Offset))),
            Self::Cursor => Some(quote!(.style(#style::Cursor))),
        }
    }
}

struct Implementation {
    paging: TokenStream,
    values: Vec<TokenStream>,
    filters: Vec<TokenStream>,
}

impl Implementation {
    fn emit(&self, input: &DeriveInput, bounds: &[TokenStream], runtime: &Runtime) -> TokenStream {
        let Self { paging: constant, values, filters } = self;
        let [paginate, paging, value] =
            [Derive::Paginate.name(), "Paging", "PageValue"].map(|name| runtime.item(name));
        let (name, bounds) = (&input.ident, where_clause(&input.generics, bounds));
        let (parameters, arguments, _) = input.generics.split_for_impl();
        let parse = if filters.is_empty() {
            quote! {
                fn parse(_: usize, _: &str) -> ::core::option::Option<#value<'static>> {
                    ::core::option::Option::None
                }
            }
        } else {
            quote! {
                fn parse(place: usize, text: &str) -> ::core::option::Option<#value<'static>> {
                    match place {
                        #(#filters)*
                        _ => ::core::option::Option::None,
                    }
                }
            }
        };
        quote! {
            #[automatically_derived]
            impl #parameters #paginate for #name #arguments #bounds {
                const PAGING: #paging = #constant;

                fn field(&self, place: usize) -> #value<'_> {
                    match place {
                        #(#values)*
                        _ => #value::Null,
                    }
                }

                #parse
            }
        }
    }
}

/// The trait of an item whose pages cannot be asked for, so that the handlers which use it have no errors to add.
pub(crate) fn stand_in(input: &DeriveInput, runtime: &Runtime) -> TokenStream {
    let (paging, spec) = (runtime.item("Paging"), runtime.item("FieldSpec"));
    let paging = quote!(#paging::new("", &[#spec::new("key", "key").key()]));
    let implementation = Implementation { paging, values: Vec::new(), filters: Vec::new() };
    let implementation = implementation.emit(input, &[], runtime);
    quote!(const _: () = { #implementation };)
}
