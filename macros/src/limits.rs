//! `limits!("1000/minute", key = ip, name = "api")`: the limits of a layer, as an expression.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{LitStr, Path};

use crate::args::{self, Arguments, Vocabulary, option_tokens};
use crate::errors::Errors;
use crate::paths::Runtime;
use crate::rate_limited::{self, Form};

const VOCABULARY: Vocabulary =
    Vocabulary { attribute: "limits!", common: &["name", "crate"], ..rate_limited::VOCABULARY };

const FORM: Form = Form { vocabulary: &VOCABULARY, around: ("limits!(", ")") };

/// The `crate = path` that stands with one of the limits.
pub(crate) fn root_of(tokens: &TokenStream) -> Option<Path> {
    parts(tokens.clone()).iter().find_map(args::root_of)
}

/// What has the type of limits that could not be read.
pub(crate) fn stand_in(runtime: &Runtime) -> TokenStream {
    let limit_set = runtime.item("LimitSet");
    // Behind a call, so that nobody is warned of code that is never reached.
    quote!({
        fn __limits() -> &'static #limit_set {
            ::core::unreachable!()
        }
        __limits()
    })
}

/// The arguments of each limit: `;` stands between them.
fn parts(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ';' => parts.push(TokenStream::new()),
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    // One behind the last is as good as none.
    if parts.len() > 1 && parts.last().is_some_and(TokenStream::is_empty) {
        parts.pop();
    }
    parts
}

/// The limits of one layer, in their order.
pub(crate) struct Model {
    name: Option<LitStr>,
    limits: Vec<rate_limited::Model>,
}

impl Model {
    /// Of the arguments of the macro; without any limit where something is wrong, which has been reported.
    pub(crate) fn parse(tokens: TokenStream, errors: &Errors) -> Self {
        let mut declared = Self { name: None, limits: Vec::new() };
        let word = Ident::new("limits", Span::call_site());
        for part in parts(tokens) {
            let mut arguments = Arguments::parse(part, &VOCABULARY, errors);
            declared.set_name(&mut arguments, errors);
            if let Some(root) = arguments.take("crate") {
                let _ = root.path("crate = my_facade::tollgate", errors);
            }
            if let Some(after) = arguments.take("after") {
                errors.at(
                    after.key,
                    "a layer stands in front of all functions, and of their `authorize`: take `after` away; a limit by principal asks by itself who that is",
                );
            }
            declared.limits.extend(rate_limited::Model::parse(&mut arguments, &FORM, &word, errors));
        }
        rate_limited::settle(&mut declared.limits, false, errors);
        declared
    }

    /// It may stand with any of the limits and holds for all.
    fn set_name(&mut self, arguments: &mut Arguments, errors: &Errors) {
        let Some(name) = arguments.take("name").and_then(|named| named.text("name = \"api\"", errors)) else {
            return;
        };
        if name.value().trim().is_empty() {
            errors.at(&name, "a name has at least one character: write `name = \"api\"`");
        }
        match &self.name {
            Some(other) if other.value() != name.value() => errors.at(
                &name,
                format!(
                    "these limits are called `{}` already: a name holds for all of them, so write it once",
                    other.value()
                ),
            ),
            _ => self.name = Some(name),
        }
    }

    /// A static with a site of its own, wherever it stands.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let [limit, limit_set, entries, site, origin, sites, linkme] =
            ["Limit", "LimitSet", "limit_entries", "Site", "Origin", "SITES", "linkme"]
                .map(|name| runtime.item(name));
        let limits = rate_limited::emit(&self.limits, Some(&self.wire_name()), runtime);
        let written_name = option_tokens(self.name.as_ref());
        quote! {{
            const __LIMITS: &[#limit] = #limits;

            #[#linkme::distributed_slice(#sites)]
            #[linkme(crate = #linkme)]
            static __SITE: #site = #site::new(
                #origin {
                    file: ::core::file!(),
                    line: ::core::line!(),
                    column: ::core::column!(),
                    module: ::core::module_path!(),
                    function: ::core::concat!("limits@", ::core::line!()),
                },
                #written_name,
                || #entries(__LIMITS),
            );
            static __SET: #limit_set = #limit_set::new(__LIMITS, &__SITE);
            &__SET
        }}
    }

    /// What tells its rates from those of gates and other layers, on answers that pass several.
    fn wire_name(&self) -> String {
        const MOST: usize = 32;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        let plain = |c: char| if is_plain(c) { c } else { '_' };
        self.name
            .as_ref()
            .map_or_else(|| "layer".to_owned(), |name| name.value().chars().map(plain).take(MOST).collect())
    }
}
