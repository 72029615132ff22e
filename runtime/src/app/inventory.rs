//! What is protected by what.

use std::fmt;

use crate::core::{Origin, PolicyEntry, PolicySet, Registry, Site};

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
    /// Its policies, outermost first, without those that are disabled.
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
    pub(super) fn of_sites(disabled: PolicySet) -> Self {
        let sites = Registry::get().sites().iter().map(|site| SiteEntry::of(site, disabled)).collect();
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

    /// The sites that no operation of the document names.
    pub fn undocumented(&self) -> impl Iterator<Item = &SiteEntry> {
        let named = |site: &&SiteEntry| {
            self.operations
                .iter()
                .any(|operation| operation.site.as_ref().is_some_and(|s| s.name == site.name))
        };
        self.sites.iter().filter(move |site| !named(site))
    }
}

impl SiteEntry {
    fn of(site: &'static Site, disabled: PolicySet) -> Self {
        let mut policies = site.policies();
        policies.retain(|entry| !disabled.contains(entry.policy));
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

#[cfg(feature = "openapi")]
mod document {
    use utoipa::openapi::path::Operation;
    use utoipa::openapi::{OpenApi, PathItem};

    use super::{Inventory, OperationEntry, PolicySet, Registry, SiteEntry};
    use crate::http::openapi::site_of;

    impl Inventory {
        pub(in super::super) fn of_document(disabled: PolicySet, document: &OpenApi) -> Self {
            let mut inventory = Self::of_sites(disabled);
            for (path, item) in &document.paths.paths {
                for (method, operation) in operations(item) {
                    let site = site_of(operation, Registry::get().sites());
                    let site = site.map(|site| SiteEntry::of(site, disabled));
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
}
