//! How a `Tollgate` is set up, and what can be wrong with it.

use std::fmt;
use std::sync::Arc;

use super::{Inner, Tollgate, current};
use crate::core::{Clock, NameCollision, Policy, PolicySet, Registry, SystemClock};
use crate::metrics::Decisions;
use crate::rate_limit::Memory;

/// Budgets kept in memory, unless [`max_keys`](TollgateBuilder::max_keys) says otherwise.
const DEFAULT_MAX_KEYS: usize = 1_000_000;

/// Sets up a [`Tollgate`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `.build()`"]
pub struct TollgateBuilder {
    clock: Option<Arc<dyn Clock>>,
    disabled: PolicySet,
    max_keys: usize,
}

impl Default for TollgateBuilder {
    fn default() -> Self {
        Self { clock: None, disabled: PolicySet::EMPTY, max_keys: DEFAULT_MAX_KEYS }
    }
}

impl TollgateBuilder {
    /// Another clock than the system's: `tollgate::testing::ManualClock` (feature `testing`) stands still until a
    /// test moves it. A clone of a clock that is shared with the test is what to pass.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Switches a kind of policy off, at every site: its attributes then cost next to nothing and send no fields.
    pub fn disable(mut self, policy: Policy) -> Self {
        self.disabled = self.disabled.with(policy);
        self
    }

    /// How many budgets the memory keeps at most: 1 000 000 by default, up to 64 bytes each.
    ///
    /// Where that many clients are active at once, those that come later share one budget per limit; nobody's
    /// state is pushed out. Keys that clients can make up (header values, keys of your own types) find room only up to
    /// three quarters of it, so the last quarter is for addresses.
    pub fn max_keys(mut self, max_keys: usize) -> Self {
        self.max_keys = max_keys;
        self
    }

    /// The `Tollgate`.
    ///
    /// # Errors
    /// Where `max_keys` is zero, or two functions were given one `name = ".."`.
    pub fn build(self) -> Result<Tollgate, ConfigError> {
        let mut faults: Vec<_> =
            Registry::get().collisions().iter().cloned().map(Fault::NameCollision).collect();
        if self.max_keys == 0 {
            faults.push(Fault::NoKeys);
        }
        if !faults.is_empty() {
            return Err(ConfigError { faults });
        }
        current::note_built();
        Ok(self.build_unchecked())
    }

    /// For the in-memory default, which has nobody to report an error to.
    pub(super) fn build_unchecked(self) -> Tollgate {
        Tollgate {
            inner: Arc::new(Inner {
                clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock::new())),
                disabled: self.disabled,
                limits: Memory::new(self.max_keys),
                decisions: Decisions::new(),
            }),
        }
    }
}

/// A `Tollgate` could not be built. It tells everything that is wrong, not the first thing alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    faults: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    NameCollision(NameCollision),
    NoKeys,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKeys => f.write_str("`max_keys(0)` leaves no room for any client: give at least 1"),
            Self::NameCollision(NameCollision { name, origins }) => {
                write!(
                    f,
                    "the name \"{name}\" is written on {} functions, and is to tell them apart:",
                    origins.len()
                )?;
                let origins: Vec<_> = origins.iter().map(ToString::to_string).collect();
                write!(f, " {}", origins.join(", "))
            }
        }
    }
}

/// The same words: this is what a `main` that returns it prints.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}
