//! An answer that is kept.

use axum::body::Bytes;
use http::header::{CONTENT_LENGTH, HeaderMap};
use http::{Extensions, HeaderName, HeaderValue, StatusCode};

use super::ready::Ready;

/// An answer as it is kept: all of it that is the same for everybody who is given it.
#[derive(Clone, Debug)]
pub(crate) struct StoredAnswer {
    pub(crate) status: StatusCode,
    /// As they are sent, but for what tells of this occasion: `Age`, `Cache-Status`, `Content-Length`.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// What travels with an answer that is shared and not kept; nothing with one that is kept.
    pub(crate) extensions: Extensions,
    /// Its head, ready for hits.
    pub(super) ready: Ready,
}

/// What an entry takes besides its bytes, about: the answer, its maps and counts, and what a head that is ready has more.
const OVERHEAD: usize = 1024;

/// The same of one field, which is there twice: the maps have a place each, and share name and value.
const FIELD_OVERHEAD: usize = 208;

fn make_own(value: &mut HeaderValue) {
    if let Ok(mut own) = HeaderValue::from_bytes(value.as_bytes()) {
        own.set_sensitive(value.is_sensitive());
        *value = own;
    }
}

impl StoredAnswer {
    /// With a body and values of fields that are in memory for their own sake: what is cut out of something larger would keep all of that.
    /// A field of a request that an answer repeats is cut out of what its connection has read.
    pub(crate) fn new(status: StatusCode, mut headers: HeaderMap, body: &[u8]) -> Self {
        let body = Bytes::copy_from_slice(body);
        headers.values_mut().for_each(make_own);
        Self { status, headers, body, extensions: Extensions::new(), ready: Ready::default() }
    }

    /// With what is known of it in this process.
    pub(crate) fn with_extensions(mut self, extensions: Extensions) -> Self {
        self.extensions = extensions;
        self
    }

    /// The same with other fields.
    pub(crate) fn with_headers(&self, headers: HeaderMap) -> Self {
        Self { headers, ready: Ready::default(), ..self.clone() }
    }

    /// What it takes in memory, about.
    pub(crate) fn weight(&self) -> u32 {
        let field =
            |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + FIELD_OVERHEAD;
        let bytes = OVERHEAD + self.body.len() + self.headers.iter().map(field).sum::<usize>();
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }

    /// How long its body is, for an answer that does not have it: to `HEAD`, or that nothing has changed.
    pub(super) fn length_onto(&self, headers: &mut HeaderMap) {
        if self.status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        }
    }
}
