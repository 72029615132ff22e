//! What a request asks for: its key, its wishes, and whether it is for a cache at all.

use axum::body::Body;
use axum::extract::OriginalUri;
use http::header::{
    AUTHORIZATION, CONTENT_LENGTH, COOKIE, HOST, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, RANGE, TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use http_body::Body as _;

use crate::cache::rfc::conditional::ask_about;
use crate::cache::rfc::directives::RequestDirectives;
use crate::cache::rfc::uri::{rewritten_onto, target};
use crate::http::{AnyResolver, AuthScheme, Resolver};

/// What a request asks of a cache. The head is that of a request for the whole answer: without conditions.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) parts: Parts,
    /// The layer, the host, path and query.
    pub(super) key: Vec<u8>,
    pub(super) wishes: RequestDirectives,
    /// `If-None-Match` and `If-Modified-Since`.
    pub(super) conditions: HeaderMap,
    pub(super) is_head: bool,
    /// Whether it says who asks. What is kept for everybody is not for it, unless that says so.
    pub(super) is_personal: bool,
}

/// Longer keys are not looked for: a client can make up as many as it likes.
const LONGEST_KEY: usize = 8 * 1024;

/// No other key of the same store begins so: they begin with the number of a site, of which there are not so many.
const BEGIN: [u8; 8] = [0xff; 8];

/// What is asked of the service in a way of its own, so that its answer is for this request alone.
const NOT_FOR_A_CACHE: [HeaderName; 9] = [
    RANGE,
    IF_RANGE,
    IF_MATCH,
    IF_UNMODIFIED_SINCE,
    UPGRADE,
    TRANSFER_ENCODING,
    HeaderName::from_static("x-http-method-override"),
    HeaderName::from_static("x-http-method"),
    HeaderName::from_static("x-method-override"),
];

/// What all keys of a layer begin with: of one that has a name, the same in all processes, and in all layers of that name.
pub(super) fn begin_of(name: Option<&str>, id: u64) -> Box<[u8]> {
    let mut begin = BEGIN.to_vec();
    begin.push(u8::from(name.is_some()));
    match name {
        Some(name) => add(&mut begin, name.as_bytes()),
        None => begin.extend(id.to_le_bytes()),
    }
    begin.into()
}

impl Target {
    /// Of a request that is for a cache; any other is given back.
    #[expect(clippy::result_large_err, reason = "it is the request itself, which goes on as it came")]
    pub(super) fn of(
        request: Request<Body>,
        layer: &[u8],
        resolver: Resolver<'_>,
    ) -> Result<Box<Self>, Request<Body>> {
        let is_head = *request.method() == Method::HEAD;
        if !is_head && *request.method() != Method::GET || !is_plain(&request) {
            return Err(request);
        }
        let key = key_of(&request, layer);
        if key.len() > LONGEST_KEY {
            return Err(request);
        }
        let (mut parts, _) = request.into_parts();
        let wishes = RequestDirectives::of(&parts.headers);
        let conditions = taken(&mut parts.headers);
        let is_personal = says_who_asks(&parts.headers, resolver);
        Ok(Box::new(Self { parts, key, wishes, conditions, is_head, is_personal }))
    }

    /// The text that it is thrown away by.
    pub(super) fn text(&self) -> String {
        target(uri_of(&self.parts)).into_owned()
    }

    /// The same request with the conditions that its client set.
    pub(super) fn as_asked(&self) -> Request<Body> {
        let mut parts = self.parts.clone();
        parts.headers.extend(self.conditions.clone());
        Request::from_parts(parts, Body::empty())
    }

    /// A request for the whole answer.
    pub(super) fn for_all(&self) -> Request<Body> {
        Request::from_parts(self.parts.clone(), Body::empty())
    }

    /// A request for the answer, unless that is still this one.
    pub(super) fn unless(&self, stored: &HeaderMap) -> Request<Body> {
        let mut request = self.for_all();
        ask_about(stored, request.headers_mut());
        request
    }
}

/// By the standards, or as the service has it.
fn says_who_asks(headers: &HeaderMap, resolver: Resolver<'_>) -> bool {
    let has_key = |resolver: &dyn AnyResolver| match resolver.any_scheme() {
        AuthScheme::ApiKey(name) => headers.contains_key(name),
        _ => false,
    };
    headers.contains_key(AUTHORIZATION) || headers.contains_key(COOKIE) || resolver.is_some_and(has_key)
}

/// Whether it has neither a body nor a wish that the service alone can fulfil.
fn is_plain(request: &Request<Body>) -> bool {
    let headers = request.headers();
    let says_of_a_body = headers.get_all(CONTENT_LENGTH).iter().any(|length| length.as_bytes() != b"0");
    !says_of_a_body
        && request.body().size_hint().exact() == Some(0)
        && !NOT_FOR_A_CACHE.iter().any(|name| headers.contains_key(name))
}

/// The URI that a client asked for, also in a nested router.
pub(super) fn uri_of(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0)
}

fn key_of(request: &Request<Body>, layer: &[u8]) -> Vec<u8> {
    let uri = request.extensions().get::<OriginalUri>().map_or(request.uri(), |original| &original.0);
    let target = target(uri);
    let mut key = Vec::with_capacity(layer.len() + 40 + target.len());
    key.extend(layer);
    for host in hosts(uri, request.headers()) {
        key.push(1);
        add(&mut key, host);
        let begin = key.len() - host.len();
        key[begin..].make_ascii_lowercase();
    }
    key.push(0);
    rewritten_onto(&mut key, uri, request.uri());
    add(&mut key, target.as_bytes());
    key
}

/// All names that a request gives the server.
pub(super) fn hosts<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> impl Iterator<Item = &'a [u8]> {
    let authority = uri.authority().map(|authority| authority.as_str().as_bytes());
    authority.into_iter().chain(headers.get_all(HOST).iter().map(HeaderValue::as_bytes))
}

fn add(key: &mut Vec<u8>, text: &[u8]) {
    key.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    key.extend(text);
}

fn taken(headers: &mut HeaderMap) -> HeaderMap {
    let mut conditions = HeaderMap::new();
    for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE] {
        for value in headers.get_all(&name) {
            conditions.append(name.clone(), value.clone());
        }
        headers.remove(name);
    }
    conditions
}
