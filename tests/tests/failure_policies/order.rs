//! One order, whatever the order in which they are written; and whatever happens, the counts add up and nothing stays taken.

#![allow(clippy::unused_async, reason = "they are async, whatever is in them")]

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use tollgate::{bulkhead, cached, circuit_breaker, fallback, timeout, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::{Asking, Does, Upstream, ask, asking, poll, service, status_of};

#[timeout("1s")]
#[bulkhead(max_concurrent = 1)]
#[circuit_breaker(consecutive_failures = 3, jitter = 0.0)]
#[with_metrics]
async fn inside_out(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[with_metrics]
#[circuit_breaker(consecutive_failures = 3, jitter = 0.0)]
#[bulkhead(max_concurrent = 1)]
#[timeout("1s")]
async fn outside_in(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

/// A timeout, a crowd, two failures, and an open circuit.
async fn story(upstream: &Upstream, service: &Service) -> Vec<u16> {
    upstream.now(Does::Hangs);
    let mut late = asking(service);
    assert!(poll(&mut late).is_pending());
    let mut statuses = vec![ask(service).await.0];
    service.clock.advance(Duration::from_secs(1));
    statuses.extend(status_of(&mut late));
    upstream.now(Does::Says(500));
    for _ in 0..3 {
        statuses.push(ask(service).await.0);
    }
    statuses
}

#[tokio::test]
async fn the_order_in_which_they_are_written_makes_no_difference() {
    let upstream = Upstream::new(Does::Hangs);
    let services = [service(&upstream, get(inside_out)), service(&upstream, get(outside_in))];
    for (service, site) in services.iter().zip([site!(inside_out), site!(outside_in)]) {
        assert_eq!(story(&upstream, service).await, [503, 504, 500, 500, 503]);
        assert_eq!(
            service.counts(site),
            "with_metrics completed 4, cancelled 1, circuit_breaker failure 3, excluded 1, refused 1, bulkhead admitted 3, refused 1, \
             timeout completed 2, timed_out 1"
        );
    }
}

async fn default_answer() -> &'static str {
    "default"
}

#[fallback(default_answer)]
#[cached(ttl = "1ms")]
#[circuit_breaker(failure_rate = 1.0, minimum_calls = 1000, window = 1000)]
#[bulkhead(max_concurrent = 3, queue = 4, wait = "1s")]
#[timeout("2s")]
async fn everything(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[circuit_breaker(failure_rate = 1.0, minimum_calls = 1000, window = 1000)]
#[bulkhead(max_concurrent = 3, queue = 4, wait = "1s")]
#[timeout("2s")]
async fn uncached(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

fn count(service: &Service, site: &str, policy: &str, outcome: &str) -> u64 {
    let decisions = service.tollgate.decisions();
    let is_it = |count: &&tollgate::DecisionCount| {
        count.site == site && count.policy == policy && count.outcome.as_str() == outcome
    };
    decisions.iter().find(is_it).map_or(0, |count| count.count)
}

/// Requests begin, go on, and are given up, at any point and in any order.
fn at_random(service: &Service, upstream: &Upstream, steps: usize) -> u64 {
    let (mut dice, mut asked) = (Dice(0x9e37_79b9_7f4a_7c15), 0);
    let mut requests: Vec<Asking> = Vec::new();
    for _ in 0..steps {
        match dice.below(8) {
            0 | 1 => {
                requests.push(asking(service));
                asked += 1;
            }
            2 => upstream.now(Does::Hangs),
            3 => upstream.now(Does::Says(200)),
            4 => upstream.now(Does::Says(500)),
            5 => service.clock.advance(Duration::from_millis(300)),
            6 if !requests.is_empty() => drop(requests.swap_remove(dice.below(requests.len()))),
            _ if !requests.is_empty() => {
                let place = dice.below(requests.len());
                if poll(&mut requests[place]).is_ready() {
                    drop(requests.swap_remove(place));
                }
            }
            _ => {}
        }
    }
    asked
}

#[tokio::test]
#[allow(clippy::print_stdout)] // how often each happened, for whoever changes the dice
async fn clients_that_go_away_at_any_point_leave_nothing_behind_and_the_counts_add_up() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(uncached));
    let asked = at_random(&service, &upstream, 20_000);
    assert_eq!(service.clock.waiting(), 0);
    // All places are free: three run at once, and four wait.
    upstream.now(Does::Hangs);
    let mut requests: Vec<_> = (0..8).map(|_| asking(&service)).collect();
    let statuses: Vec<_> = requests.iter_mut().map(status_of).collect();
    assert_eq!(statuses, [None, None, None, None, None, None, None, Some(503)]);
    drop(requests);
    let count = |policy, outcome| count(&service, site!(uncached), policy, outcome);
    let breaker = |outcome| count("circuit_breaker", outcome);
    let passed = breaker("success") + breaker("failure") + breaker("excluded") + breaker("cancelled");
    let queued =
        count("bulkhead", "admitted") + count("bulkhead", "refused") + count("bulkhead", "cancelled");
    assert!(passed <= asked + 8, "{passed} of {asked} and the last 8");
    assert_eq!(passed, queued);
    assert_eq!(breaker("excluded"), count("bulkhead", "refused"));
    assert_eq!(
        breaker("success") + breaker("failure"),
        count("timeout", "completed") + count("timeout", "timed_out")
    );
    // The dice are always the same: each of these is known to be among what adds up.
    for (policy, outcome) in [
        ("circuit_breaker", "success"),
        ("circuit_breaker", "failure"),
        ("circuit_breaker", "cancelled"),
        ("bulkhead", "admitted"),
        ("bulkhead", "cancelled"),
        ("bulkhead", "refused"),
        ("timeout", "completed"),
        ("timeout", "timed_out"),
    ] {
        let counted = count(policy, outcome);
        println!("{policy} {outcome} {counted}");
        assert!(counted >= 10, "{policy} {outcome} {counted}");
    }
}

#[tokio::test]
async fn with_a_cache_and_a_fallback_around_it_all_places_are_free_in_the_end_too() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(everything));
    at_random(&service, &upstream, 5_000);
    // What a cache has made goes on in tasks of its own, which end once nobody waits for it.
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
    assert_eq!(service.clock.waiting(), 0);
    upstream.now(Does::Says(200));
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(ask(&service).await.0, 200);
}
