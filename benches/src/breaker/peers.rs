//! What a user would take instead.

use std::{convert::Infallible, future::ready, time::Duration};

use failsafe::{Config, backoff, failure_policy, futures::CircuitBreaker as _};
use recloser::{AsyncRecloser, Recloser};
use tokio::runtime::Runtime;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_resilience_circuitbreaker::{CircuitBreakerConfigBuilder, CircuitBreakerLayer, SlidingWindowType};
use tower_resilience_retry::RetryLayer;
use tower_resilience_timelimiter::TimeLimiterLayer;

use super::subject::{RECLOSER, Subject, call_each, right};
use crate::Failure;

const OPEN: Duration = Duration::from_secs(30);
const WINDOW: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(2);

/// One of them, by what calls it so often.
struct Peer<C> {
    name: &'static str,
    is_stack: bool,
    call: C,
}

impl<C: Fn(&Runtime, u32) -> Result<(), Failure> + Sync> Subject for Peer<C> {
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

fn peer(
    name: &'static str,
    call: impl Fn(&Runtime, u32) -> Result<(), Failure> + Sync + 'static,
) -> Box<dyn Subject> {
    Box::new(Peer { name, is_stack: false, call })
}

pub(super) fn all() -> Result<Vec<Box<dyn Subject>>, Failure> {
    Ok(vec![
        of_recloser(),
        of_failsafe(),
        of_failsafe_time(),
        of_tower_consecutive()?,
        of_tower_calls()?,
        of_tower_time()?,
        of_tower_stack()?,
    ])
}

fn answer(number: u32) -> impl Future<Output = Result<u32, Infallible>> {
    ready(Ok(number))
}

fn of_recloser() -> Box<dyn Subject> {
    let recloser = AsyncRecloser::from(Recloser::custom().error_rate(0.5).closed_len(100).build());
    peer(RECLOSER, move |runtime, calls| call_each!(runtime, calls, |number| recloser.call(answer(number))))
}

fn of_failsafe() -> Box<dyn Subject> {
    let policy = failure_policy::consecutive_failures(5, backoff::constant(OPEN));
    let breaker = Config::new().failure_policy(policy).build();
    peer("failsafe, in a row", move |runtime, calls| {
        call_each!(runtime, calls, |number| breaker.call(answer(number)))
    })
}

fn of_failsafe_time() -> Box<dyn Subject> {
    let backoff = backoff::constant(OPEN);
    let policy = failure_policy::success_rate_over_time_window(0.5, 20, WINDOW, backoff);
    let breaker = Config::new().failure_policy(policy).build();
    peer("failsafe, 10s", move |runtime, calls| {
        call_each!(runtime, calls, |number| breaker.call(answer(number)))
    })
}

/// As its users build it: a service of which everybody has a clone.
fn service<S>(name: &'static str, is_stack: bool, service: S) -> Box<dyn Subject>
where
    S: Service<u32, Response = u32> + Clone + Send + Sync + 'static,
{
    let call = move |runtime: &Runtime, calls| {
        let mut service = service.clone();
        runtime.block_on(async {
            for number in 0..calls {
                let ready = service.ready().await.map_err(|_| "it is not ready")?;
                right(ready.call(std::hint::black_box(number)).await.ok(), number)?;
            }
            Ok(())
        })
    };
    Box::new(Peer { name, is_stack, call })
}

fn of_tower() -> CircuitBreakerConfigBuilder {
    CircuitBreakerLayer::builder().failure_rate_threshold(0.5).wait_duration_in_open(OPEN)
}

fn of_tower_consecutive() -> Result<Box<dyn Subject>, Failure> {
    let layer = of_tower().consecutive_failures(5).build()?;
    Ok(service("tower-resilience, in a row", false, layer.layer(service_fn(answer))))
}

fn of_tower_calls() -> Result<Box<dyn Subject>, Failure> {
    let layer = of_tower().sliding_window_size(100).build()?;
    Ok(service("tower-resilience, 100 calls", false, layer.layer(service_fn(answer))))
}

fn of_tower_time() -> Result<Box<dyn Subject>, Failure> {
    let of_time = of_tower().sliding_window_type(SlidingWindowType::TimeBased);
    let layer = of_time.sliding_window_duration(WINDOW).build()?;
    Ok(service("tower-resilience, 10s", false, layer.layer(service_fn(answer))))
}

fn of_tower_stack() -> Result<Box<dyn Subject>, Failure> {
    let limiter = TimeLimiterLayer::builder().timeout_duration(TIMEOUT).build();
    let breaker = of_tower().consecutive_failures(5).build()?;
    let retry = RetryLayer::builder().max_attempts(3).exponential_backoff(Duration::from_millis(100)).build();
    let stack = retry.layer(breaker.layer(limiter.layer(service_fn(answer))));
    Ok(service("tower-resilience: retry, breaker, timeout", true, stack))
}
