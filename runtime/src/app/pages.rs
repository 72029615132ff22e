//! Pages: how a request asks for one, and what the settings say of them.

use std::fmt;
use std::time::{Duration, SystemTime};

use axum::extract::{FromRequestParts, OriginalUri};
use http::Uri;
use http::request::Parts;

use super::config_error::Fault;
use super::{Held, TollgateBuilder};
use crate::http::Problem;
use crate::pages::{CursorKey, CursorKeys, PageSettings, Paginate, Pagination};

/// What the settings say of pages, not yet checked.
#[derive(Clone, Default)]
pub(super) struct WrittenPages {
    base_url: Option<String>,
    secrets: Option<(Vec<u8>, Option<Vec<u8>>)>,
    cursor_ttl: Option<Duration>,
}

impl TollgateBuilder {
    /// What links between pages begin with, and the `type` of problems: `https://api.example.com/v1`. Without one they are paths of this
    /// service, never taken from `Host`.
    ///
    /// [`problem_types`](Self::problem_types) that are an absolute URI stay as they are, and the `instance` of a problem is the path alone.
    ///
    /// Behind a proxy that takes a prefix off the path, or for clients that cannot resolve relative links. An `http` or `https`
    /// URL without query and fragment.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.pages.base_url = Some(url.into());
        self
    }

    /// The secret that cursors are signed with, and the one that signed them before, whose cursors stay valid. Each of at least
    /// 32 bytes.
    ///
    /// All instances of a service need the same ones. To change the secret, name the old one as the previous one until its cursors have
    /// [expired](Self::cursor_ttl). Both may come from the environment:
    ///
    /// ```
    /// # use std::env;
    /// use tollgate::Tollgate;
    ///
    /// # fn settings() -> Result<(), Box<dyn std::error::Error>> {
    /// let tollgate = Tollgate::builder()
    ///     .cursor_keys(env::var("CURSOR_KEY")?, env::var("PREVIOUS_CURSOR_KEY").ok())
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Without them a random one is made, and a warning is logged: at the start, where an item of the program is
    /// [continued by cursors](crate::pages::PageStyle::Cursor).
    pub fn cursor_keys<K: AsRef<[u8]>>(mut self, current: K, previous: Option<K>) -> Self {
        let previous = previous.map(|previous| previous.as_ref().to_owned());
        self.pages.secrets = Some((current.as_ref().to_owned(), previous));
        self
    }

    /// How long a cursor is valid: a day, unless said otherwise. In whole seconds.
    pub fn cursor_ttl(mut self, ttl: Duration) -> Self {
        self.pages.cursor_ttl = Some(ttl);
        self
    }
}

impl WrittenPages {
    /// The settings, and what is wrong with them.
    pub(super) fn settings(&self, faults: &mut Vec<Fault>) -> PageSettings {
        let base_url = self.base_url.as_deref().and_then(|url| {
            let checked = base_of(url);
            if checked.is_none() {
                faults.push(Fault::NoBaseUrl(url.to_owned()));
            }
            checked
        });
        if self.cursor_ttl.is_some_and(|ttl| ttl.as_secs() == 0) {
            faults.push(Fault::NoCursorTtl);
        }
        PageSettings::new(base_url, self.keys(faults), self.cursor_ttl)
    }

    fn keys(&self, faults: &mut Vec<Fault>) -> CursorKeys {
        let Some((current, previous)) = &self.secrets else { return CursorKeys::default() };
        let current = CursorKey::of_secret(current);
        let previous = previous.as_deref().map(CursorKey::of_secret);
        match (current, previous) {
            (Some(current), None) => CursorKeys::given(current, None),
            (Some(current), Some(Some(previous))) => CursorKeys::given(current, Some(previous)),
            (None, _) | (_, Some(None)) => {
                faults.push(Fault::WeakCursorKey);
                CursorKeys::default()
            }
        }
    }
}

/// Shows nothing of the secrets.
impl fmt::Debug for WrittenPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrittenPages")
            .field("base_url", &self.base_url)
            .field("cursor_ttl", &self.cursor_ttl)
            .finish_non_exhaustive()
    }
}

/// What links begin with, without a slash at the end.
fn base_of(url: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>\"'`,;\\^{|}?#@".contains(&byte);
    if !url.bytes().all(is_plain) {
        return None;
    }
    let uri: Uri = url.parse().ok()?;
    uri.host().filter(|host| !host.is_empty())?;
    matches!(uri.scheme_str(), Some("http" | "https")).then(|| url.trim_end_matches('/').to_owned())
}

/// A page that is asked for; 400 where a parameter is wrong, in a problem that names it.
impl<T: Paginate, S: Send + Sync> FromRequestParts<S> for Pagination<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let held = Held::of(&parts.extensions);
        // What the client asked for, whatever routers and layers have taken off it.
        let original = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        let now = held.clock().wall().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self::read(original.path(), parts.uri.query(), held.pages(), now.as_secs())
    }
}
