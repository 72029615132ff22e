//! `authorize` in the OpenAPI document: the 401, the 403, and the scheme by which to authenticate. The scheme is the
//! resolver's, so it is added to a finished document.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, OpenApi, ResponseBuilder};

use super::policy::Authorize;
use super::refusal;
use crate::http::AuthScheme;
use crate::http::openapi::{add_response, problem_content, unauthorized_response};

/// Documents what `authorize` answers, as far as it is known without a `Tollgate`.
pub(crate) fn document(policy: &Authorize, operation: &mut Operation) {
    add_response(operation, "401", unauthorized_response());
    if policy.is_choosy() {
        let description = format!("The principal may not do this: {policy}.");
        let (media_type, content) = problem_content(&refusal::example(policy));
        let forbidden = ResponseBuilder::new().description(description).content(media_type, content);
        add_response(operation, "403", forbidden.build());
    }
}

/// Documents by which scheme to authenticate. What the user wrote about an operation stays.
pub(crate) fn require(operation: &mut Operation, scheme: &AuthScheme) {
    let (name, _) = security_scheme(scheme);
    operation.security.get_or_insert_with(|| vec![SecurityRequirement::new(name, Vec::<String>::new())]);
}

/// Adds the scheme to a document.
pub(crate) fn add_scheme(document: &mut OpenApi, scheme: &AuthScheme) {
    let (name, scheme) = security_scheme(scheme);
    let components = document.components.get_or_insert_with(Components::new);
    components.security_schemes.entry(name.to_owned()).or_insert_with(|| scheme.into());
}

/// The scheme under the name that documents usually give it.
fn security_scheme(scheme: &AuthScheme) -> (&'static str, SecurityScheme) {
    let http = |scheme| SecurityScheme::Http(HttpBuilder::new().scheme(scheme).build());
    match scheme {
        AuthScheme::Bearer => ("bearerAuth", http(HttpAuthScheme::Bearer)),
        AuthScheme::Basic => ("basicAuth", http(HttpAuthScheme::Basic)),
        AuthScheme::ApiKey(name) => {
            ("apiKeyAuth", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name.as_str()))))
        }
        AuthScheme::Cookie(name) => {
            ("cookieAuth", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(*name))))
        }
    }
}
