//! Our attributes, as users write them.
#![allow(clippy::unused_async, reason = "what is protected is an async fn, whatever it does")]

use tokio::runtime::Runtime;
use tollgate::{Rejected, call};

use super::subject::{CALLS, CONSECUTIVE, STACK, Subject, call_each};
use crate::Failure;

/// What a function fails with that somebody may refuse.
#[derive(Debug)]
struct Refused;

impl From<Rejected> for Refused {
    fn from(_: Rejected) -> Self {
        Self
    }
}

async fn alone(number: u32) -> Result<u32, Refused> {
    Ok(number)
}

#[call::circuit_breaker(consecutive_failures = 5)]
async fn consecutive(number: u32) -> Result<u32, Refused> {
    Ok(number)
}

#[call::circuit_breaker(window = 100)]
async fn of_calls(number: u32) -> Result<u32, Refused> {
    Ok(number)
}

#[call::circuit_breaker(window = "10s")]
async fn of_time(number: u32) -> Result<u32, Refused> {
    Ok(number)
}

#[call::circuit_breaker(window = 100, slow_call = "1s", slow_rate = 0.5)]
async fn of_slow_calls(number: u32) -> Result<u32, Refused> {
    Ok(number)
}

#[call::circuit_breaker(window = "10s", slow_call = "1s", slow_rate = 0.5)]
async fn of_slow_time(number: u32) -> Result<u32, Refused> {
    Ok(number)
}

#[call::with_metrics]
#[call::retry(attempts = 3, backoff = "100ms..2s")]
#[call::circuit_breaker(consecutive_failures = 5)]
#[call::timeout("2s")]
async fn stacked(number: u32) -> Result<u32, Refused> {
    Ok(number)
}

struct Ours {
    name: &'static str,
    is_stack: bool,
    call: fn(&Runtime, u32) -> Result<(), Failure>,
}

impl Subject for Ours {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_stack(&self) -> bool {
        self.is_stack
    }

    fn call(&self, runtime: &Runtime, calls: u32) -> Result<(), Failure> {
        (self.call)(runtime, calls)
    }
}

/// The function alone, and then all that stands in front of it.
pub(super) fn all() -> Vec<Box<dyn Subject>> {
    crate::variants::install();
    let ours = |name, is_stack, call| Box::new(Ours { name, is_stack, call }) as Box<dyn Subject>;
    vec![
        ours("the function alone", false, |runtime, calls| {
            call_each!(runtime, calls, |number| alone(number))
        }),
        ours(CONSECUTIVE, false, |runtime, calls| call_each!(runtime, calls, |number| consecutive(number))),
        ours(CALLS, false, |runtime, calls| call_each!(runtime, calls, |number| of_calls(number))),
        ours("call::circuit_breaker, 10s", false, |runtime, calls| {
            call_each!(runtime, calls, |number| of_time(number))
        }),
        ours("call::circuit_breaker, 100 calls, slow", false, |runtime, calls| {
            call_each!(runtime, calls, |number| of_slow_calls(number))
        }),
        ours("call::circuit_breaker, 10s, slow", false, |runtime, calls| {
            call_each!(runtime, calls, |number| of_slow_time(number))
        }),
        ours(STACK, true, |runtime, calls| call_each!(runtime, calls, |number| stacked(number))),
    ]
}
