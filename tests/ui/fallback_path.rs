//! It is the path of a function.

use tollgate::fallback;

#[fallback]
async fn unsaid() {}

#[fallback("no_weather")]
async fn in_quotes() {}

#[fallback(weather::none())]
async fn called() {}

#[fallback(|| async { "nothing" })]
async fn closure() {}

#[fallback(fallback = no_weather)]
async fn with_key() {}

#[fallback(handler = no_weather)]
async fn other_key() {}

#[fallback = no_weather]
async fn with_equals() {}

#[fallback(one, other)]
async fn two() {}

#[fallback(503)]
async fn number() {}

#[fallback(value = "nothing")]
async fn value() {}

#[fallback(no_weather, on = [500])]
async fn on_some() {}

#[fallback(itself)]
async fn itself() {}

fn main() {}
