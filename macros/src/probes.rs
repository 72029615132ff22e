//! Questions to the compiler that cost nothing at run time.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type};

use crate::collect::{Family, Written};
use crate::function::{Function, mentions_impl};
use crate::paths::Runtime;

/// Whether an attribute stands on the question whether it is one of this family.
pub(crate) fn asks_identity<K: Family>(item: &TokenStream) -> bool {
    let name = item.clone().into_iter().nth(2);
    matches!(name, Some(TokenTree::Ident(name)) if name.to_string().starts_with(K::QUESTION))
}

/// Asks each attribute that was taken off the function by its name whether it is ours. Ours answers with nothing; a
/// foreign one leaves the error in place, or has one of its own. Most attributes that could share a name with ours
/// expect an `async fn`, so that is what asks. The user's import counts as used either way.
pub(crate) fn identity<K: Family>(written: &[Written<K>], function: &Function) -> TokenStream {
    let ask = |attribute: &Written<K>| {
        let (path, prefix) = (attribute.absorbed.as_ref()?, K::QUESTION);
        let span = attribute.span();
        let question = format_ident!("{prefix}_{}", function.sig.ident.unraw(), span = span);
        let message = attribute.kind.not_ours();
        Some(quote_spanned!(span=> #[#path] async fn #question() { ::core::compile_error!(#message) }))
    };
    written.iter().filter_map(ask).collect()
}

/// Asks whether each argument is an extractor, on its own type.
pub(crate) fn arguments(function: &Function, state: Option<&Type>, runtime: &Runtime) -> TokenStream {
    let types: Vec<_> = function.argument_types().collect();
    let state = state.or_else(|| types.iter().find_map(|ty| state_of(ty)));
    let state = state.map_or_else(|| quote!(()), |ty| quote!(#ty));
    let mut probes = Vec::new();
    for (place, ty) in types.iter().enumerate() {
        let is_last = place + 1 == types.len();
        if mentions_impl(ty) || is_known(ty, is_last) {
            continue;
        }
        let span = ty.span();
        let position = Ident::new(if is_last { "tollgate_last" } else { "tollgate_head" }, span);
        let probe = runtime.item_at("Probe", span);
        probes.push(quote_spanned!(span=> (&&&#probe::<#ty, #state>::new()).#position().check();));
    }
    if probes.is_empty() {
        return TokenStream::new();
    }
    let answers = runtime.traits(["ReadsHead", "ReadsRequest", "ReadsJson", "Silent"]);
    quote! {
        if false {
            #[allow(unused_imports)]
            #answers
            #(#probes)*
        }
    }
}

/// Extractors of axum that nobody takes for data. Asking about them would double the compile time of a handler, and
/// a type of the user's that has one of these names loses a better message, nothing else.
const OF_THE_HEAD: &[&str] =
    &["State", "Path", "Query", "Extension", "HeaderMap", "Method", "Uri", "ConnectInfo"];
/// Those that read the body, which are fine as the last argument.
const OF_THE_BODY: &[&str] = &["Json", "Form", "Bytes", "Multipart", "Request"];

fn is_known(ty: &Type, is_last: bool) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let among = |names: &[&str]| names.iter().any(|name| last.ident == name);
    among(OF_THE_HEAD) || (is_last && among(OF_THE_BODY))
}

/// Whether the last argument is known to read the body, also where it may be missing or wrong.
pub(crate) fn reads_body(function: &Function) -> bool {
    function.argument_types().last().is_some_and(names_body)
}

fn names_body(ty: &Type) -> bool {
    const ALSO: &[&str] = &["String", "Body", "RawForm"];
    const AROUND: &[&str] = &["Option", "Result", "Valid"];
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let among = |names: &[&str]| names.iter().any(|name| last.ident == name);
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return among(OF_THE_BODY) || among(ALSO);
    };
    let within = arguments.args.first();
    let is_within = || matches!(within, Some(GenericArgument::Type(within)) if names_body(within));
    among(OF_THE_BODY) || (among(AROUND) && is_within())
}

/// `X` of `State<X>`: the one state that is known where a handler is defined, unless the user names it.
fn state_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "State")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) if !mentions_impl(ty) => Some(ty),
        _ => None,
    }
}
