//! What caches may take, what they hold, and throwing it away: by methods, and by a route for operators.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod found;
mod kept;
mod route;
mod settings;
mod shared;
