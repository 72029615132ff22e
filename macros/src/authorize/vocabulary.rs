//! The words of `authorize`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::attribute::Attribute;

const ALL_OF: &str = "one role is `role = \"editor\"`, one of several `any_role = [\"reader\", \"editor\"]`; look for all of \
                      several in a `check = path::to::function`";
const AUTHORITY: &str = "write `role = \"editor\"`, or `scope = \"airports:write\"`";
const PERMISSION: &str =
    "write `scope = \"airports:write\"`, or look for it in a `check = path::to::function`";
const SCOPES: &str =
    "one scope is `scope = \"airports:write\"`; look for the others in a `check = path::to::function`";
const FUNCTION: &str = "write `check = path::to::function`, a `fn(&Principal, &RequestFacts<'_>) -> bool`";
const ANYBODY: &str = "a function that anybody may call has no `authorize`: take the attribute away";
const SOMEBODY: &str = "`#[authorize]` alone admits every principal: take this away";
const WHO: &str = "who the principal is says the `Tollgate`, for all functions: take this away";

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["role", "any_role", "scope", "check"],
    lists: &[("role", "any_role")],
    renamed: &[
        ("has_role", "role"),
        ("hasRole", "role"),
        ("required_role", "role"),
        ("roles", "any_role"),
        ("Roles", "any_role"),
        ("any_roles", "any_role"),
        ("anyRole", "any_role"),
        ("has_any_role", "any_role"),
        ("hasAnyRole", "any_role"),
        ("roles_allowed", "any_role"),
        ("has_scope", "scope"),
        ("hasScope", "scope"),
        ("required_scope", "scope"),
        ("predicate", "check"),
    ],
    foreign: &[
        ("all_roles", ALL_OF),
        ("has_roles", ALL_OF),
        ("has_all_roles", ALL_OF),
        ("authority", AUTHORITY),
        ("authorities", AUTHORITY),
        ("has_authority", AUTHORITY),
        ("hasAuthority", AUTHORITY),
        ("hasAnyAuthority", AUTHORITY),
        ("permission", PERMISSION),
        ("permissions", PERMISSION),
        ("has_permission", PERMISSION),
        ("has_permissions", PERMISSION),
        ("has_any_permission", PERMISSION),
        ("hasPermission", PERMISSION),
        ("permission_required", PERMISSION),
        ("scopes", SCOPES),
        ("all_scopes", SCOPES),
        ("any_scope", SCOPES),
        ("has_any_scope", SCOPES),
        ("policy", FUNCTION),
        ("Policy", FUNCTION),
        ("guard", FUNCTION),
        ("guards", FUNCTION),
        ("with", FUNCTION),
        ("expr", FUNCTION),
        ("condition", FUNCTION),
        ("secure", FUNCTION),
        ("tenant", FUNCTION),
        ("subject", FUNCTION),
        ("claim", FUNCTION),
        ("claims", FUNCTION),
        ("allow_anonymous", ANYBODY),
        ("permit_all", ANYBODY),
        ("permitAll", ANYBODY),
        ("optional", ANYBODY),
        ("public", ANYBODY),
        ("authenticated", SOMEBODY),
        ("is_authenticated", SOMEBODY),
        ("isAuthenticated", SOMEBODY),
        ("login_required", SOMEBODY),
        ("required", SOMEBODY),
        ("principal", SOMEBODY),
        ("scheme", WHO),
        ("schemes", WHO),
        ("AuthenticationSchemes", WHO),
        ("realm", WHO),
        ("bearer", WHO),
        ("jwt", WHO),
        ("ty", WHO),
    ],
    alone: Some("role"),
    takes_positional: true,
    ..Vocabulary::of(Attribute::Authorize)
};
