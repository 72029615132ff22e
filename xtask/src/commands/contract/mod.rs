//! `cargo xtask contract`: what the example service says of itself stays true when clients misbehave.
//!
//! It runs as a program, and 20 000 requests that nobody sends in good faith go to it over sockets. Each gets one answer
//! or a clean close, `/metrics` passes judges that are not ours, and the second half of the requests adds no series
//! to it.

mod answer;
mod campaign;
mod hostile;
mod judges;
mod random;
mod scrape;
mod service;
mod tour;
mod wire;

use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::Duration;

use self::{
    campaign::ATTACKS,
    judges::Judges,
    scrape::{OPENMETRICS, PLAIN, Series, scrape},
    service::Service,
    wire::Connection,
};
use crate::{
    failure::{Failure, Outcome},
    step::step,
};

/// With limits most of it is refused, as in production; without, it reaches what stands behind them.
const LIMITS: [&str; 2] = ["on", "off"];
const SEEDS: [u64; 2] = [1, 2];
/// A connection that was closed a moment ago may still be counted.
const ATTEMPTS: usize = 50;
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn run(arguments: &[String]) -> Outcome {
    super::no_arguments(arguments)?;
    let judges = step("tools", Judges::summon)?;
    let executable = step("build the service", service::build)?;
    for limits in LIMITS {
        step(&format!("limits {limits}"), || examine(&executable, limits, &judges))?;
    }
    Ok(())
}

fn examine(executable: &Path, limits: &str, judges: &Judges) -> Outcome {
    let mut service = Service::start(executable, limits)?;
    let address = service.address;
    println!("airports listens on {address}");
    let outcome = keep_contract(address, judges);
    // A service that went down is the reason for all else.
    service.check().and(outcome)
}

fn keep_contract(address: SocketAddr, judges: &Judges) -> Outcome {
    tour::run(address)?;
    misbehave(address, SEEDS[0])?;
    let before = judged_series(address, judges)?;
    misbehave(address, SEEDS[1])?;
    let after = quiet_series(address)?;
    after.check_nothing_new_since(&before)?;
    println!("{} series: the second {ATTACKS} requests added no series", after.len());
    Ok(())
}

fn misbehave(address: SocketAddr, seed: u64) -> Outcome {
    println!("{ATTACKS} hostile requests, seed {seed}:");
    campaign::run(address, seed)?;
    check_alive(address)
}

/// One request in good faith, which no limit refuses.
fn check_alive(address: SocketAddr) -> Outcome {
    let request = b"GET /distance/CDG/JFK HTTP/1.1\r\nhost: airports\r\nconnection: close\r\n\r\n";
    let answer = Connection::open(address).and_then(|mut connection| connection.ask(request, false));
    match answer {
        Ok(Some(answer)) if answer.status == 200 => Ok(()),
        other => Err(Failure::broken(format!("a usual request afterwards: {other:?}"))),
    }
}

/// The series, after both judges have read both forms.
fn judged_series(address: SocketAddr, judges: &Judges) -> Result<Series, Failure> {
    let series = quiet_series(address)?;
    judges.check_text(&scrape(address, PLAIN)?)?;
    println!("text 0.0.4: {} series, promtool has no complaint", series.len());
    let samples = judges.check_openmetrics(&scrape(address, OPENMETRICS)?)?;
    println!("OpenMetrics: {samples} samples, prometheus_client reads them");
    Ok(series)
}

/// The series, once no request is counted as active any more.
fn quiet_series(address: SocketAddr) -> Result<Series, Failure> {
    for _ in 0..ATTEMPTS {
        let series = Series::parse(&scrape(address, PLAIN)?)?;
        if series.active_requests()? == 0 {
            return Ok(series);
        }
        thread::sleep(PAUSE);
    }
    let active = Series::parse(&scrape(address, PLAIN)?)?.active_requests()?;
    Err(Failure::broken(format!("{active} requests count as active, although none is")))
}
