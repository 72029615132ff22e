//! What other libraries call algorithms.

use tollgate::rate_limited;

#[rate_limited("100/minute", algorithm = leaky_bucket)]
async fn leaky_bucket() {}

#[rate_limited("100/minute", algorithm = sliding)]
async fn sliding() {}

#[rate_limited("100/minute", algorithm = window)]
async fn window() {}

#[rate_limited("100/minute", algorithm = fixed)]
async fn fixed() {}

#[rate_limited("100/minute", algorithm = moving_window)]
async fn moving_window() {}

#[rate_limited("100/minute", algorithm = sliding_window_log)]
async fn log() {}

#[rate_limited("100/minute", algorithm = sliding_window_counter)]
async fn counter() {}

#[rate_limited("100/minute", algorithm = "fixed-window-counter")]
async fn text() {}

#[rate_limited("100/minute", algorithm = Strategy::MovingWindow)]
async fn variant() {}

fn main() {}
