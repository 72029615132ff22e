//! Words of other rate limiters, each with what to write here.

use tollgate::rate_limited;

#[rate_limited(requests_per_minute = 100)]
async fn requests_per_minute() {}

#[rate_limited(per_second = 2, burst_size = 5)]
async fn governor() {}

#[rate_limited(limit = 100, window = "1m", by = ip)]
async fn window() {}

#[rate_limited(requests = 100, period = 60)]
async fn period() {}

#[rate_limited(rate = "100/minute")]
async fn rate() {}

#[rate_limited("100/minute", capacity = 200, weight = 5, dry_run)]
async fn words_for_options() {}

#[rate_limited("100/minute", key_extractor = SmartIpKeyExtractor)]
async fn key_extractor() {}

fn main() {}
