//! May this principal? A pure function of what is asked for and who asks.

use super::policy::Authorize;
use crate::core::Principal;

/// What a requirement says to a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may pass, as far as roles and scopes go.
    Admitted,
    /// It has none of the roles.
    NoRole,
    /// It lacks the scope.
    NoScope,
}

/// What the roles and scopes of a principal say. A check of the user's is asked after it, and only where this admits.
pub(super) fn decide(policy: &Authorize, principal: &Principal) -> Verdict {
    let roles = policy.needed_roles();
    if !roles.is_empty() && !roles.iter().any(|role| principal.has_role(role)) {
        return Verdict::NoRole;
    }
    if policy.needed_scope().is_some_and(|scope| !principal.has_scope(scope)) {
        return Verdict::NoScope;
    }
    Verdict::Admitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_requirement_has_to_hold() {
        let editor = Principal::new("ada").with_roles(["reader", "editor"]);
        let writer = editor.clone().with_scope("write");
        let nobody = Principal::new("bob");
        let any = Authorize::new();
        let cases = [
            (any, &nobody, Verdict::Admitted),
            (any.role("editor"), &editor, Verdict::Admitted),
            (any.role("editor"), &nobody, Verdict::NoRole),
            (any.role("admin"), &editor, Verdict::NoRole),
            (any.any_role(&["admin", "editor"]), &editor, Verdict::Admitted),
            (any.any_role(&["admin", "owner"]), &editor, Verdict::NoRole),
            (any.scope("write"), &editor, Verdict::NoScope),
            (any.scope("write"), &writer, Verdict::Admitted),
            (any.role("editor").scope("write"), &writer, Verdict::Admitted),
            (any.role("admin").scope("write"), &writer, Verdict::NoRole),
            (any.role("editor").scope("write"), &editor, Verdict::NoScope),
        ];
        for (policy, principal, verdict) in cases {
            assert_eq!(decide(&policy, principal), verdict, "{policy}");
        }
    }
}
