//! `with_metrics` takes no arguments but the common ones.

use tollgate::with_metrics;

#[with_metrics("airport")]
async fn text() {}

#[with_metrics(labels = [route])]
async fn labels() {}

#[with_metrics(buckets = [0.1, 1.0])]
async fn buckets() {}

#[with_metrics(nmae = "airport")]
async fn misspelt() {}

fn main() {}
