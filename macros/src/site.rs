//! The static by which the linker finds an annotated function.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt;

use crate::args::option_tokens;
use crate::function::Function;
use crate::paths::Runtime;

/// The site of a function under that name; `describe` is a function that lists its policies.
pub(crate) fn registered(
    name: &Ident,
    function: &Function,
    written_name: Option<&LitStr>,
    describe: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let [site, origin, sites, linkme] = ["Site", "Origin", "SITES", "linkme"].map(|name| runtime.item(name));
    let function = function.sig.ident.unraw().to_string();
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
