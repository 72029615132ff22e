//! `cargo xtask contract`: what the example services say of themselves is true, and stays true when clients misbehave.
//!
//! Each runs as a program, and its `/openapi.json` passes judges that are not ours, one of which calls it as the
//! document allows and as it does not. Then `airports` runs with limits and without, and each time 20 000 requests that
//! nobody sends in good faith go to it over sockets. Each gets one answer or a clean close, `/metrics` passes other
//! judges, and the second half of the requests adds no series to it.

mod answer;
mod campaign;
mod document;
mod examples;
mod hostile;
mod judges;
mod promises;
mod random;
mod reach;
mod schemathesis;
mod scrape;
mod service;
mod spoiled;
mod tally;
mod tour;
mod versions;
mod wire;

use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::Duration;

use self::{
    campaign::ATTACKS,
    examples::{AIRPORTS, EXAMPLES},
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
    for example in EXAMPLES {
        let executable = step(&format!("build {}", example.name), || service::build(example))?;
        step(&format!("document of {}", example.name), || promises::examine(example, &executable, &judges))?;
    }
    let executable = service::build(&AIRPORTS)?;
    for limits in LIMITS {
        step(&format!("limits {limits}"), || examine(&executable, limits, &judges))?;
    }
    Ok(())
}

fn examine(executable: &Path, limits: &str, judges: &Judges) -> Outcome {
    let mut service = Service::start(&AIRPORTS, executable, &format!("--limits {limits}"))?;
    let address = service.address;
    println!("airports listens on {address}");
    let outcome = keep_contract(address, judges);
    both(service.check(), outcome)
}

/// A service that went down is the reason for what was seen of it, so both are told.
fn both(down: Outcome, seen: Outcome) -> Outcome {
    match (&down, &seen) {
        (Err(Failure::Broken(down)), Err(Failure::Broken(seen))) => {
            Err(Failure::broken(format!("{seen}\n{down}")))
        }
        _ => down.and(seen),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_down_and_what_was_seen_of_it_are_both_told() {
        let broken = |text: &str| Err(Failure::broken(text));
        let message = |outcome: Outcome| outcome.unwrap_err().message().unwrap_or_default().to_owned();
        assert_eq!(message(both(broken("it panicked"), broken("no answer"))), "no answer\nit panicked");
        assert_eq!(message(both(broken("it panicked"), Ok(()))), "it panicked");
        assert_eq!(message(both(Ok(()), broken("no answer"))), "no answer");
        assert!(both(Ok(()), Ok(())).is_ok());
    }
}
