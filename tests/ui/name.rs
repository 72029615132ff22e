//! A name is a text with something in it, and a function has one.

use tollgate::{rate_limited, with_metrics};

#[with_metrics(name = airport)]
async fn word() {}

#[with_metrics(name = " ")]
async fn empty() {}

#[with_metrics(name = "airport")]
#[rate_limited("100/minute", name = "aerodrome")]
async fn two_names() {}

fn main() {}
