//! A table of rates by role, for `tiers`.

use super::policy::Rates;
use crate::http::RequestFacts;

/// As many as one table holds.
const MAX_ROLES: usize = 16;

/// Rates by the role of whoever asks.
///
/// A constant that the function behind `tiers = fn` asks. The order of its roles is the order of preference: of several that
/// a principal has, the first in the table counts. Whoever has none of them, or is nobody known, gets the rates that the table
/// begins with.
///
/// ```
/// use tollgate::{Rates, RequestFacts, RoleRates, rate_limited, rates};
///
/// const PLANS: RoleRates = RoleRates::new(rates!("10/minute"))
///     .role("admin", rates!("10000/minute"))
///     .role("pro", rates!("1000/minute", burst = 2000));
///
/// fn plan(facts: &RequestFacts<'_>) -> Rates {
///     PLANS.of(facts)
/// }
///
/// #[rate_limited("10/minute", key = principal, tiers = plan)]
/// async fn search() -> &'static str {
///     "found"
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(search));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RoleRates {
    otherwise: Rates,
    roles: [(&'static str, Rates); MAX_ROLES],
    /// How many of `roles` were declared.
    len: usize,
}

impl RoleRates {
    /// A table without roles: everybody has these rates.
    #[must_use]
    pub const fn new(otherwise: Rates) -> Self {
        Self { otherwise, roles: [("", otherwise); MAX_ROLES], len: 0 }
    }

    /// With the rates of one more role, which is compared letter by letter, and comes after those before it.
    ///
    /// # Panics
    /// Where the role is empty or has its rates already, and where it is the seventeenth: at compile time, if the table
    /// is a constant.
    #[must_use]
    pub const fn role(mut self, role: &'static str, rates: Rates) -> Self {
        assert!(!role.is_empty(), "a role has at least one character");
        assert!(self.len < MAX_ROLES, "a table has at most sixteen roles");
        let mut place = 0;
        while place < self.len {
            assert!(!is_same(self.roles[place].0, role), "a role has its rates already");
            place += 1;
        }
        self.roles[self.len] = (role, rates);
        self.len += 1;
        self
    }

    /// The rates of whoever asks.
    ///
    /// The principal is known behind `authorize` alone: the limit counts by it (`key = principal`) or stands there
    /// (`after = authorize`). Anywhere else everybody is nobody known.
    #[must_use]
    pub fn of(&self, facts: &RequestFacts<'_>) -> Rates {
        let Some(principal) = facts.principal() else { return self.otherwise };
        let mut declared = self.roles.iter().take(self.len);
        declared.find(|(role, _)| principal.has_role(role)).map_or(self.otherwise, |(_, rates)| *rates)
    }
}

/// Whether two texts are the same, as a constant can tell.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use ::http::Request;

    use super::*;
    use crate::core::Principal;
    use crate::rate_limit::Rate;

    const fn per_minute(quota: u32) -> Rate {
        Rate::new("default", quota, 60_000_000_000)
    }

    const FREE: Rates = Rates::new(&[per_minute(10)]);
    const PRO: Rates = Rates::new(&[per_minute(1_000)]);
    const ADMIN: Rates = Rates::new(&[per_minute(10_000)]);
    const TABLE: RoleRates = RoleRates::new(FREE).role("admin", ADMIN).role("pro", PRO);

    fn rates_of(table: &RoleRates, principal: Option<&Principal>) -> Rates {
        let (parts, ()) = Request::new(()).into_parts();
        table.of(&RequestFacts::new(&parts).with_principal(principal))
    }

    #[test]
    fn the_first_role_of_the_table_that_somebody_has_counts() {
        let cases: &[(&[&str], Rates)] =
            &[(&["pro"], PRO), (&["admin"], ADMIN), (&["pro", "admin"], ADMIN), (&["reader", "pro"], PRO)];
        for (roles, expected) in cases {
            let principal = Principal::new("ada").with_roles(roles.iter().copied());
            assert_eq!(rates_of(&TABLE, Some(&principal)), *expected, "{roles:?}");
        }
    }

    #[test]
    fn whoever_has_none_of_the_roles_gets_what_the_table_begins_with() {
        for roles in [&[][..], &["reader"], &["Pro"], &["pro "], &[""]] {
            let principal = Principal::new("ada").with_roles(roles.iter().copied());
            assert_eq!(rates_of(&TABLE, Some(&principal)), FREE, "{roles:?}");
        }
        assert_eq!(rates_of(&TABLE, None), FREE);
        assert_eq!(rates_of(&RoleRates::new(PRO), None), PRO);
    }

    #[test]
    fn a_table_holds_sixteen_roles() {
        const ROLES: [&str; MAX_ROLES] =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];
        let table = ROLES.iter().fold(RoleRates::new(FREE), |table, role| table.role(role, PRO));
        for role in ROLES {
            assert_eq!(rates_of(&table, Some(&Principal::new("ada").with_role(role))), PRO, "{role}");
        }
    }

    #[test]
    #[should_panic(expected = "at most sixteen roles")]
    fn a_seventeenth_role_is_refused() {
        const ROLES: [&str; MAX_ROLES + 1] =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"];
        let _ = ROLES.iter().fold(RoleRates::new(FREE), |table, role| table.role(role, PRO));
    }

    #[test]
    #[should_panic(expected = "has its rates already")]
    fn a_role_that_is_there_twice_is_refused() {
        let _ = TABLE.role("pro", FREE);
    }

    #[test]
    #[should_panic(expected = "at least one character")]
    fn an_empty_role_is_refused() {
        let _ = RoleRates::new(FREE).role("", PRO);
    }
}
