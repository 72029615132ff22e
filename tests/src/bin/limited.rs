//! A service whose limits several processes share, for tests that start some of them:
//! `limited <URL of Redis> <store timeout> <seconds that its clock is ahead>`.
//!
//! It listens on a port of its own, writes the address as the first line, and ends with its input.

use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tollgate::{Tollgate, rate_limited};
use tollgate_tests::shifted_clock::ShiftedClock;

#[rate_limited("5/hour", key = header("x-client"), name = "local")]
async fn local() {}

#[rate_limited("5/hour", key = header("x-client"), on_store_error = open, name = "open")]
async fn open() {}

#[rate_limited("5/hour", key = header("x-client"), on_store_error = closed, name = "closed")]
async fn closed() {}

/// Whoever asks a clock that is 5 s ahead has a permit more.
#[rate_limited("5/20s", key = header("x-client"), name = "brief")]
async fn brief() {}

#[rate_limited("100/hour", key = header("x-client"), lease = 10, name = "leased")]
async fn leased() {}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what| arguments.next().ok_or_else(|| format!("which {what}?"));
    let (url, timeout, ahead) = (next("URL")?, next("timeout")?, next("seconds")?.parse()?);
    let clock = ShiftedClock::new(Duration::from_secs(ahead));
    let settings = Tollgate::builder().redis(url).namespace("limited").store_timeout(timeout).clock(clock);
    let tollgate = settings.build()?;
    let router = Router::new()
        .route("/local", get(local))
        .route("/open", get(open))
        .route("/closed", get(closed))
        .route("/brief", get(brief))
        .route("/leased", get(leased))
        .route("/metrics", get(tollgate.metrics_handler()))
        .layer(tollgate.layer());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    runtime.spawn(axum::serve(listener, router).into_future());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
