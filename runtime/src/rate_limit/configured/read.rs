//! What a configuration says of one limit.

use super::super::interned;
use super::super::policy::{Algorithm, Cost, Limit, MAX_RATES, Rate};
use super::super::rate_text::{RateModel, is_rate, parse_rates};
use super::super::scopes::{Declared, limits_of};
use crate::core::{Keys, Place, Setting, SettingFault, Settings, Value};

const ATTRIBUTE_ALONE: &str = "the attribute alone says this, because what is compiled depends on it";
const WRITE_RATES: &str = "write `rates = [\"100/minute\"]`";

/// The keys of `rate_limited`, and words for the same things elsewhere.
pub(crate) const KEYS: Keys = Keys {
    known: &["rates", "burst", "shadow", "disabled"],
    elsewhere: &[
        ("rate", WRITE_RATES),
        ("limit", WRITE_RATES),
        ("quota", WRITE_RATES),
        ("requests", WRITE_RATES),
        ("requests_per_second", WRITE_RATES),
        ("requests_per_minute", WRITE_RATES),
        ("period", "the period is part of the rate: write `rates = [\"100/minute\"]`"),
        ("window", "the period is part of the rate: write `rates = [\"100/minute\"]`"),
        ("burst_size", "write `burst`"),
        ("capacity", "write `burst`"),
        ("max_burst", "write `burst`"),
        ("dry_run", "write `shadow`"),
        ("report_only", "write `shadow`"),
        ("enabled", "write `disabled`, which says the contrary"),
        ("disable", "write `disabled`"),
        ("key", ATTRIBUTE_ALONE),
        ("missing", ATTRIBUTE_ALONE),
        ("cost", ATTRIBUTE_ALONE),
        ("algorithm", ATTRIBUTE_ALONE),
        ("tiers", ATTRIBUTE_ALONE),
        ("charge_on", ATTRIBUTE_ALONE),
        ("after", ATTRIBUTE_ALONE),
        ("on_store_error", ATTRIBUTE_ALONE),
        ("lease", ATTRIBUTE_ALONE),
        ("share", ATTRIBUTE_ALONE),
        ("name", ATTRIBUTE_ALONE),
    ],
};

/// The log of a `sliding_log` keeps every request of a period.
const LONGEST_LOG: u32 = 10_000;

/// A rate that has no name yet: that depends on the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    quota: u32,
    nanos: u64,
    burst: u32,
    /// As written; `None` where the declared rate keeps its name.
    period: Option<String>,
}

impl Draft {
    /// The rate, one of so many, as the macro would name it.
    pub(super) fn named(&self, declared: Declared, place: usize, rates: usize) -> Option<Rate> {
        let name = match &self.period {
            None => declared.limit.rates().get(place)?.name(),
            Some(_) if rates == 1 && is_alone(declared) => alone_name(declared.limit),
            Some(period) => interned::name(&format!("{}{period}", declared.limit.rate_prefix())),
        };
        Rate::checked_new(name, self.quota, self.nanos, self.burst)
    }

    fn declared(rate: &Rate, burst: u32) -> Self {
        Self { quota: rate.quota(), nanos: rate.period_nanos(), burst, period: None }
    }
}

/// Whether no other limit of its function is announced, as it is declared.
pub(super) fn is_alone(declared: Declared) -> bool {
    limits_of(declared.site).filter(|other| !other.limit.is_shadow()).count() <= 1
}

/// What the macro calls the one rate of the one limit: of a layer by the name that its other rates would begin with.
pub(super) fn alone_name(limit: &Limit) -> &'static str {
    match limit.rate_prefix() {
        "" => "default",
        prefix => prefix.strip_suffix('-').unwrap_or(prefix),
    }
}

/// The rates that it is to have; `None` where that is not said, or cannot be.
pub(super) fn rates(
    limit: &Limit,
    settings: &Settings,
    faults: &mut Vec<SettingFault>,
) -> Option<Vec<Draft>> {
    if limit.tiers_of().is_some() {
        let said = ["rates", "burst"].into_iter().filter_map(|key| settings.get(key));
        let what =
            "a function chooses the rates of this limit (`tiers`), so a configuration cannot: take this away";
        faults.extend(said.map(|setting| settings.fault(setting, what)));
        return None;
    }
    let before = faults.len();
    let burst = settings.positive("burst", faults);
    let mut drafts: Vec<_> = match settings.get("rates") {
        Some(setting) => models(setting, settings, faults).into_iter().map(draft).collect(),
        None => limit.rates().iter().map(|rate| Draft::declared(rate, rate.capacity())).collect(),
    };
    let is_said = settings.get("rates").is_some() || burst.is_some();
    if !is_said || faults.len() > before {
        return None;
    }
    if let (Some(burst), Some(setting)) = (burst, settings.get("burst")) {
        faults.extend(no_burst(limit, &drafts, burst).map(|what| settings.fault(setting, what)));
        for draft in &mut drafts {
            draft.burst = burst;
        }
    }
    let blamed = settings.get("rates").or_else(|| settings.get("burst"))?;
    faults.extend(misfit(limit, &drafts).map(|what| settings.fault(blamed, what)));
    (faults.len() == before).then_some(drafts)
}

