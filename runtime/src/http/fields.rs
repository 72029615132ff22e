//! Names and media types on the wire, as constants: a name that is parsed for each request costs 400 instructions.

use http::{HeaderName, HeaderValue};

/// `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
pub(crate) const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
pub(crate) const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The field in which proxies name the client; no standard has it.
pub(crate) const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// `traceparent` (W3C Trace Context Level 2).
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The field that carries the id of a request; no standard has it.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The media type of RFC 9457.
pub(crate) const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// The same as a header value.
pub(crate) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static(PROBLEM_MEDIA_TYPE);
