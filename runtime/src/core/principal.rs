//! Who asks, once that is proven.

use std::sync::Arc;

use super::key::Key;

/// Whoever sent a request: a subject with roles, scopes and a tenant.
///
/// A resolver makes it (see `TollgateBuilder::principal`), `#[authorize]` asks it, and a handler may take it as an
/// argument. Clones share their data.
///
/// ```
/// use tollgate::Principal;
///
/// let ada = Principal::new("ada").with_role("editor").with_scopes(["airports:read", "airports:write"]);
/// assert!(ada.has_role("editor") && ada.has_scope("airports:write"));
/// assert_eq!((ada.subject(), ada.tenant()), ("ada", None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    inner: Arc<Inner>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    subject: String,
    roles: Vec<String>,
    scopes: Vec<String>,
    tenant: Option<String>,
}

impl Principal {
    /// With this subject: what tells it from all others of its tenant.
    #[must_use]
    pub fn new(subject: impl Into<String>) -> Self {
        let subject = subject.into();
        Self { inner: Arc::new(Inner { subject, roles: Vec::new(), scopes: Vec::new(), tenant: None }) }
    }

    /// With one more role.
    #[must_use]
    pub fn with_role(self, role: impl Into<String>) -> Self {
        self.with_roles([role])
    }

    /// With more roles.
    #[must_use]
    pub fn with_roles(self, roles: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.with(|inner| inner.roles.extend(roles.into_iter().map(Into::into)))
    }

    /// With one more scope.
    #[must_use]
    pub fn with_scope(self, scope: impl Into<String>) -> Self {
        self.with_scopes([scope])
    }

    /// With more scopes.
    #[must_use]
    pub fn with_scopes(self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.with(|inner| inner.scopes.extend(scopes.into_iter().map(Into::into)))
    }

    /// Of this tenant.
    #[must_use]
    pub fn with_tenant(self, tenant: impl Into<String>) -> Self {
        self.with(|inner| inner.tenant = Some(tenant.into()))
    }

    /// What tells it from all others of its tenant.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.inner.subject
    }

    /// Its roles, as they were given.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.inner.roles
    }

    /// Its scopes, as they were given.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.inner.scopes
    }

    /// Its tenant.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.inner.tenant.as_deref()
    }

    /// Whether it has that role, letter for letter.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.inner.roles.iter().any(|own| own == role)
    }

    /// Whether it has that scope, letter for letter.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.inner.scopes.iter().any(|own| own == scope)
    }

    /// The key of whatever is counted by principal: the subject within its tenant.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::principal(self.tenant(), self.subject())
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.inner));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changing_one_clone_changes_no_other() {
        let ada = Principal::new("ada");
        let editor = ada.clone().with_role("editor");
        assert!(!ada.has_role("editor") && editor.has_role("editor"));
    }

    #[test]
    fn roles_and_scopes_are_compared_letter_for_letter() {
        let ada = Principal::new("ada").with_role("editor").with_scope("read");
        for other in ["Editor", "editor ", "edit", "read", ""] {
            assert!(!ada.has_role(other), "{other}");
        }
        assert!(!ada.has_scope("editor"));
    }

    #[test]
    fn subjects_of_different_tenants_have_different_keys() {
        let key = |tenant: Option<&str>, subject: &str| {
            let principal = Principal::new(subject);
            tenant.map_or(principal.clone(), |tenant| principal.with_tenant(tenant)).key()
        };
        let keys = [
            key(None, "ada"),
            key(Some("a"), "da"),
            key(Some("ad"), "a"),
            key(Some(""), "ada"),
            key(None, "bob"),
        ];
        for (place, one) in keys.iter().enumerate() {
            assert!(keys.iter().skip(place + 1).all(|other| one != other), "{place}");
        }
        assert_eq!(key(None, "ada"), Principal::new("ada").with_role("editor").key());
        assert_ne!(key(None, "ada"), Key::from("ada"));
    }
}