fn draft(model: RateModel) -> Draft {
    let RateModel { quota, nanos, period } = model;
    Draft { quota, nanos, burst: quota, period: Some(period) }
}

/// The rates of a list of texts.
fn models(setting: &Setting, settings: &Settings, faults: &mut Vec<SettingFault>) -> Vec<RateModel> {
    let texts = match &setting.value {
        Value::List(texts) if !texts.is_empty() => texts,
        other => {
            faults.push(settings.fault(setting, no_list(other)));
            return Vec::new();
        }
    };
    let mut models = Vec::new();
    let mut fault = |place: &Place, what| faults.push(settings.fault_at(place, &setting.key, what));
    for (place, value) in texts {
        let Value::Text(text) = value else {
            fault(place, format!("a rate is a text, and this is {}: {WRITE_RATES}", value.kind()));
            continue;
        };
        for parsed in parse_rates(text) {
            match parsed {
                Ok(rate) if has_period_of(&models, &rate) => fault(place, same_period(&rate)),
                Ok(rate) if models.len() < MAX_RATES => models.push(rate),
                Ok(_) => {
                    fault(place, format!("a function has at most {MAX_RATES} rates in all: take some away"));
                    return models;
                }
                Err(what) => fault(place, what),
            }
        }
    }
    models
}

fn no_list(value: &Value) -> String {
    match value {
        Value::List(_) => {
            format!("there is no rate in this list: {WRITE_RATES}, or `disabled = true`")
        }
        Value::Text(text) if is_rate(text) => {
            format!("rates stand in a list: write `rates = [\"{text}\"]`")
        }
        other => format!("this is {}, and rates are a list of texts: {WRITE_RATES}", other.kind()),
    }
}

fn has_period_of(models: &[RateModel], rate: &RateModel) -> bool {
    models.iter().any(|other| other.nanos == rate.nanos)
}

fn same_period(rate: &RateModel) -> String {
    format!("two rates have one period, {}: the lower one alone would count, so keep that one", rate.period)
}

/// Why these rates cannot have a burst, or not this one.
fn no_burst(limit: &Limit, drafts: &[Draft], burst: u32) -> Option<String> {
    if !knows_burst(limit) {
        let word = limit.counting().as_str();
        return Some(format!("`{word}` admits its quota and knows no burst: take `burst = {burst}` away"));
    }
    let [Draft { quota, nanos, .. }] = drafts else {
        let what = "`burst` belongs to one rate, and there are several: take it away, or write one rate";
        return Some(what.to_owned());
    };
    let never = "this burst takes more than a century to refill at this rate: lower it";
    Rate::checked_new("", *quota, *nanos, burst).is_none().then(|| never.to_owned())
}

fn knows_burst(limit: &Limit) -> bool {
    matches!(limit.counting(), Algorithm::Gcra | Algorithm::TokenBucket)
}

/// Why a limit cannot have these rates, although each is one.
fn misfit(limit: &Limit, drafts: &[Draft]) -> Option<String> {
    let longest = drafts.iter().map(|draft| draft.quota).max()?;
    if limit.counting() == Algorithm::SlidingLog && longest > LONGEST_LOG {
        return Some(format!(
            "`sliding_log` keeps the moment of every request, and {longest} are more than {LONGEST_LOG}: lower the rate"
        ));
    }
    let capacity = drafts.iter().map(|draft| draft.burst).min()?;
    let raise = if knows_burst(limit) { "the rate or its `burst`" } else { "the rate" };
    if limit.block() > capacity {
        return Some(format!(
            "a lease of {} never fits where {capacity} are admitted at once: raise {raise}",
            limit.block()
        ));
    }
    match limit.request_cost() {
        Cost::Fixed(cost) if cost > capacity => {
            Some(format!("a cost of {cost} never fits where {capacity} are admitted at once: raise {raise}"))
        }
        Cost::Fixed(_) | Cost::Of(_) => None,
    }
}
