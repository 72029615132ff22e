//! Where clients write the version that they ask for.

use http::HeaderName;
use http::request::Parts;

/// The header field that is read where nothing else is said.
pub(super) const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What is answered where a version exists, and nothing answers it at that route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnHole {
    /// 404: in that version there is no such thing.
    #[default]
    NotFound,
    /// 405: there is such a thing, and nothing can be done with it in that version.
    MethodNotAllowed,
}

/// Where the clients of an API write the version that they ask for; several places in one order.
///
/// A request may use any of them. Two different versions in one request are refused with 400, the same one twice is not. Without any,
/// the default of the enum counts, or, where it is `required`, the answer is 400.
///
/// ```
/// use tollgate::{ApiVersion, Tollgate, VersionReaders};
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
/// enum Version {
///     #[version("v1")]
///     V1,
///     #[version("v2", default)]
///     V2,
/// }
///
/// let readers = VersionReaders::new().header("API-Version").query("api-version").media_type("application/vnd.airports");
/// let tollgate = Tollgate::builder().versions::<Version>(readers).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "it says nothing before `.versions::<Version>(readers)`"]
pub struct VersionReaders {
    pub(super) readers: Vec<Reader>,
    pub(super) on_hole: OnHole,
}

/// One place.
#[derive(Clone, Debug)]
pub(super) enum Reader {
    Header(String),
    /// In front of a path, behind that prefix.
    Path(String),
    Query(String),
    /// The media type, without its version and its suffix.
    MediaType(String),
    Own(Own),
}

/// What reads a version in a way of the user's own.
pub(super) type Own = fn(&Parts) -> Option<String>;

impl VersionReaders {
    /// None yet.
    pub const fn new() -> Self {
        Self { readers: Vec::new(), on_hole: OnHole::NotFound }
    }

    /// A header field: `API-Version: v2`. Answers repeat it, under the name of the first such field.
    pub fn header(self, name: impl Into<String>) -> Self {
        self.and(Reader::Header(name.into()))
    }

    /// The first part of the path: `/v2/airports`. Routing comes before everything else, so it takes a
    /// [`version_layer`](crate::Tollgate::version_layer) around the router.
    pub fn path(self) -> Self {
        self.and(Reader::Path(String::new()))
    }

    /// The part of the path behind a prefix: `/api/v2/airports` with `path_under("/api")`.
    pub fn path_under(self, prefix: impl Into<String>) -> Self {
        self.and(Reader::Path(prefix.into()))
    }

    /// A parameter of the query: `?api-version=v2`.
    pub fn query(self, name: impl Into<String>) -> Self {
        self.and(Reader::Query(name.into()))
    }

    /// The media type in `Accept` and in `Content-Type`: for `"application/vnd.airports"` that is `application/vnd.airports.v2+json`, and
    /// with any media type the parameter `v` or `version`: `application/json;v=2`.
    ///
    /// Of several in `Accept` the one with the highest weight counts.
    pub fn media_type(self, base: impl Into<String>) -> Self {
        self.and(Reader::MediaType(base.into()))
    }

    /// In a way of your own. What it returns is read as what clients write elsewhere; `None` where the request says nothing.
    pub fn own(self, read: fn(&Parts) -> Option<String>) -> Self {
        self.and(Reader::Own(read))
    }

    /// What is answered where a version exists, and nothing answers it at that route: 404 by default.
    pub const fn on_hole(mut self, answer: OnHole) -> Self {
        self.on_hole = answer;
        self
    }

    fn and(mut self, reader: Reader) -> Self {
        self.readers.push(reader);
        self
    }
}

/// The header field `API-Version`.
impl Default for VersionReaders {
    fn default() -> Self {
        Self::new().header(API_VERSION.as_str())
    }
}
