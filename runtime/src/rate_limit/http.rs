//! Limits in front of a handler: from the facts of a request to a charge, a refusal and the fields of the answer.

use std::fmt::Write as _;

use ::http::header::RETRY_AFTER;
use ::http::{HeaderMap, HeaderValue, StatusCode};
use arrayvec::ArrayVec;
use axum::response::{IntoResponse, Response};

use super::engine::Verdict;
use super::policy::{Cost, KeySource, Limit, MAX_RATES, Missing, Rate};
use super::store::{Ask, Decision, Ruling, Store};
use crate::core::{Clock, Decided, Key, Observer, Outcome, SiteId, Text};
use crate::http::fields::{RATELIMIT, RATELIMIT_POLICY};
use crate::http::{Problem, RequestFacts};

/// The longest value of either field. Checked at compile time for what a function declares.
const FIELD_BYTES: usize = 640;

/// What a limiter needs besides its policy.
pub(crate) struct Desk<'a, S, O> {
    pub(crate) store: &'a S,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) observer: &'a O,
    pub(crate) site: SiteId,
    /// The place of the first limit among the policies of the site.
    pub(crate) first_slot: usize,
}

/// What an admitted request takes along to its answer.
#[derive(Debug, Default)]
pub(crate) struct Ticket {
    field: Option<HeaderValue>,
}

/// One limit that applies to the request, and where it stands among those of the function.
struct Applied {
    limit: &'static Limit,
    slot: usize,
}

