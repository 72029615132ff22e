use std::time::Duration;

use tollgate::{Rejected, call};

fn by_value(_: Rejected) -> bool {
    true
}

fn number(_: &Rejected) -> u8 {
    7
}

fn seconds(_: &Rejected) -> Duration {
    Duration::ZERO
}

#[call::retry(attempts = 3, retry_if = by_value)]
async fn value() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_if = number)]
async fn no_bool() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_after = seconds)]
async fn no_duration() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_if = missing)]
async fn unknown() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
