//! What the standards say of caches, as pure functions: RFC 9111, RFC 9211, RFC 5861, RFC 9110.
//!
//! ```text
//! syntax        lists, quoted strings: what all fields are made of
//! directives    Cache-Control of requests and of answers
//! storable      may an answer be kept, and for how long
//! request       what a request lets a cache do with what it has
//! fields        what is never kept of an answer, and what a 304 changes in it
//! vary          by which fields of requests an answer is chosen
//! conditional   entity tags, If-None-Match, If-Modified-Since
//! cache_status  what a cache did, told in the answer
//! uri           path and query as a key
//! reflections   answers that repeat what no key holds
//! ```
//!
//! Nothing in here reads a clock, waits or panics. What is broken is read as the strictest thing that it could mean.

pub(crate) mod cache_status;
pub(crate) mod conditional;
pub(crate) mod directives;
pub(crate) mod fields;
#[cfg(test)]
mod properties;
pub(crate) mod reflections;
pub(crate) mod request;
pub(crate) mod storable;
mod syntax;
pub(crate) mod uri;
pub(crate) mod vary;
