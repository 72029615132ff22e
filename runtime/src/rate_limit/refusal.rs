//! The 429, and what it tells the client to do.

use std::fmt::{self, Display, Write as _};

use ::http::header::RETRY_AFTER;
use ::http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::engine::{self, Verdict};
use super::policy::{KeySource, Limit, Rate};
use super::store::{Ask, Ruling};
use super::wire::seconds;
use crate::http::Problem;

/// The problem type that the draft registers.
const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// What the refusing rates of a request said.
#[derive(Default)]
pub(super) struct Refusal {
    violated: Vec<Value>,
    detail: String,
    wait_nanos: u64,
    /// A rate said that the cost never fits: waiting is of no use.
    never: bool,
}

impl Refusal {
    /// Whether nothing was refused.
    pub(super) const fn is_empty(&self) -> bool {
        self.violated.is_empty()
    }

    /// Adds what the rates of one limit said.
    pub(super) fn add(&mut self, ask: &Ask<'_>, rulings: &[Ruling]) {
        for (rate, ruling) in ask.rates.iter().zip(rulings) {
            match ruling.verdict {
                Verdict::Fits => continue,
                Verdict::NotYet { wait_nanos } => self.wait_nanos = self.wait_nanos.max(wait_nanos),
                Verdict::Never => self.never = true,
            }
            self.violated.push(rate.name().into());
            let separator = if self.detail.is_empty() { "" } else { "; " };
            let _ = write!(
                self.detail,
                "{separator}{}",
                Reason {
                    rate,
                    most: engine::capacity(ask.algorithm, rate),
                    verdict: ruling.verdict,
                    cost: ask.cost
                }
            );
        }
    }

    /// The answer.
    pub(super) fn into_problem(self) -> Problem {
        let problem = quota_exceeded(self.detail, self.violated);
        if self.never {
            return problem;
        }
        problem.header(RETRY_AFTER, HeaderValue::from(seconds(self.wait_nanos)))
    }
}

fn quota_exceeded(detail: String, violated: Vec<Value>) -> Problem {
    Problem::of_type(StatusCode::TOO_MANY_REQUESTS, QUOTA_EXCEEDED, "Quota exceeded")
        .detail(detail)
        .member("violated-policies", violated)
}

/// The problem type that the draft registers.
const REDUCED_CAPACITY: &str = "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity";

/// The answer while the store is away and nobody passes: soon, because it is asked all the time whether it is back.
pub(super) fn store_away() -> Problem {
    Problem::of_type(StatusCode::SERVICE_UNAVAILABLE, REDUCED_CAPACITY, "Temporary reduced capacity")
        .detail("the rate limit of this request cannot be checked at the moment: try again later")
        .header(RETRY_AFTER, HeaderValue::from(1_u64))
}

/// The answer to a request that lacks its key, and not for want of a principal.
pub(super) fn lacking(limit: &Limit) -> Problem {
    let detail = match limit.key() {
        KeySource::Header(name) => format!("the request needs the header field {}", name()),
        _ => "the request lacks what its rate limit counts by".to_owned(),
    };
    Problem::new(StatusCode::BAD_REQUEST).detail(detail)
}

/// A 429 as documents show it: the client has used up the rate and asks once more.
#[cfg(feature = "openapi")]
pub(super) fn example(rate: &Rate) -> (Problem, u64) {
    let wait_nanos = rate.emission_nanos();
    let reason = Reason { rate, most: rate.capacity(), verdict: Verdict::NotYet { wait_nanos }, cost: 1 };
    (quota_exceeded(reason.to_string(), vec![rate.name().into()]), seconds(wait_nanos))
}

/// Why one rate refused, for the client.
struct Reason<'a> {
    rate: &'a Rate,
    /// What it ever admits at once.
    most: u32,
    verdict: Verdict,
    cost: u32,
}

impl Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rate, most, verdict, cost } = self;
        let name = Named(rate.name());
        match verdict {
            Verdict::Fits => Ok(()),
            Verdict::Never => {
                write!(f, "this request costs {cost} and {name} never admits more than {most} at once")
            }
            Verdict::NotYet { wait_nanos } => {
                let wait = seconds(*wait_nanos);
                let plural = if wait == 1 { "" } else { "s" };
                write!(f, "{name} admits {rate}: try again in {wait} second{plural}")
            }
        }
    }
}

/// A rate in a sentence: by its name where there are several.
struct Named(&'static str);

impl Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "default" => f.write_str("the rate limit"),
            name => write!(f, "the rate limit \"{name}\""),
        }
    }
}
