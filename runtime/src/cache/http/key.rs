//! What tells the answers of a service apart: the key of an entry, in full bytes.
//!
//! ```text
//! site u32 | class of methods u8 | API version | authorities | per field of `vary`: its values | principal | rewritten to | text
//! ```
//!
//! Everything but the text is of a fixed length or says how long it is, so no two requests that differ in any of them have one key.
//! The text is what a `key` of the user's gives, or the path with the query, sorted; entries are thrown away by it.

use axum::extract::OriginalUri;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, Uri};
use smallvec::SmallVec;

use crate::cache::policy::Cached;
use crate::cache::rfc::{uri, vary};
use crate::core::{Principal, SiteId};

/// The bytes of a key. Most fit, so nothing is allocated to look for an entry.
pub(crate) type KeyBytes = SmallVec<[u8; KEY_BYTES]>;

const KEY_BYTES: usize = 128;

/// The number of a site, which is another one in each build.
pub(super) const LOCAL: usize = size_of::<u32>();

/// `GET` and `HEAD`, which ask for one thing.
const SAFE: u8 = b'G';

/// The key of a request, with path and query as its text unless the function gives that. Gives where the text begins.
pub(super) fn key_onto(
    bytes: &mut KeyBytes,
    site: SiteId,
    policy: &Cached,
    parts: &Parts,
    principal: Option<&Principal>,
) -> usize {
    let uri = asked_uri(parts);
    bytes.extend_from_slice(&site.number().to_le_bytes());
    bytes.push(SAFE);
    // No version of the API.
    length_onto(bytes, 0);
    authorities_onto(bytes, &parts.headers, uri);
    if !policy.vary.is_empty() {
        let mut values = Vec::new();
        for name in policy.vary {
            vary::add_value(&parts.headers, name, &mut values);
        }
        bytes.extend_from_slice(&values);
    }
    match principal.filter(|_| !policy.is_public) {
        Some(principal) => principal_onto(bytes, principal),
        None => bytes.push(0),
    }
    if !policy.has_key {
        uri::rewritten_onto(bytes, uri, &parts.uri);
    }
    let text_at = bytes.len();
    if !policy.has_key {
        bytes.extend_from_slice(uri.path().as_bytes());
        if let Some(query) = uri.query() {
            bytes.push(b'?');
            bytes.extend_from_slice(uri::sorted(query).as_bytes());
        }
    }
    text_at
}

/// What the client asked for, also within a nested router: what a path has in front is often what an answer depends on.
fn asked_uri(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0)
}

/// Every name that the request gives the server: that of its URI and that of `Host`, which may stand there several times.
/// Names of hosts have no case.
fn authorities_onto(bytes: &mut KeyBytes, headers: &HeaderMap, uri: &Uri) {
    let hosts = headers.get_all(HOST).iter().map(http::HeaderValue::as_bytes);
    for authority in uri.authority().map(|authority| authority.as_str().as_bytes()).into_iter().chain(hosts) {
        bytes.push(1);
        text_onto(bytes, authority);
        let begin = bytes.len() - authority.len();
        bytes[begin..].make_ascii_lowercase();
    }
    bytes.push(0);
}

/// Roles and scopes belong to it: two tokens of one subject may be allowed to see different things.
fn principal_onto(bytes: &mut KeyBytes, principal: &Principal) {
    bytes.push(1 + u8::from(principal.tenant().is_some()));
    text_onto(bytes, principal.tenant().unwrap_or_default().as_bytes());
    text_onto(bytes, principal.subject().as_bytes());
    for texts in [principal.roles(), principal.scopes()] {
        length_onto(bytes, texts.len());
        for text in texts {
            text_onto(bytes, text.as_bytes());
        }
    }
}

pub(super) fn text_onto(bytes: &mut KeyBytes, text: &[u8]) {
    length_onto(bytes, text.len());
    bytes.extend_from_slice(text);
}

/// Longer ones than this can say are not possible: the whole head of a request is shorter.
fn length_onto(bytes: &mut KeyBytes, length: usize) {
    bytes.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}
