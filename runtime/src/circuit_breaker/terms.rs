//! What a declaration means for the breaker that goes by it.

use super::engine::Terms;
use super::machine::Shape;
use super::policy::{CircuitBreaker, Rule, Window};

impl From<&CircuitBreaker> for Terms {
    fn from(policy: &CircuitBreaker) -> Self {
        let (failure_rate, minimum_calls, consecutive_failures) = match policy.rule {
            Rule::Consecutive(failures) => (1, 1, failures),
            Rule::Rate { failure_rate, minimum_calls, .. } => (failure_rate, minimum_calls, 1),
        };
        Self {
            failure_rate,
            minimum_calls,
            consecutive_failures,
            open_for: policy.open_for,
            open_for_growth: policy.open_for_growth,
            open_for_max: policy.open_for_max,
            jitter: policy.jitter,
            half_open_calls: policy.half_open_calls,
            half_open_rate: policy.half_open_rate,
            half_open_wait: policy.half_open_wait,
            slow_call: policy.slow.map(|slow| slow.from),
            slow_rate: policy.slow.map_or(1, |slow| slow.rate),
        }
    }
}

impl From<Rule> for Shape {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Consecutive(_) => Self::Row,
            Rule::Rate { window: Window::Calls(calls), .. } => Self::Calls(calls),
            Rule::Rate { window: Window::Time(nanos), .. } => Self::Time(nanos),
        }
    }
}
