//! `ttl = "5m"`, `ttl = lifetime_of(&iata)` or `ttl = path::to::function`: how long a value is fresh.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, ExprPath, Lit};

use crate::args::{Arguments, Named, quoted, spelling};
use crate::cached::A_YEAR;
use crate::errors::Errors;
use crate::paths::Runtime;

/// Where the time comes from.
pub(super) enum Ttl {
    /// So many nanoseconds.
    Nanos(u64),
    /// The function of that path says it of each value.
    OfValue(ExprPath),
    /// An expression over the arguments.
    OfArguments(Expr),
}

const EXAMPLE: &str = "ttl = \"5m\"";

impl Ttl {
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let unnamed = arguments.take_positional()?;
        for value in &unnamed {
            errors.at(value, no_key(value));
        }
        match arguments.take("ttl") {
            Some(named) => Self::of(&named, errors),
            None if unnamed.is_empty() => {
                errors.at(
                    attribute,
                    format!("`call::cached` needs to know how long a value is fresh: write `{EXAMPLE}`"),
                );
                None
            }
            None => None,
        }
    }

    fn of(named: &Named, errors: &Errors) -> Option<Self> {
        let value = named.value(EXAMPLE, errors)?;
        match syn::parse2::<Expr>(value.clone()) {
            Ok(Expr::Lit(literal)) if matches!(literal.lit, Lit::Str(_) | Lit::Int(_)) => {
                named.duration_up_to(&A_YEAR, EXAMPLE, errors).map(Self::Nanos)
            }
            Ok(Expr::Path(path)) => Some(Self::OfValue(path)),
            Ok(call @ (Expr::Call(_) | Expr::MethodCall(_) | Expr::Await(_) | Expr::Try(_))) => {
                Some(Self::OfArguments(call))
            }
            Ok(Expr::Closure(_)) => {
                errors.at(
                    value,
                    "`ttl` takes no closure: write `fn lifetime(value: &Airport) -> Duration` and `ttl = lifetime`, or `ttl = lifetime(&iata)` \
                     for a time from the arguments",
                );
                None
            }
            _ => {
                errors.at(
                    value,
                    format!(
                        "`{}` is no time: write `{EXAMPLE}`, `ttl = path::to::function` for a time from the value, or `ttl = lifetime(&iata)` \
                         for one from the arguments",
                        spelling(value)
                    ),
                );
                None
            }
        }
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let cached = runtime.item("CachedCall");
        match self {
            Self::Nanos(nanos) => quote!(#cached::ttl(#nanos)),
            Self::OfValue(_) | Self::OfArguments(_) => quote!(#cached::ttl_of_call()),
        }
    }

    /// What each call says, as a call of its builder.
    pub(super) fn emit_of_call(&self) -> TokenStream {
        match self {
            Self::Nanos(_) => TokenStream::new(),
            Self::OfValue(path) => quote!(.ttl_of(#path)),
            Self::OfArguments(call) => quote!(.ttl(#call)),
        }
    }
}

/// What stands without a key is the time, as a rate is of a limit.
fn no_key(value: &TokenStream) -> String {
    match quoted(value) {
        Some(text) => format!("the time has its key: write `ttl = {text:?}`"),
        None => format!("`{}` is no option of `call::cached`: write `{EXAMPLE}`", spelling(value)),
    }
}
