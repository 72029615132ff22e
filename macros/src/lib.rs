//! The attributes and derives of the crate `tollgate`; depend on that one.
//!
//! Doors only: each is a line, and all of them walk through one corridor.

#![allow(missing_docs, reason = "they are documented where users meet them, in `tollgate`")]

use proc_macro::TokenStream;

mod api_error;
mod args;
mod attribute;
mod authorize;
mod bindings;
mod bulkhead;
mod cached;
mod call;
mod circuit_breaker;
mod collect;
mod corridor;
mod data;
mod derive;
mod described;
mod errors;
mod expression;
mod fallback;
mod fingerprint;
mod function;
mod gate;
mod invalidates;
mod limits;
mod paginate;
mod paths;
mod probes;
mod rate_limited;
mod rates;
mod site;
#[cfg(test)]
mod snapshots;
mod stack;
mod template;
mod timeout;
mod version;
mod versioned;
mod versions;
mod with_metrics;

use attribute::Attribute;
use derive::Derive;
use expression::Expression;

#[proc_macro_attribute]
pub fn authorize(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::Authorize, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn cached(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::Cached, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn invalidates(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::Invalidates, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn rate_limited(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::RateLimited, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn bulkhead(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::Bulkhead, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn circuit_breaker(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::CircuitBreaker, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn fallback(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::Fallback, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn timeout(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::Timeout, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn versioned(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::Versioned, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn with_metrics(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::attribute(Attribute::WithMetrics, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_bulkhead(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::Bulkhead, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_cached(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::Cached, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_circuit_breaker(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::CircuitBreaker, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_fallback(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::Fallback, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_invalidates(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::Invalidates, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_rate_limited(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::RateLimited, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_retry(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::Retry, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_timeout(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::Timeout, args.into(), &item.into()).into()
}

#[proc_macro_attribute]
pub fn call_with_metrics(args: TokenStream, item: TokenStream) -> TokenStream {
    call::attribute(call::Attribute::WithMetrics, args.into(), &item.into()).into()
}

#[proc_macro_derive(ApiError, attributes(api_error))]
pub fn api_error(item: TokenStream) -> TokenStream {
    corridor::derive(Derive::ApiError, item.into()).into()
}

#[proc_macro_derive(ApiVersion, attributes(version))]
pub fn api_version(item: TokenStream) -> TokenStream {
    corridor::derive(Derive::ApiVersion, item.into()).into()
}

#[proc_macro_derive(Paginate, attributes(paginate))]
pub fn paginate(item: TokenStream) -> TokenStream {
    corridor::derive(Derive::Paginate, item.into()).into()
}

#[proc_macro]
pub fn limits(tokens: TokenStream) -> TokenStream {
    corridor::expression(Expression::Limits, tokens.into()).into()
}

#[proc_macro]
pub fn rates(tokens: TokenStream) -> TokenStream {
    corridor::expression(Expression::Rates, tokens.into()).into()
}

#[proc_macro]
pub fn versions(tokens: TokenStream) -> TokenStream {
    corridor::item(tokens.into()).into()
}

/// What the first attribute of a function leaves behind, once `cfg`, `cfg_attr` and utoipa have had their turn.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn gate(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::gate(args.into(), &item.into(), gate::Documented::Unknown).into()
}

/// The same, where `#[utoipa::path]` was seen below.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn gate_documented(args: TokenStream, item: TokenStream) -> TokenStream {
    corridor::gate(args.into(), &item.into(), gate::Documented::Yes).into()
}

/// What the first `call::` attribute of a function leaves behind, once `cfg` and `cfg_attr` have had their turn.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn calls(args: TokenStream, item: TokenStream) -> TokenStream {
    call::postponed(args.into(), &item.into()).into()
}

/// Marks a function whose calls have policies already, so that an attribute of ours that comes too late can tell.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn called(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// Marks the user's function inside of its gate, so that an attribute of ours that comes too late can tell.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn inner(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}
