//! Circuit breakers, bulkheads, timeouts and fallbacks on handlers, as clients see them.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod bulkhead;
mod circuit_breaker;
mod fallback;
mod order;
mod support;
mod timeout;
mod with_cache;
