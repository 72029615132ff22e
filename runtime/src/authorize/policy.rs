//! What `#[authorize]` declares.

use std::fmt;

use crate::core::{Outcome, Policy, PolicyEntry, Principal};
use crate::http::RequestFacts;

/// A check of the user's.
pub(super) type Check = fn(&Principal, &RequestFacts<'_>) -> bool;

/// One `#[authorize]`: every part of it has to hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Authorize {
    roles: Roles,
    scope: Option<&'static str>,
    check: Option<Check>,
}

/// The roles of which a principal needs one.
#[derive(Clone, Copy, Debug, Default)]
enum Roles {
    #[default]
    Any,
    One(&'static str),
    OneOf(&'static [&'static str]),
}

impl Authorize {
    /// Any principal.
    #[must_use]
    pub const fn new() -> Self {
        Self { roles: Roles::Any, scope: None, check: None }
    }

    /// One with this role.
    #[must_use]
    pub const fn role(mut self, role: &'static str) -> Self {
        self.roles = Roles::One(role);
        self
    }

    /// One with any of these roles.
    ///
    /// # Panics
    /// At compile time, where there is none.
    #[must_use]
    pub const fn any_role(mut self, roles: &'static [&'static str]) -> Self {
        assert!(!roles.is_empty(), "nobody has a role out of none");
        self.roles = Roles::OneOf(roles);
        self
    }

    /// One with this scope.
    #[must_use]
    pub const fn scope(mut self, scope: &'static str) -> Self {
        self.scope = Some(scope);
        self
    }

    /// One of whom this function says so. Its type stands here in full, because the compiler shows this line to whoever has
    /// written another.
    #[must_use]
    pub const fn check(mut self, check: fn(&Principal, &RequestFacts<'_>) -> bool) -> Self {
        self.check = Some(check);
        self
    }

    /// The roles of which one is needed; none where any principal will do.
    pub(super) fn needed_roles(&self) -> &[&'static str] {
        match &self.roles {
            Roles::Any => &[],
            Roles::One(role) => std::slice::from_ref(role),
            Roles::OneOf(roles) => roles,
        }
    }

    pub(super) const fn needed_scope(&self) -> Option<&'static str> {
        self.scope
    }

    pub(super) const fn own_check(&self) -> Option<Check> {
        self.check
    }

    /// Whether a principal may be refused.
    #[cfg_attr(
        not(feature = "openapi"),
        allow(dead_code, reason = "documents ask, where their feature is on")
    )]
    pub(super) fn is_choosy(&self) -> bool {
        !self.needed_roles().is_empty() || self.scope.is_some() || self.check.is_some()
    }

    /// How an inventory lists it.
    #[must_use]
    pub fn entry(&self) -> PolicyEntry {
        const OUTCOMES: &[Outcome] = &[Outcome::Admitted, Outcome::Refused, Outcome::Unavailable];
        PolicyEntry::new(Policy::Authorize, Policy::Authorize.attribute(), self.to_string(), OUTCOMES)
    }
}

/// `role editor, scope airports:write, own check`
impl fmt::Display for Authorize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.needed_roles().is_empty() {
            parts.push(format!("role {}", self.needed_roles().join(" or ")));
        }
        parts.extend(self.scope.map(|scope| format!("scope {scope}")));
        parts.extend(self.check.map(|_| "own check".to_owned()));
        if parts.is_empty() {
            parts.push("any principal".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_listed_by_what_it_asks_for() {
        let cases = [
            (Authorize::new(), "any principal"),
            (Authorize::new().role("editor"), "role editor"),
            (Authorize::new().any_role(&["reader", "editor"]), "role reader or editor"),
            (Authorize::new().scope("read").check(|_, _| true), "scope read, own check"),
        ];
        for (policy, words) in cases {
            assert_eq!(policy.entry().summary, words);
            assert_eq!(policy.is_choosy(), words != "any principal");
        }
    }
}
