//! The attributes there are.

use syn::Path;
use syn::ext::IdentExt;

/// One of our attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    WithMetrics,
    RateLimited,
}

impl Attribute {
    /// All, outermost first.
    pub(crate) const ALL: &'static [Self] = &[Self::WithMetrics, Self::RateLimited];

    /// Its name, which is also its path within `tollgate`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WithMetrics => "with_metrics",
            Self::RateLimited => "rate_limited",
        }
    }

    /// Whether it may stand several times on one function.
    pub(crate) const fn repeats(self) -> bool {
        match self {
            Self::WithMetrics => false,
            Self::RateLimited => true,
        }
    }

    /// The attribute that a path seems to name, by its last segment. Whoever goes by this asks the compiler too
    /// (see `probes.rs`), because another crate may have an attribute of the same name.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let last = path.segments.last()?.ident.unraw();
        Self::ALL.iter().copied().find(|attribute| last == attribute.name())
    }
}
