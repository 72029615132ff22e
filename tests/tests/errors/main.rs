//! The errors of a whole service: one shape, ids of requests, what the router and its layers answer by themselves, the
//! catalogue.

mod catalogue;
mod documents;
mod envelope;
mod layer;
mod measured;
mod panics;
mod request_ids;
mod router;
mod shapes;
mod support;
