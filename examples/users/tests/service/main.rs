//! The service as its clients see it.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

mod client;
mod document;
mod life;
mod limits;
mod pages;
mod program;
mod validation;
