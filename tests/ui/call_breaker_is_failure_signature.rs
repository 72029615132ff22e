use tollgate::{Rejected, Verdict, call};

fn of_error(_: &Rejected) -> Verdict {
    Verdict::Failure
}

fn boolean(answer: &Result<(), Rejected>) -> bool {
    answer.is_err()
}

fn of_parts(_: &http::response::Parts) -> Verdict {
    Verdict::Success
}

fn seconds(_: &Rejected) -> u64 {
    7
}

#[call::circuit_breaker(is_failure = of_error)]
async fn error() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(is_failure = boolean)]
async fn no_verdict() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(is_failure = of_parts)]
async fn handler() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(retry_after = seconds)]
async fn no_duration() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
