//! What depends on options of a limit, and on limits that share their budgets.

use std::sync::Arc;

use super::super::policy::{Algorithm, Cost, KeySource, Rates};
use super::super::scopes::limits_of;
use super::*;
use crate::core::{Origin, Place, SITES, Setting, Site, Value};

const SECOND: u64 = 1_000_000_000;
const FIVE: &[Rate] = &[Rate::new("default", 5, SECOND)];

const SHARED: &Limit = &Limit::new("rate_limited", "ip", KeySource::Address, FIVE).share("configured");
const BESIDE: &[Limit] = &[
    Limit::new("rate_limited", "ip", KeySource::Address, &[Rate::new("ip-second", 5, SECOND)])
        .share("configured"),
    Limit::new(
        "rate_limited:global",
        "global",
        KeySource::Everyone,
        &[Rate::new("global-hour", 9, 3_600 * SECOND)],
    ),
];

const fn origin(line: u32) -> Origin {
    Origin { file: "configured.rs", line, column: 1, module: "configured", function: "site" }
}

#[linkme::distributed_slice(SITES)]
static ALONE: Site = Site::new(origin(1), Some("alone"), || vec![SHARED.entry()]);

#[linkme::distributed_slice(SITES)]
static TOGETHER: Site = Site::new(origin(2), Some("together"), || BESIDE.iter().map(Limit::entry).collect());

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn texts(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|written| (place(2), text(written))).collect())
}

fn place(line: usize) -> Place {
    Place { source: Arc::from("a.toml"), line }
}

fn settings(path: &str, entries: &[(&str, Value)]) -> Settings {
    let entry = |(key, value): &(&str, Value)| Setting {
        key: (*key).to_owned(),
        place: place(2),
        value: value.clone(),
    };
    Settings { path: path.to_owned(), place: place(1), entries: entries.iter().map(entry).collect() }
}

/// What is wrong with settings of a limit.
fn told(limit: Limit, entries: &[(&str, Value)]) -> String {
    let mut faults = Vec::new();
    let drafts = read::rates(&limit, &settings("a", entries), &mut faults);
    assert_eq!(drafts.is_none(), !faults.is_empty());
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn limit() -> Limit {
    Limit::new("rate_limited", "ip", KeySource::Address, FIVE)
}

#[test]
fn algorithms_without_bursts_take_none() {
    for algorithm in [Algorithm::FixedWindow, Algorithm::SlidingWindow, Algorithm::SlidingLog] {
        let told = told(limit().algorithm(algorithm), &[("burst", Value::Number(9))]);
        assert_eq!(
            told,
            format!("a.toml:2: `a.burst`: `{}` knows no burst: take this away", algorithm.as_str())
        );
    }
    for algorithm in [Algorithm::Gcra, Algorithm::TokenBucket] {
        assert_eq!(told(limit().algorithm(algorithm), &[("burst", Value::Number(9))]), "");
    }
}

#[test]
fn a_log_stays_short() {
    let log = limit().algorithm(Algorithm::SlidingLog);
    assert_eq!(told(log, &[("rates", texts(&["10000/hour"]))]), "");
    assert_eq!(
        told(log, &[("rates", texts(&["10001/hour"]))]),
        "a.toml:2: `a.rates`: `sliding_log` keeps every request of a period, at most 10000: lower the rate"
    );
    assert_eq!(told(limit(), &[("rates", texts(&["10001/hour"]))]), "");
}

#[test]
fn a_limit_whose_rates_a_function_chooses_takes_none() {
    let tiers = limit().tiers(|_| Rates::new(FIVE));
    let entries = [("rates", texts(&["1/hour"])), ("burst", Value::Number(9))];
    let mut faults = Vec::new();
    assert_eq!(read::rates(&tiers, &settings("a", &entries), &mut faults), None);
    let what =
        "a function chooses the rates of this limit (`tiers`), so a configuration cannot: take this away";
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["rates", "burst"].map(|key| format!("a.toml:2: `a.{key}`: {what}")));
}

#[test]
fn blocks_belong_to_one_rate() {
    let lease = limit().lease(5);
    assert_eq!(told(lease, &[("rates", texts(&["6/hour"]))]), "");
    assert_eq!(
        told(lease, &[("rates", texts(&["6/hour", "7/day"]))]),
        "a.toml:2: `a.rates`: this limit takes permits in blocks (`lease`), which belong to one rate: write one"
    );
}

#[test]
fn a_cost_has_to_fit_unless_a_function_says_it() {
    assert_eq!(told(limit().cost(Cost::Of(|_| 9)), &[("rates", texts(&["6/hour"]))]), "");
    assert!(told(limit().cost(Cost::Fixed(9)), &[("rates", texts(&["6/hour"]))]).contains("never fits"));
    assert_eq!(
        told(limit().cost(Cost::Fixed(9)), &[("rates", texts(&["6/hour"])), ("burst", Value::Number(9))]),
        ""
    );
}

/// What the first limits of sites are to be, by the names of their rates; and what is wrong.
fn settled(entries: &[(&'static Site, &[(&str, Value)])]) -> (Vec<String>, Vec<String>) {
    let (mut configured, mut faults) = (Configured::default(), Vec::new());
    for (site, entries) in entries {
        let first = limits_of(site).next().unwrap();
        configured.read(first, settings(site.name(), entries), &mut faults);
    }
    let overrides = configured.settle(&mut faults);
    let rates = [&ALONE, &TOGETHER].map(|site| {
        let rates =
            overrides.get(&(site.id(), 0)).and_then(|over| over.rates).map_or(&[][..], Rates::as_slice);
        rates.iter().map(|rate| format!("{} {rate}", rate.name())).collect::<Vec<_>>().join(", ")
    });
    (rates.into(), faults.iter().map(ToString::to_string).collect())
}

#[test]
fn what_is_said_of_a_limit_holds_for_all_that_share_its_budgets_each_with_its_names() {
    let expected = ["default 7 per hour", "ip-hour 7 per hour"];
    for site in [&ALONE, &TOGETHER] {
        let (rates, faults) = settled(&[(site, &[("rates", texts(&["7/hour"]))])]);
        assert_eq!((&*rates, &*faults), (&expected.map(str::to_owned)[..], &[][..]));
    }
    let both = [("rates", texts(&["7/hour"]))];
    assert_eq!(settled(&[(&ALONE, &both), (&TOGETHER, &both)]).0, expected);
    let burst = settled(&[(&ALONE, &[("burst", Value::Number(9))])]).0;
    assert_eq!(burst, ["default 5 per second, burst 9", "ip-second 5 per second, burst 9"]);
}

#[test]
fn one_budget_is_not_configured_in_two_ways() {
    let (_, faults) = settled(&[
        (&ALONE, &[("rates", texts(&["7/hour"]))]),
        (&TOGETHER, &[("rates", texts(&["7/hour"])), ("shadow", Value::Flag(true))]),
    ]);
    assert_eq!(
        faults,
        [
            "a.toml:1: `together`: this shares its budgets as \"configured\" with `alone`, of which a.toml:1 says something \
          else: write it once, it holds for all of them"
        ]
    );
}

#[test]
fn nothing_said_is_nothing_overridden() {
    let mut configured = Configured::default();
    let first = limits_of(&ALONE).next().unwrap();
    configured.read(first, settings("a", &[("disabled", Value::Flag(false))]), &mut Vec::new());
    assert_eq!(configured.settle(&mut Vec::new()), HashMap::new());
}