impl<S: Store, O: Observer> Desk<'_, S, O> {
    /// Charges the request to every limit that applies to it, or to none and refuses it.
    pub(crate) async fn admit(
        &self,
        limits: &'static [Limit],
        facts: RequestFacts<'_>,
    ) -> Result<Ticket, (Response, Ticket)> {
        let mut applied = ArrayVec::<Applied, MAX_RATES>::new();
        let mut asks = ArrayVec::<Ask<'_>, MAX_RATES>::new();
        for (slot, limit) in limits.iter().enumerate().take(MAX_RATES) {
            let Some(key) = key_of(limit.key(), &facts).or_else(|| stand_in(limit)) else {
                self.refuse_or_skip(limit, slot)?;
                continue;
            };
            asks.push(self.ask(limit, slot, key, &facts));
            applied.push(Applied { limit, slot });
        }
        if asks.is_empty() {
            return Ok(Ticket::default());
        }
        let Ok(decision) = self.store.decide(&asks, self.clock.now()).await else {
            applied.iter().for_each(|applied| self.tell(applied.slot, Outcome::StoreFailed));
            return Ok(Ticket::default());
        };
        self.conclude(&applied, &asks, &decision)
    }

    fn ask(&self, limit: &Limit, slot: usize, key: Key, facts: &RequestFacts<'_>) -> Ask<'static> {
        #[allow(clippy::cast_possible_truncation, reason = "a function has at most MAX_RATES limits")]
        let scope = self.site.number() * MAX_RATES as u32 + slot as u32;
        let cost = match limit.request_cost() {
            Cost::Fixed(cost) => cost,
            Cost::Of(cost) => cost(facts),
        };
        Ask { scope, key, cost, rates: limit.rates(), shadow: limit.is_shadow() }
    }

    /// A key is missing and nothing stands in for it.
    fn refuse_or_skip(&self, limit: &Limit, slot: usize) -> Result<(), (Response, Ticket)> {
        match (limit.on_missing(), limit.is_shadow()) {
            (Missing::Reject, false) => {
                self.tell(slot, Outcome::Refused);
                Err((missing_key(limit), Ticket::default()))
            }
            (Missing::Reject, true) => {
                self.tell(slot, Outcome::ShadowRefused);
                Ok(())
            }
            (Missing::Skip | Missing::Anonymous, _) => {
                self.tell(slot, Outcome::Skipped);
                Ok(())
            }
        }
    }

    fn conclude(
        &self,
        applied: &[Applied],
        asks: &[Ask<'_>],
        decision: &Decision,
    ) -> Result<Ticket, (Response, Ticket)> {
        let mut rulings = decision.as_slice();
        let mut field = Text::<FIELD_BYTES>::new();
        let mut refusal = Refusal::default();
        let mut fitting = ArrayVec::<usize, MAX_RATES>::new();
        for (applied, ask) in applied.iter().zip(asks) {
            let (own, rest) = rulings.split_at(ask.rates.len().min(rulings.len()));
            rulings = rest;
            let fits = own.iter().all(|ruling| matches!(ruling.verdict, Verdict::Fits { .. }));
            if !applied.limit.is_shadow() {
                write_standings(&mut field, ask.rates, own);
                refusal.collect(ask, own);
            }
            match (fits, applied.limit.is_shadow()) {
                (true, _) => fitting.push(applied.slot),
                (false, true) => self.tell(applied.slot, Outcome::ShadowRefused),
                (false, false) => self.tell(applied.slot, Outcome::Refused),
            }
        }
        let ticket = Ticket::new(&field);
        if refusal.violated.is_empty() {
            fitting.iter().for_each(|slot| self.tell(*slot, Outcome::Admitted));
            return Ok(ticket);
        }
        Err((refusal.into_response(), ticket))
    }

    fn tell(&self, slot: usize, outcome: Outcome) {
        self.observer.decided(Decided::new(self.site, self.first_slot + slot, outcome));
    }
}

impl Ticket {
    fn new(field: &Text<FIELD_BYTES>) -> Self {
        let bytes = field.as_bytes();
        Self { field: (!bytes.is_empty()).then(|| HeaderValue::from_bytes(bytes).ok()).flatten() }
    }

    /// Puts the fields onto the answer, whatever it is.
    pub(crate) fn stamp(self, policy: HeaderValue, headers: &mut HeaderMap) {
        if let Some(field) = self.field {
            headers.insert(RATELIMIT_POLICY, policy);
            headers.insert(RATELIMIT, field);
        }
    }
}

fn key_of(source: &KeySource, facts: &RequestFacts<'_>) -> Option<Key> {
    match source {
        KeySource::Address => facts.client().map(Key::address),
        KeySource::Everyone => Some(Key::EVERYONE),
        KeySource::Header(name) => facts.headers().get(name()).map(Key::bytes),
        KeySource::Custom(key) => key(facts),
        KeySource::Joined(sources) => {
            sources.iter().map(|source| key_of(source, facts)).collect::<Option<Vec<_>>>().map(Key::join)
        }
    }
}

fn stand_in(limit: &Limit) -> Option<Key> {
    matches!(limit.on_missing(), Missing::Anonymous).then_some(Key::ANONYMOUS)
}

fn missing_key(limit: &Limit) -> Response {
    let detail = match limit.key() {
        KeySource::Header(name) => format!("the request needs the header field {}", name()),
        _ => "the request lacks what its rate limit counts by".to_owned(),
    };
    Problem::new(StatusCode::BAD_REQUEST).detail(detail).into_response()
}

/// What the refusing rates said.
#[derive(Default)]
struct Refusal {
    violated: Vec<&'static str>,
    detail: String,
    /// `None` once a rate said that the cost never fits: waiting is then of no use.
    wait_nanos: u64,
    never: bool,
}

impl Refusal {
    fn collect(&mut self, ask: &Ask<'_>, rulings: &[Ruling]) {
        for (rate, ruling) in ask.rates.iter().zip(rulings) {
            match ruling.verdict {
                Verdict::Fits { .. } => continue,
                Verdict::NotYet { wait_nanos } => self.wait_nanos = self.wait_nanos.max(wait_nanos),
                Verdict::Never => self.never = true,
            }
            self.violated.push(rate.name());
            let separator = if self.detail.is_empty() { "" } else { "; " };
            let _ = write!(self.detail, "{separator}{}", Explained { rate, ruling, cost: ask.cost });
        }
    }

    fn into_response(self) -> Response {
        let problem = Problem::of_type(StatusCode::TOO_MANY_REQUESTS, QUOTA_EXCEEDED, QUOTA_EXCEEDED_TITLE)
            .detail(self.detail)
            .member("violated-policies", self.violated);
        if self.never {
            return problem.into_response();
        }
        problem.header(RETRY_AFTER, HeaderValue::from(seconds(self.wait_nanos))).into_response()
    }
}

/// The problem type that the draft registers.
pub(super) const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";
/// Its title.
pub(super) const QUOTA_EXCEEDED_TITLE: &str = "Quota exceeded";

/// Why one rate refused, for the client.
struct Explained<'a> {
    rate: &'a Rate,
    ruling: &'a Ruling,
    cost: u32,
}

