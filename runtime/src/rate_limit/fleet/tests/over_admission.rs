//! How much more blocks admit: the bound that `leases.rs` derives, over any sequence of requests.

use proptest::prelude::*;

use super::super::super::policy::{Algorithm, Rate};
use super::super::super::store::Ask;
use super::fake::{House, SECOND, leased};
use crate::core::Clock;

/// Ten at once and one every 100 ms; thirty and one every two seconds; and a fast one.
const RATES: [&[Rate]; 3] = [
    &[Rate::new("default", 10, SECOND)],
    &[Rate::new("default", 30, 60 * SECOND)],
    &[Rate::new("default", 20, SECOND / 10)],
];

const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::Gcra,
    Algorithm::TokenBucket,
    Algorithm::SlidingWindow,
    Algorithm::SlidingLog,
    Algorithm::FixedWindow,
];

/// Some time passes, and then a process gets so many requests of that cost.
#[derive(Clone, Copy, Debug)]
struct Step {
    pause_nanos: u64,
    process: usize,
    requests: usize,
    cost: u32,
}

fn steps(most_cost: u32) -> impl Strategy<Value = Vec<Step>> {
    let pause = prop_oneof![Just(0), 0..SECOND / 10, 0..3 * SECOND, 0..20 * SECOND];
    let step = (pause, 0_usize..4, 1_usize..30, 1..=most_cost)
        .prop_map(|(pause_nanos, process, requests, cost)| Step { pause_nanos, process, requests, cost });
    prop::collection::vec(step, 1..60)
}

/// When how many permits were spent by GCRA.
fn spent(rates: &'static [Rate], lease: u32, processes: usize, steps: &[Step]) -> Vec<(u64, u64)> {
    spent_in(&House::new(), &leased(1, "ada", rates, lease), processes, steps)
}

/// When how many permits were spent.
fn spent_in(house: &House, ask: &Ask<'_>, processes: usize, steps: &[Step]) -> Vec<(u64, u64)> {
    let fleet: Vec<_> = (0..processes).map(|_| house.process()).collect();
    let mut spent = Vec::new();
    for step in steps {
        house.clock.advance(step.pause_nanos);
        let ask = Ask { cost: step.cost, ..ask.clone() };
        let admitted = house.take_all(&fleet[step.process % processes], &ask, step.requests);
        spent.push((house.clock.now().as_nanos(), admitted as u64 * u64::from(step.cost)));
    }
    spent
}

/// What all processes may admit in a span: a block lives for `life` nanoseconds.
fn bound(rate: &Rate, span: u64, more: u64) -> u64 {
    u64::from(rate.capacity()) + span / rate.emission_nanos() + more
}

fn life(rate: &Rate, lease: u32) -> u64 {
    (rate.emission_nanos() * u64::from(lease)).clamp(SECOND, 10 * SECOND)
}

/// The span in which most was spent above what is allowed, if there is one.
fn excess(spent: &[(u64, u64)], allowed: impl Fn(u64) -> u64) -> Option<(u64, u64)> {
    let spans = (0..spent.len()).flat_map(|from| (from..spent.len()).map(move |to| (from, to)));
    spans
        .map(|(from, to)| {
            let span = spent[to].0 - spent[from].0;
            (span, spent[from..=to].iter().map(|(_, permits)| permits).sum::<u64>())
        })
        .find(|(span, permits)| *permits > allowed(*span))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_span_admits_no_more_than_the_bound(
        rates in prop::sample::select(&RATES[..]),
        lease in 2_u32..40,
        processes in 1_usize..=4,
        steps in steps(1),
    ) {
        let rate = &rates[0];
        let more = (processes as u64 * u64::from(lease)).min(life(rate, lease) / rate.emission_nanos());
        let spent = spent(rates, lease, processes, &steps);
        prop_assert_eq!(excess(&spent, |span| bound(rate, span, more)), None);
    }

    #[test]
    fn costs_above_one_keep_to_a_block_for_each_process(
        rates in prop::sample::select(&RATES[..]),
        lease in 2_u32..40,
        processes in 1_usize..=4,
        steps in steps(8),
    ) {
        let more = processes as u64 * u64::from(lease);
        let spent = spent(rates, lease, processes, &steps);
        prop_assert_eq!(excess(&spent, |span| bound(&rates[0], span, more)), None);
    }

    #[test]
    fn whatever_the_algorithm_blocks_admit_what_the_store_grants_and_what_is_held(
        rates in prop::sample::select(&RATES[..]),
        algorithm in prop::sample::select(&ALGORITHMS[..]),
        lease in 2_u32..40,
        processes in 1_usize..=4,
        steps in steps(1),
    ) {
        let house = House::new();
        let ask = Ask { algorithm, ..leased(1, "ada", rates, lease) };
        let spent = spent_in(&house, &ask, processes, &steps);
        let granted = house.store.granted();
        let granted_in = |from: u64, to: u64| -> u64 {
            granted.iter().filter(|(at, _)| (from..=to).contains(at)).map(|(_, permits)| permits).sum()
        };
        for (place, (from, _)) in spent.iter().enumerate() {
            let mut admitted = 0;
            for (to, permits) in &spent[place..] {
                admitted += permits;
                prop_assert!(admitted <= granted_in(*from, *to) + processes as u64 * u64::from(lease));
                prop_assert!(admitted <= granted_in(from - life(&rates[0], lease), *to));
            }
        }
    }

    #[test]
    fn without_blocks_no_span_admits_more_than_the_store_grants(
        rates in prop::sample::select(&RATES[..]),
        processes in 1_usize..=4,
        steps in steps(8),
    ) {
        let spent = spent(rates, 0, processes, &steps);
        prop_assert_eq!(excess(&spent, |span| bound(&rates[0], span, 0)), None);
    }
}

/// The bound is not larger than need be: a block for each process is admitted on top, where nothing shortens it.
#[test]
fn blocks_that_were_kept_are_admitted_on_top() {
    const RATE: &[Rate] = RATES[0];
    let house = House::new();
    let fleet = [house.process(), house.process()];
    let ask = leased(1, "ada", RATE, 4);
    for process in &fleet {
        assert!(house.take(process, &ask), "each takes four and spends one");
    }
    house.clock.advance(SECOND - 1);
    let held: usize = fleet.iter().map(|process| house.take_all(process, &ask, 3)).sum();
    let fresh: usize = fleet.iter().map(|process| house.take_all(process, &ask, 100)).sum();
    let emitted = (SECOND - 1) / RATE[0].emission_nanos();
    assert_eq!(
        (held, fresh),
        (6, 10),
        "ten is what the store grants at once, and six were held; {emitted} came back"
    );
}
