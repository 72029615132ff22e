//! What a service says of its pages.

use std::time::Duration;

use super::keys::CursorKeys;
use super::page_type::PAGE_TYPES;
use super::paging::PageStyle;

/// How long a cursor is valid, unless said otherwise.
const DEFAULT_CURSOR_TTL: Duration = Duration::from_secs(24 * 60 * 60);

/// What a service says of its pages.
#[derive(Debug)]
pub(crate) struct PageSettings {
    base_url: String,
    keys: CursorKeys,
    cursor_ttl: Duration,
}

impl Default for PageSettings {
    fn default() -> Self {
        Self::new(None, CursorKeys::default(), None)
    }
}

impl PageSettings {
    /// With what links begin with (nothing: they are paths), and how long cursors are valid (a day).
    pub(crate) fn new(base_url: Option<String>, keys: CursorKeys, cursor_ttl: Option<Duration>) -> Self {
        let base_url = base_url.unwrap_or_default();
        Self { base_url, keys, cursor_ttl: cursor_ttl.unwrap_or(DEFAULT_CURSOR_TTL) }
    }

    /// Warns where pages of this program are continued by cursors and nobody gave a key to sign these with.
    pub(crate) fn warn_of_missing_key(&self) {
        if PAGE_TYPES.iter().any(|item| item.style() == PageStyle::Cursor) {
            self.keys.warn_of_made_up_key();
        }
    }

    /// What links begin with: empty, or without a slash at the end.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(super) const fn keys(&self) -> &CursorKeys {
        &self.keys
    }

    pub(super) const fn cursor_ttl(&self) -> Duration {
        self.cursor_ttl
    }
}
