//! Words of other libraries, and slips of the finger.

use tollgate::circuit_breaker;

#[circuit_breaker(failureRateThreshold = 50, slidingWindowSize = 100, minimumNumberOfCalls = 10)]
async fn of_resilience4j() {}

#[circuit_breaker(waitDurationInOpenState = "30s", permittedNumberOfCallsInHalfOpenState = 3)]
async fn of_resilience4j_too() {}

#[circuit_breaker(failure_threshold = 5, recovery_timeout = 30)]
async fn of_python() {}

#[circuit_breaker(reset_timeout = "30s", errorThresholdPercentage = "50%", timeout = 3000)]
async fn of_opossum() {}

#[circuit_breaker(faliure_rate = 0.5)]
async fn slip() {}

#[circuit_breaker(sliding_window_type = "TIME_BASED")]
async fn kind_of_window() {}

#[circuit_breaker(fallback_method = "no_weather")]
async fn fallback_within() {}

#[circuit_breaker(half_open = 3)]
async fn half() {}

#[circuit_breaker(on_state_change = tell)]
async fn listens() {}

fn main() {}