impl std::fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rate, ruling, cost } = self;
        match ruling.verdict {
            Verdict::Never => write!(
                f,
                "this request costs {cost} and the policy \"{}\" never admits more than {} at once",
                rate.name(),
                rate.capacity()
            ),
            Verdict::NotYet { wait_nanos } => {
                let wait = seconds(wait_nanos);
                let plural = if wait == 1 { "" } else { "s" };
                write!(f, "the policy \"{}\" admits {rate}: wait {wait} second{plural}", rate.name())
            }
            Verdict::Fits { .. } => Ok(()),
        }
    }
}

/// `"default";r=9;t=1`
fn write_standings(field: &mut Text<FIELD_BYTES>, rates: &[Rate], rulings: &[Ruling]) {
    for (rate, ruling) in rates.iter().zip(rulings) {
        let wait = match ruling.verdict {
            Verdict::NotYet { wait_nanos } => wait_nanos,
            Verdict::Fits { .. } | Verdict::Never => ruling.standing.grows_in_nanos,
        };
        begin_member(field, rate.name());
        field.push_str(";r=");
        field.push_number(u64::from(ruling.standing.remaining));
        if wait > 0 {
            field.push_str(";t=");
            field.push_number(seconds(wait));
        }
    }
}

/// The value of `RateLimit-Policy`: `"default";q=100;w=60`. Limits in shadow mode are not announced.
///
/// # Panics
/// At compile time, where it or the longest value of `RateLimit` is too long.
pub(crate) const fn policy_field(limits: &[Limit]) -> Text<FIELD_BYTES> {
    let mut field = Text::new();
    let (mut limit, mut longest) = (0, 0);
    while limit < limits.len() {
        let rates = limits[limit].rates();
        let mut rate = 0;
        while rate < rates.len() && !limits[limit].is_shadow() {
            write_policy(&mut field, &rates[rate]);
            // `, "name";r=4294967295;t=18446744074`
            longest += rates[rate].name().len() + 32;
            rate += 1;
        }
        limit += 1;
    }
    assert!(
        !field.is_full() && longest <= FIELD_BYTES,
        "the rates of this function do not fit into a header field"
    );
    field
}

const fn write_policy(field: &mut Text<FIELD_BYTES>, rate: &Rate) {
    const SECOND: u64 = 1_000_000_000;
    begin_member(field, rate.name());
    field.push_str(";q=");
    field.push_number(rate.quota() as u64);
    // The draft knows whole seconds alone, and lets the window be left out.
    if rate.period_nanos() % SECOND == 0 {
        field.push_str(";w=");
        field.push_number(rate.period_nanos() / SECOND);
    }
}

const fn begin_member(field: &mut Text<FIELD_BYTES>, name: &str) {
    if !field.as_bytes().is_empty() {
        field.push_str(", ");
    }
    field.push_str("\"");
    field.push_str(name);
    field.push_str("\"");
}

/// Whole seconds, rounded up, so that whoever waits that long is not too early.
const fn seconds(nanos: u64) -> u64 {
    nanos.div_ceil(1_000_000_000)
}
