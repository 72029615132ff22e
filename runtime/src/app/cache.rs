//! `tollgate.cache()`: throwing away what was kept, and how much there is.

use std::fmt;

use super::Tollgate;
use super::sites::{UnknownSite, site_named};
use crate::cache::{Cache, Mark};
use crate::core::{Occupancy, Policy, Site};

/// The caches of a [`Tollgate`], answers and values of functions alike: for operators, tests and code of your own that changes what
/// was cached by other ways than a function with `#[invalidates]`. A cheap-to-clone handle, from [`Tollgate::cache`].
///
/// What is thrown away is gone in this process as soon as the future is polled, also what somebody is making right now. Where processes
/// share a store, the others hear of it, within milliseconds as a rule; one that misses the message asks again after a minute at most.
///
/// ```
/// use tollgate::Tollgate;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let tollgate = Tollgate::builder().cache_memory("64MiB").build()?;
/// let cache = tollgate.cache();
/// cache.invalidate_tag("airport:CDG").await?;
/// cache.invalidate_key("/airports/nearest?lat=49&lon=2.5").await?;
/// cache.invalidate_all().await?;
/// assert_eq!((cache.entries(), cache.bytes()), (0, 0));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CacheControl {
    tollgate: Tollgate,
}

impl Tollgate {
    /// What is kept of answers and values: throwing it away, and how much there is.
    #[must_use]
    pub fn cache(&self) -> CacheControl {
        CacheControl { tollgate: self.clone() }
    }
}

impl CacheControl {
    /// Throws away all that has this tag, of whatever function.
    ///
    /// # Errors
    /// Where a shared store is away. In this process it is gone nonetheless, and the other processes are told when the store is back.
    pub async fn invalidate_tag(&self, tag: &str) -> Result<(), CacheError> {
        self.invalidate(Mark::tag(tag)).await
    }

    /// Throws away all that was kept of a function, by its name in the [inventory](Tollgate::inventory).
    ///
    /// # Errors
    /// Where no function of that name keeps anything, and as [`invalidate_tag`](Self::invalidate_tag).
    pub async fn invalidate_site(&self, site: &str) -> Result<(), CacheError> {
        let site = site_named(site, keeps).map_err(|unknown| CacheError(Fault::Site(unknown)))?;
        self.invalidate(Mark::site(site.name())).await
    }

    /// Throws away all variants of what has this key: of an answer the text of its `key = ".."`, filled in, or where it has none its path
    /// with the query sorted by names, `/airports/nearest?lat=49&lon=2.5`.
    ///
    /// A key that nothing has is no error: what has it may be in another process alone.
    ///
    /// # Errors
    /// As [`invalidate_tag`](Self::invalidate_tag).
    pub async fn invalidate_key(&self, key: &str) -> Result<(), CacheError> {
        self.invalidate(Mark::key(key)).await
    }

    /// Throws everything away. Counters go on.
    ///
    /// # Errors
    /// As [`invalidate_tag`](Self::invalidate_tag).
    pub async fn invalidate_all(&self) -> Result<(), CacheError> {
        self.invalidate(Mark::ALL).await
    }

    /// How many entries there are in the memory of this process, about: what is thrown away or too old may count until memory is tidied up.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.each().map(|(entries, _)| entries).iter().sum()
    }

    /// How many bytes they take, about.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.each().map(|(_, bytes)| bytes).iter().sum()
    }

    /// Entries and bytes of answers, and of values.
    pub(super) fn each(&self) -> [(u64, u64); 2] {
        let caches = self.tollgate.caches();
        [caches.answers().occupancy(), caches.values().occupancy()]
    }

    async fn invalidate(&self, mark: Mark) -> Result<(), CacheError> {
        let thrown = self.tollgate.caches().invalidate(&[mark]).await;
        thrown.map_err(|_| {
            self.tollgate.instruments().store_failed();
            CacheError(Fault::Away)
        })
    }
}

/// Whether anything is ever kept of a function.
fn keeps(site: &Site) -> bool {
    site.policies().iter().any(|entry| entry.policy == Policy::Cache)
}

impl Occupancy for Cache {
    fn occupancy(&self) -> (u64, u64) {
        self.size()
    }
}

/// Something could not be thrown away, or not everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheError(Fault);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Site(UnknownSite),
    Away,
}

impl CacheError {
    /// The name that was most likely meant, where no function has the one that was given.
    #[must_use]
    pub const fn nearest(&self) -> Option<&'static str> {
        match &self.0 {
            Fault::Site(unknown) => unknown.nearest(),
            Fault::Away => None,
        }
    }

    /// Whether no function of that name keeps anything.
    #[must_use]
    pub const fn is_unknown_site(&self) -> bool {
        matches!(self.0, Fault::Site(_))
    }

    /// Whether a shared store is away. In this process everything is done, and the others are told later.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self.0, Fault::Away)
    }
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::Site(unknown) => unknown.told(f, "cached function"),
            Fault::Away => f.write_str(
                "the store that processes share is away: it is gone here, and elsewhere as soon as the store is back",
            ),
        }
    }
}

impl std::error::Error for CacheError {}
