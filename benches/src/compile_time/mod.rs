//! How long `cargo check` takes for a hundred handlers, by what stands in front of each.
//!
//! Every variant is a crate of the same handlers and the same router (`source`). They share one scratch
//! workspace and its target directory (`scratch`), with the project's own Cargo.lock, so that nothing is
//! resolved anew. Dependencies are compiled first; then the variants are checked in turn, round by round
//! (`measure`), without incremental compilation: what a clean build in CI pays.
//!
//! Cargo's own start is in every figure, so the ratios are a little nearer to 1 than rustc's share alone.

mod measure;
mod scratch;
mod source;

pub use measure::{Row, measure, table, verdict};

/// What a hundred handlers carry.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The name in the table.
    pub name: &'static str,
    /// The attributes of every handler, outermost first.
    pub attributes: &'static [Attribute],
}

/// An attribute that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// `#[tracing::instrument]`
    Instrument,
    /// `#[tollgate::rate_limited]`
    RateLimited,
    /// `#[utoipa::path]`
    UtoipaPath,
    /// `#[tollgate::with_metrics]`
    WithMetrics,
}

/// All variants, in the order of the printed table.
pub const VARIANTS: &[Variant] = &[
    Variant { name: "bare", attributes: &[] },
    Variant { name: YARDSTICK, attributes: &[Attribute::Instrument] },
    Variant { name: "rate_limited", attributes: &[Attribute::RateLimited] },
    Variant { name: "both_attributes", attributes: &[Attribute::WithMetrics, Attribute::RateLimited] },
    Variant { name: "utoipa", attributes: &[Attribute::UtoipaPath] },
    Variant { name: "utoipa+rate_limited", attributes: &[Attribute::RateLimited, Attribute::UtoipaPath] },
];

/// The variant that all are compared with: an attribute that nobody thinks twice about.
const YARDSTICK: &str = "instrument";

/// The variant that has a target.
const JUDGED: &str = "rate_limited";

/// The most that it may take, as a multiple of the yardstick.
const MOST: f64 = 0.9;

impl Variant {
    fn has(&self, attribute: Attribute) -> bool {
        self.attributes.contains(&attribute)
    }

    fn needs_tollgate(&self) -> bool {
        self.has(Attribute::RateLimited) || self.has(Attribute::WithMetrics)
    }

    /// A name that cargo takes.
    fn package(&self) -> String {
        format!("handlers-{}", self.name.replace('+', "-"))
    }
}
