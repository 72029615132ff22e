//! The static by which the linker finds an annotated function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{ExprPath, LitStr};

use crate::args::option_tokens;
use crate::paths::Runtime;

/// The site of a function under that name; `describe` is a function that lists its policies.
pub(crate) fn registered(
    name: &Ident,
    function: &str,
    written_name: Option<&LitStr>,
    describe: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let [site, origin, sites, linkme] = ["Site", "Origin", "SITES", "linkme"].map(|name| runtime.item(name));
    let written_name = option_tokens(written_name);
    quote! {
        #[#linkme::distributed_slice(#sites)]
        #[linkme(crate = #linkme)]
        static #name: #site = #site::new(
            #origin {
                file: ::core::file!(),
                line: ::core::line!(),
                column: ::core::column!(),
                module: ::core::module_path!(),
                function: #function,
            },
            #written_name,
            #describe,
        );
    }
}

/// The static by which the linker finds a handle of the user's, and the function that it is the handle of.
pub(crate) fn controlled(handle: &ExprPath, site: &Ident, call: &Ident, runtime: &Runtime) -> TokenStream {
    let [control, controls, linkme] = ["Control", "CONTROLS", "linkme"].map(|name| runtime.item(name));
    let name = Ident::new("__TOLLGATE_CONTROL", Span::call_site());
    quote! {
        #[#linkme::distributed_slice(#controls)]
        #[linkme(crate = #linkme)]
        static #name: #control = #control::new(&#handle, &#site, &#call);
    }
}
