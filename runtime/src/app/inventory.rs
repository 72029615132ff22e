//! What is protected by what.

use std::collections::HashSet;
use std::fmt;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::in_force::AllInForce;
use crate::core::{Origin, Policy, PolicyEntry, PolicySet, Registry, Site, VERSION_ITEMS};

/// Every annotated function with its policies, and, where it was made of an OpenAPI document, every operation with
/// the function that answers it.
///
/// `Display` prints it as a table for people.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Inventory {
    /// The annotated functions of the program.
    pub sites: Vec<SiteEntry>,
    /// The document's operations; empty without a document.
    pub operations: Vec<OperationEntry>,
}

/// One annotated function.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SiteEntry {
    /// The name that metrics and logs use.
    pub name: &'static str,
    /// Where it stands in the source.
    pub origin: Origin,
    /// Its policies as they are in force, outermost first, without those that are disabled.
    pub policies: Vec<PolicyEntry>,
}

/// One operation of an OpenAPI document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OperationEntry {
    /// `GET`
    pub method: String,
    /// `/airports/{iata}`
    pub path: String,
    /// The site that answers it; `None` for a handler without an attribute.
    pub site: Option<SiteEntry>,
}

impl Inventory {
    pub(super) fn of_sites(disabled: PolicySet, in_force: &AllInForce) -> Self {
        let sites = Registry::get().sites().iter();
        let sites = sites.map(|site| SiteEntry::of(site, disabled, in_force)).collect();
        Self { sites, operations: Vec::new() }
    }

    /// The operations that a policy protects.
    pub fn protected(&self) -> impl Iterator<Item = &OperationEntry> {
        self.operations.iter().filter(|operation| operation.is_protected())
    }

    /// The operations that no policy protects: those of handlers without an attribute, or whose policies refuse nothing
    /// or are disabled.
    pub fn unprotected(&self) -> impl Iterator<Item = &OperationEntry> {
        self.operations.iter().filter(|operation| !operation.is_protected())
    }

    /// The sites that no operation of the document names. An item of [`versions!`](macro@crate::versions) and its handlers are one operation.
    pub fn undocumented(&self) -> impl Iterator<Item = &SiteEntry> {
        let mut named: HashSet<_> =
            self.operations.iter().filter_map(|operation| Some(operation.site.as_ref()?.name)).collect();
        for item in VERSION_ITEMS {
            let members = (item.members)().into_iter().map(Site::name);
            let all: Vec<_> = members.chain([(item.site)().name()]).collect();
            if all.iter().any(|name| named.contains(name)) {
                named.extend(all);
            }
        }
        self.sites.iter().filter(move |site| !named.contains(site.name))
    }
}

impl SiteEntry {
    pub(super) fn of(site: &'static Site, disabled: PolicySet, in_force: &AllInForce) -> Self {
        let mut policies = in_force.entries(site);
        // Each version is an entry for the sake of its counter: here `versioned` says it all.
        let is_listed = |entry: &PolicyEntry| entry.policy != Policy::Version || !entry.summary.is_empty();
        policies.retain(|entry| !disabled.contains(entry.policy) && is_listed(entry));
        Self { name: site.name(), origin: *site.origin(), policies }
    }
}

impl OperationEntry {
    /// Whether one of its policies can refuse a request.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.site.as_ref().is_some_and(|site| site.policies.iter().any(PolicyEntry::protects))
    }
}

/// The same as JSON: `{"sites": [{"name", "file", "line", "policies": [{"policy", "summary"}]}]}`, and the operations where
/// there are any.
impl IntoResponse for Inventory {
    fn into_response(self) -> Response {
        let site = |site: &SiteEntry| {
            json!({
                "name": site.name,
                "file": site.origin.file,
                "line": site.origin.line,
                "policies": site.policies.iter().map(policy).collect::<Vec<_>>(),
            })
        };
        let operation = |operation: &OperationEntry| {
            json!({
                "method": operation.method,
                "path": operation.path,
                "site": operation.site.as_ref().map(|site| site.name),
                "protected": operation.is_protected(),
            })
        };
        let mut inventory = json!({ "sites": self.sites.iter().map(site).collect::<Vec<_>>() });
        if !self.operations.is_empty() {
            inventory["operations"] = self.operations.iter().map(operation).collect();
        }
        ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], inventory.to_string())
            .into_response()
    }
}

fn policy(entry: &PolicyEntry) -> Value {
    json!({ "policy": entry.label, "summary": entry.summary })
}

impl fmt::Display for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = Vec::new();
        for operation in &self.operations {
            let name = format!("{:<7} {}", operation.method, operation.path);
            rows.push((name, operation.site.as_ref().map_or(&[][..], |site| &site.policies)));
        }
        for site in self.undocumented() {
            rows.push((site.name.to_owned(), &site.policies));
        }
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        rows.iter().try_for_each(|(name, policies)| writeln!(f, "{name:<width$}  {}", Listed(policies)))
    }
}

/// Policies on one line.
struct Listed<'a>(&'a [PolicyEntry]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unprotected = !self.0.iter().any(PolicyEntry::protects);
        if unprotected {
            f.write_str("unprotected")?;
        }
        for (place, entry) in self.0.iter().enumerate() {
            let separator = if unprotected || place > 0 { ", " } else { "" };
            write!(f, "{separator}{}", entry.label)?;
            if !entry.summary.is_empty() {
                write!(f, " ({})", entry.summary)?;
            }
        }
        Ok(())
    }
}
