//! What `derive(ApiError)` becomes: a table of kinds, and one call for each variant.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Type, parse_quote};

use super::kind::{Kind, Log};
use super::sent::Sent;
use super::{Answer, Case, Model};
use crate::data::{mentions_parameter, where_clause};
use crate::derive::Derive;
use crate::paths::Runtime;

impl Model<'_> {
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let [kinds, error_kind] = ["kinds", "ErrorKind"].map(|name| runtime.item(name));
        let table: Vec<_> = self.kinds().map(|kind| kind.emit(runtime)).collect();
        let inner: Vec<_> = self.transparent().map(|ty| inner_kinds(ty, runtime)).collect();
        let listed = quote!(#kinds(__KINDS, &[#(#inner),*]));
        let (bounds, kinds, occurred) = (self.bounds(runtime), Some(listed), self.occurred(runtime));
        let implementation = Implementation { input: self.input, bounds, kinds, occurred }.emit(runtime);
        let [registration, document] = [self.registration(runtime), self.document(runtime)];
        // A variant may be deprecated and has to be answered all the same; `'__any` is there to be unused; a parameter may
        // have been told already what its field needs.
        quote! {
            #[allow(deprecated, unused_lifetimes, clippy::multiple_bound_locations)]
            const _: () = {
                const __KINDS: &[#error_kind] = &[#(#table),*];
                #implementation
                #registration
                #document
            };
        }
    }

    fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.cases.iter().filter_map(|case| match &case.answer {
            Answer::Kind(kind) => Some(&**kind),
            Answer::Transparent(_) => None,
        })
    }

    /// The types that answer instead of a variant.
    fn transparent(&self) -> impl Iterator<Item = &Type> {
        self.cases.iter().filter_map(|case| match &case.answer {
            Answer::Kind(_) => None,
            Answer::Transparent(place) => Some(case.fields.all[*place].ty),
        })
    }

    /// What parameters have to be: that of the fields that name them.
    fn bounds(&self, runtime: &Runtime) -> Vec<TokenStream> {
        let needs = self.cases.iter().flat_map(|case| case.needs());
        let generic = needs.filter(|(ty, _)| mentions_parameter(ty, &self.input.generics));
        generic
            .map(|(ty, needed)| {
                let needed = runtime.item(needed);
                quote!(#ty: #needed)
            })
            .collect()
    }

    /// Finds the kind of an error, and the fields that are sent with it.
    fn occurred(&self, runtime: &Runtime) -> TokenStream {
        let (name, mut place) = (&self.input.ident, 0);
        let arms: Vec<_> = self.cases.iter().map(|case| case.arm(name, &mut place, runtime)).collect();
        quote!(match *error { #(#arms)* })
    }

    /// By which the linker finds the kinds.
    fn registration(&self, runtime: &Runtime) -> TokenStream {
        let [error_type, error_types, linkme] =
            ["ErrorType", "ERROR_TYPES", "linkme"].map(|name| runtime.item(name));
        let name = self.input.ident.unraw().to_string();
        quote! {
            #[#linkme::distributed_slice(#error_types)]
            #[linkme(crate = #linkme)]
            static __TYPE: #error_type = #error_type::new(#name, ::core::module_path!(), __KINDS);
        }
    }

    /// What a macro of the runtime turns into documentation, or into nothing where its feature is off.
    fn document(&self, runtime: &Runtime) -> TokenStream {
        let document = runtime.item("document_error");
        let (name, bounds) = (&self.input.ident, where_clause(&self.input.generics, &self.bounds(runtime)));
        let (parameters, arguments, _) = self.input.generics.split_for_impl();
        let members = self.cases.iter().filter_map(Case::document);
        let transparent = self.transparent().map(|ty| {
            let kinds = inner_kinds(ty, runtime);
            quote!(#ty => #kinds)
        });
        quote! {
            #document! {
                [#parameters] [#name #arguments] [#bounds] __KINDS #({ #members })* transparent [#(#transparent),*]
            }
        }
    }
}

impl Case<'_> {
    /// The types of its fields that are used, and what they need to be.
    fn needs(&self) -> Vec<(&Type, &'static str)> {
        let ty = |place: usize| self.fields.all[place].ty;
        match &self.answer {
            Answer::Transparent(place) => vec![(ty(*place), Derive::ApiError.name())],
            Answer::Kind(kind) => {
                let extensions = kind.extensions.iter().map(|sent| (ty(sent.field), "ErrorMember"));
                let headers = kind.headers.iter().map(|sent| (ty(sent.field), "ErrorHeader"));
                extensions.chain(headers).collect()
            }
        }
    }

    /// `place` counts the kinds.
    fn arm(&self, name: &Ident, place: &mut usize, runtime: &Runtime) -> TokenStream {
        let variant = self.variant.map(|variant| quote!(::#variant));
        let (bindings, answer) = match &self.answer {
            Answer::Transparent(field) => self.transparent(*field, runtime),
            Answer::Kind(kind) => {
                *place += 1;
                self.kind(kind, *place - 1, runtime)
            }
        };
        quote!(#name #variant { #(#bindings,)* .. } => #answer,)
    }

    fn transparent(&self, place: usize, runtime: &Runtime) -> (Vec<TokenStream>, TokenStream) {
        let field = &self.fields.all[place];
        let (member, span) = (&field.member, field.ty.span());
        let (transparent, binding) = (runtime.item_at("Transparent", span), Ident::new("field_0", span));
        let ty = field.ty;
        (
            vec![quote!(#member: ref #binding)],
            quote_spanned!(span=> <#ty as #transparent>::occurred(#binding)),
        )
    }

    /// Each field that is sent is bound once, and named where the user names it.
    fn kind(&self, kind: &Kind, place: usize, runtime: &Runtime) -> (Vec<TokenStream>, TokenStream) {
        let occurred = runtime.item("Occurred");
        let place = Literal::usize_unsuffixed(place);
        let mut bound: Vec<(usize, Ident)> = Vec::new();
        let extensions = send("extension", &kind.extensions, &mut bound);
        let headers = send("header", &kind.headers, &mut bound);
        let bindings = bound.iter().map(|(field, binding)| {
            let member = &self.fields.all[*field].member;
            quote!(#member: ref #binding)
        });
        (bindings.collect(), quote!(#occurred::new(&__KINDS[#place], error) #(#extensions)* #(#headers)*))
    }

    /// The members of its own with their types.
    fn document(&self) -> Option<TokenStream> {
        let Answer::Kind(kind) = &self.answer else { return None };
        let members = kind.extensions.iter().map(|Sent { name, field, .. }| {
            let ty = self.fields.all[*field].ty;
            quote!(#name: #ty)
        });
        Some(quote!(#(#members),*))
    }
}

fn send(method: &str, sent: &[Sent], bound: &mut Vec<(usize, Ident)>) -> Vec<TokenStream> {
    let calls = sent.iter().map(|Sent { name, field, place }| {
        let known = bound.iter().find(|(other, _)| other == field).map(|(_, binding)| binding.clone());
        let binding = known.unwrap_or_else(|| {
            let binding = format_ident!("field_{}", bound.len(), span = *place);
            bound.push((*field, binding.clone()));
            binding
        });
        let (binding, method) = (at(&binding, *place), Ident::new(method, *place));
        quote_spanned!(*place=> .#method(#name, #binding))
    });
    calls.collect()
}

/// The same name at another place.
fn at(binding: &Ident, place: Span) -> Ident {
    Ident::new(&binding.to_string(), place.resolved_at(binding.span()))
}

fn inner_kinds(ty: &Type, runtime: &Runtime) -> TokenStream {
    let transparent = runtime.item_at("Transparent", ty.span());
    quote_spanned!(ty.span()=> <#ty as #transparent>::kinds)
}

/// That thiserror has made it an error. `for<..>` keeps the compiler from asking where it is written; the one who asks is
/// `into_response`, so that an error which is none is reported once.
fn is_error(input: &DeriveInput, runtime: &Runtime) -> TokenStream {
    let (name, (_, arguments, _)) = (&input.ident, input.generics.split_for_impl());
    let needed = runtime.item_at("IsError", name.span());
    quote_spanned!(name.span()=> for<'__any> #name #arguments: #needed)
}

/// The traits of an error.
struct Implementation<'a> {
    input: &'a DeriveInput,
    bounds: Vec<TokenStream>,
    kinds: Option<TokenStream>,
    occurred: TokenStream,
}

impl Implementation<'_> {
    fn emit(&self, runtime: &Runtime) -> TokenStream {
        let (occurred, api_error, answer) =
            (self.occurred(runtime), self.api_error(runtime), self.answer(runtime));
        quote!(#occurred #api_error #answer)
    }

    fn with_error(&self, runtime: &Runtime) -> Vec<TokenStream> {
        [self.bounds.as_slice(), &[is_error(self.input, runtime)]].concat()
    }

    fn occurred(&self, runtime: &Runtime) -> TokenStream {
        let Self { input, occurred: body, .. } = self;
        let (name, occurred, lifetime) = (&input.ident, runtime.item("Occurred"), quote!('__error));
        let mut generics = input.generics.clone();
        generics.params.insert(0, parse_quote!(#lifetime));
        let bounds = where_clause(&generics, &self.with_error(runtime));
        let (parameters, _, _) = generics.split_for_impl();
        let (_, arguments, _) = input.generics.split_for_impl();
        quote! {
            fn __occurred #parameters (error: &#lifetime #name #arguments) -> #occurred<#lifetime> #bounds { #body }
        }
    }

    fn api_error(&self, runtime: &Runtime) -> TokenStream {
        let Self { input, kinds, .. } = self;
        let [api_error, problem, error_kind] =
            [Derive::ApiError.name(), "Problem", "ErrorKind"].map(|name| runtime.item(name));
        let kinds = kinds
            .as_ref()
            .map(|kinds| quote!(fn kinds() -> ::std::vec::Vec<&'static #error_kind> { #kinds }));
        let (name, bounds) = (&input.ident, where_clause(&input.generics, &self.with_error(runtime)));
        let (parameters, arguments, _) = input.generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters #api_error for #name #arguments #bounds {
                fn problem(&self) -> #problem { __occurred(self).problem() }
                #kinds
                fn log(&self) { __occurred(self).log(); }
            }
        }
    }

    /// The one who asks whether it is an error at all, on its own name; of a type with parameters they decide.
    fn answer(&self, runtime: &Runtime) -> TokenStream {
        let input = self.input;
        let [into_response, response, respond] =
            ["IntoResponse", "Response", "respond"].map(|name| runtime.item(name));
        // All of the question stands on the name, so that the answer does, too.
        let span = input.ident.span();
        let this = Ident::new("self", span);
        let occurred = Ident::new("__occurred", span);
        let occurred = quote_spanned!(span=> #occurred(&#this));
        let depends = input.generics.type_params().next().is_some();
        let bounds = if depends { self.with_error(runtime) } else { self.bounds.clone() };
        let (name, bounds) = (&input.ident, where_clause(&input.generics, &bounds));
        let (parameters, arguments, _) = input.generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters #into_response for #name #arguments #bounds {
                fn into_response(#this) -> #response { #respond(#occurred) }
            }
        }
    }
}

impl Kind {
    fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { status, code, title, uri, expose, log, example, description, extensions, headers } = self;
        let error_kind = runtime.item("ErrorKind");
        let status = Literal::u16_unsuffixed(*status);
        let uri = uri.as_ref().map(|uri| quote!(.uri(#uri)));
        let exposed = expose.then(|| quote!(.exposed()));
        let log = log.map(|log| log.emit(runtime));
        let example = example.as_ref().map(|example| quote!(.example(#example)));
        let description = (!description.is_empty()).then(|| quote!(.description(#description)));
        let extensions = names("extensions", extensions);
        let headers = names("headers", headers);
        quote! {
            #error_kind::new(#status, #code, #title) #uri #exposed #log #example #description #extensions #headers
        }
    }
}

fn names(method: &str, sent: &[Sent]) -> Option<TokenStream> {
    let (method, names) = (format_ident!("{method}"), sent.iter().map(|sent| &sent.name));
    (!sent.is_empty()).then(|| quote!(.#method(&[#(#names),*])))
}

impl Log {
    fn emit(self, runtime: &Runtime) -> TokenStream {
        let log = runtime.item("ErrorLog");
        match self {
            Self::Warn => quote!(.log(#log::Warn)),
            Self::Error => quote!(.log(#log::Error)),
            Self::Off => quote!(.log(#log::Off)),
        }
    }
}

/// The traits of a type that cannot be answered, so that the handlers which use it have no errors to add.
pub(crate) fn stand_in(input: &DeriveInput, runtime: &Runtime) -> TokenStream {
    if matches!(input.data, Data::Union(_)) {
        return TokenStream::new();
    }
    let (bounds, kinds, occurred) = (Vec::new(), None, quote!(::core::unreachable!()));
    let implementation = Implementation { input, bounds, kinds, occurred }.emit(runtime);
    quote!(const _: () = { #implementation };)
}
