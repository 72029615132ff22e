//! `tollgate.limits()`: how the budgets of a key stand, and making them full again.

use std::fmt;

use super::Tollgate;
use super::sites::{UnknownSite, site_named};
use crate::core::{Key, Site};
use crate::rate_limit::LimitState;
use crate::rate_limit::inspect::{self, Question};

/// The limits of a [`Tollgate`], by function and key: for operators, tests and pages of your own. A cheap-to-clone handle, from
/// [`Tollgate::limits`].
///
/// ```
/// use tollgate::{Key, Tollgate, rate_limited};
///
/// #[rate_limited("100/minute", name = "airports")]
/// async fn airports() {}
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let tollgate = Tollgate::builder().build()?;
/// let key: Key = "ip:203.0.113.7".parse()?;
/// let [limit] = &tollgate.limits().read("airports", &key).await?[..] else { panic!("one limit") };
/// assert_eq!(limit.rates[0].remaining, 100);
/// tollgate.limits().reset("airports", &key).await?;
/// # let _ = airports;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RateLimits {
    tollgate: Tollgate,
}

impl Tollgate {
    /// How the budgets of keys stand, and making them full again.
    #[must_use]
    pub fn limits(&self) -> RateLimits {
        RateLimits { tollgate: self.clone() }
    }
}

impl RateLimits {
    /// How the limits of a function stand for a key, without charging anything: those that count by keys of its kind, as they are in
    /// force, without disabled ones. A limit with `tiers` is there once for each tier that this process has chosen so far.
    /// Limits of calls are read by `global`; those that count by arguments of the call cannot be.
    ///
    /// While a shared store is away, what this process knows is told, and [`LimitState::local`] says so.
    ///
    /// # Errors
    /// Where no function has that name, or none of its limits counts by keys of this kind.
    pub async fn read(&self, site: &str, key: &Key) -> Result<Vec<LimitState>, LimitsError> {
        let questions = self.about(site, key)?;
        Ok(inspect::read(self.tollgate.budgets(), &questions, self.tollgate.clock().now()).await)
    }

    /// Makes the budgets of a key full, in all limits of a function that count by keys of its kind.
    ///
    /// Other processes remember for a second at most what a shared store refused, and keep permits that they hold in blocks (`lease`).
    ///
    /// # Errors
    /// As [`read`](Self::read), and where a shared store is away: what it keeps stays then.
    pub async fn reset(&self, site: &str, key: &Key) -> Result<(), LimitsError> {
        let questions = self.about(site, key)?;
        let reset = inspect::reset(self.tollgate.budgets(), &questions).await;
        reset.map_err(|_| LimitsError(Fault::Away))
    }

    fn about(&self, name: &str, key: &Key) -> Result<Vec<Question>, LimitsError> {
        let site = site_of(name)?;
        if !inspect::counts_by(site, key) {
            let counted = inspect::keys_of(site);
            return Err(LimitsError(Fault::Key { class: key.class(), counted }));
        }
        Ok(inspect::about_key(site, self.tollgate.in_force(), key))
    }
}

/// The function of that name.
pub(super) fn site_of(name: &str) -> Result<&'static Site, LimitsError> {
    site_named(name, |_| true).map_err(|unknown| LimitsError(Fault::Site(unknown)))
}

/// Limits cannot be read or reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsError(Fault);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Site(UnknownSite),
    Key { class: &'static str, counted: Vec<&'static str> },
    Away,
}

impl LimitsError {
    /// The name that was most likely meant, where no function has the one that was given.
    #[must_use]
    pub const fn nearest(&self) -> Option<&'static str> {
        match &self.0 {
            Fault::Site(unknown) => unknown.nearest(),
            Fault::Key { .. } | Fault::Away => None,
        }
    }

    /// Whether no function has that name.
    #[must_use]
    pub const fn is_unknown_site(&self) -> bool {
        matches!(self.0, Fault::Site(_))
    }

    /// Whether a shared store is away.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self.0, Fault::Away)
    }
}

impl fmt::Display for LimitsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::Site(unknown) => unknown.told(f, "function"),
            Fault::Key { counted, .. } if counted.is_empty() => f.write_str("this function has no limits"),
            Fault::Key { class, counted } => {
                write!(
                    f,
                    "no limit of this function counts by a key of this kind ({class}), but by {}",
                    counted.join(", ")
                )
            }
            Fault::Away => f.write_str("the store that keeps the budgets is away: try again later"),
        }
    }
}

impl std::error::Error for LimitsError {}
