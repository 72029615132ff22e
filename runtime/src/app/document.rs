//! What a `Tollgate` reads out of an OpenAPI document, and what it adds to it.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, PathItem};

use super::in_force::AllInForce;
use super::inventory::{Inventory, OperationEntry, SiteEntry};
use crate::authorize;
use crate::core::{Policy, PolicySet, Registry};
use crate::http::AuthScheme;
use crate::http::openapi::{announce, operations_mut, site_of};
use crate::rate_limit;
use crate::rate_limit::in_force::InForce;

impl Inventory {
    pub(super) fn of_document(disabled: PolicySet, in_force: &AllInForce, document: &OpenApi) -> Self {
        let mut inventory = Self::of_sites(disabled, in_force);
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                let site = site_of(operation, Registry::get().sites());
                let site = site.map(|site| SiteEntry::of(site, disabled, in_force));
                inventory.operations.push(OperationEntry {
                    method: method.to_owned(),
                    path: path.clone(),
                    site,
                });
            }
        }
        inventory
    }
}

/// The operations of a path, each with its method.
fn operations(item: &PathItem) -> impl Iterator<Item = (&str, &Operation)> {
    let named = [
        ("GET", &item.get),
        ("HEAD", &item.head),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
        ("OPTIONS", &item.options),
        ("TRACE", &item.trace),
        ("QUERY", &item.query),
    ];
    let named = named.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)));
    named.chain(item.additional_operations.iter().map(|(method, operation)| (method.as_str(), operation)))
}

/// Documents limits as they are in force, where a configuration says otherwise than the attribute.
pub(super) fn limit(document: &mut OpenApi, in_force: &InForce) {
    let sites = Registry::get().sites();
    for operation in operations_mut(document) {
        if let Some(site) = site_of(operation, sites) {
            rate_limit::openapi::document_in_force(operation, site, in_force);
        }
    }
}

/// Documents the scheme of the resolver: what a 401 asks for, and where `authorize` asks for a principal. Where the document
/// says for all of its operations how to authenticate, no operation needs to say it again.
pub(super) fn secure(document: &mut OpenApi, scheme: &AuthScheme) {
    let is_secured = document.security.is_some();
    let sites = Registry::get().sites();
    let mut is_needed = false;
    for operation in operations_mut(document) {
        let Some(site) = site_of(operation, sites) else { continue };
        announce(operation, scheme);
        if !is_secured && site.policies().iter().any(|entry| entry.policy == Policy::Authorize) {
            authorize::openapi::require(operation, scheme);
            is_needed = true;
        }
    }
    if is_needed {
        authorize::openapi::add_scheme(document, scheme);
    }
}
