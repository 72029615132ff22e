//! `#[cached]` and `#[invalidates]` on handlers, as clients see them: what is kept, for whom, for how long, and what never is.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod bodies;
mod conditions;
mod fields;
mod flights;
mod freshness;
mod invalidation;
mod keys;
mod layer;
mod order;
mod poisoning;
mod principals;
mod requests;
mod stale;
mod support;
