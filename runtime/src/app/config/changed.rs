//! What a reload changed.

use std::fmt;

/// What [`reload`](crate::Tollgate::reload) changed. `Display` prints a line for each policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// The policies that decide otherwise now, in the order of the inventory; none where the configuration says what it said before.
    pub policies: Vec<ChangedPolicy>,
}

/// A policy that decides otherwise now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangedPolicy {
    /// The name of its site.
    pub site: &'static str,
    /// Its label in the inventory.
    pub policy: &'static str,
    /// What it did: `"10 per minute by ip"`, or `"disabled"`.
    pub before: String,
    /// What it does now.
    pub now: String,
}

impl Changed {
    /// Whether everything is as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }

    pub(super) fn log(&self) {
        for ChangedPolicy { site, policy, before, now } in &self.policies {
            tracing::info!(site, policy, before, now, "a policy was configured");
        }
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing changed");
        }
        for (place, ChangedPolicy { site, policy, before, now }) in self.policies.iter().enumerate() {
            let line = if place == 0 { "" } else { "\n" };
            write!(f, "{line}{site}: {policy}: {before} -> {now}")?;
        }
        Ok(())
    }
}
