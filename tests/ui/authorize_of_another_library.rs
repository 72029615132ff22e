//! Words of other libraries, each with what to write here.

use tollgate::authorize;

#[authorize(has_role("editor"))]
async fn grants_role() {}

#[authorize(has_any_role("reader", "editor"))]
async fn grants_any_role() {}

#[authorize(has_roles("reader", "editor"))]
async fn grants_roles() {}

#[authorize(hasRole = "EDITOR")]
async fn spring_role() {}

#[authorize(hasAuthority("SCOPE_airports"))]
async fn spring_authority() {}

#[authorize(roles("reader", "editor"))]
async fn nest_roles() {}

#[authorize(guard = RolesGuard)]
async fn nest_guard() {}

#[authorize(Roles = "Reader,Editor")]
async fn asp_net_roles() {}

#[authorize(Policy = "CanEdit")]
async fn asp_net_policy() {}

#[authorize(AuthenticationSchemes = "Bearer")]
async fn asp_net_schemes() {}

#[authorize(roles = ["reader", "editor"])]
async fn list_of_roles() {}

#[authorize(permissions = ["airports:write"])]
async fn permissions() {}

#[authorize(scopes = ["airports:write"])]
async fn scopes() {}

#[authorize(login_required)]
async fn any_principal() {}

#[authorize(allow_anonymous)]
async fn anybody() {}

fn main() {}
