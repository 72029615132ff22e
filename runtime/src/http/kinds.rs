//! The kinds of errors that are ours, so that a catalogue can list them beside those of the service.

use crate::core::ErrorKind;

/// A body that is no JSON, or no form.
pub(crate) const MALFORMED_BODY: ErrorKind =
    ErrorKind::new(400, "malformed_body", "Malformed body").description("The body could not be read.");

/// A body that is JSON, and not what is expected.
pub(crate) const INVALID_BODY: ErrorKind = ErrorKind::new(422, "invalid_body", "Invalid body")
    .description("A field of the body is missing, of another type or not valid; `errors` points to it.");

/// A form that could be read, and is not what is expected.
pub(crate) const INVALID_FORM: ErrorKind = ErrorKind::new(422, "invalid_form", "Invalid form")
    .description("A field of the form is missing, of another type or not valid; `errors` points to it.");

/// A body of a media type that nobody reads here.
pub(crate) const UNSUPPORTED_MEDIA_TYPE: ErrorKind =
    ErrorKind::new(415, "unsupported_media_type", "Unsupported media type")
        .description("The body is of a media type that is not read here, or says none.");

/// A body that is longer than allowed.
pub(crate) const PAYLOAD_TOO_LARGE: ErrorKind = ErrorKind::new(413, "payload_too_large", "Payload too large")
    .description("The body is longer than allowed.");

/// A parameter of the path.
pub(crate) const INVALID_PATH: ErrorKind = ErrorKind::new(400, "invalid_path", "Invalid path")
    .description("A parameter of the path is not what is expected; `errors` points to it.");

/// A parameter of the query.
pub(crate) const INVALID_QUERY: ErrorKind = ErrorKind::new(400, "invalid_query", "Invalid query")
    .description("A parameter of the query is missing or not what is expected; `errors` points to it.");

/// A parameter that asks for a page.
pub(crate) const INVALID_PAGINATION: ErrorKind =
    ErrorKind::new(400, "invalid_pagination", "Invalid pagination")
        .description("A parameter that asks for a page is not valid; `errors` points to it.");

/// A cursor that is not valid.
pub(crate) const INVALID_CURSOR: ErrorKind = ErrorKind::new(400, "invalid_cursor", "Invalid cursor")
    .description("The cursor was not made here, or not for this, or is too old: begin again without it.");

/// A call that a rate limit refused.
pub(crate) const QUOTA_EXCEEDED: ErrorKind = ErrorKind::new(429, "quota_exceeded", "Quota exceeded")
    .uri("https://iana.org/assignments/http-problem-types#quota-exceeded")
    .description("More is asked for than a rate limit admits; `Retry-After` says when to try again.")
    .headers(&["retry-after"]);

/// A call that a rate limit refused, because the store of its budgets is away.
pub(crate) const QUOTA_UNKNOWN: ErrorKind = ErrorKind::new(503, "quota_unknown", "Quota unknown")
    .description("Nobody can tell at the moment whether a rate limit admits it.");

/// A call or request that a circuit breaker refused.
pub(crate) const CIRCUIT_OPEN: ErrorKind = ErrorKind::new(503, "circuit_open", "Temporarily unavailable")
    .description(
        "What this depends on fails, and is left alone for a while; `Retry-After` says for how long.",
    )
    .headers(&["retry-after"]);

/// A call or request that a bulkhead refused.
pub(crate) const OVERLOADED: ErrorKind =
    ErrorKind::new(503, "overloaded", "Overloaded").description("As many of these are under way as may be.");

/// A call or request that was given up.
pub(crate) const TIMED_OUT: ErrorKind =
    ErrorKind::new(504, "timed_out", "Timed out").description("There was no answer in time.");

/// A request that asks for what a cache has, and nothing else.
pub(crate) const NOT_CACHED: ErrorKind = ErrorKind::new(504, "not_cached", "Not cached")
    .description("The request asks for what is kept (`only-if-cached`), and nothing is.");

/// A request without a version, where every one has to say.
pub(crate) const VERSION_REQUIRED: ErrorKind = ErrorKind::new(400, "version_required", "Version required")
    .description("The request has to say which version of the API it asks for; `supported` lists them.");

/// A request with two different versions.
pub(crate) const AMBIGUOUS_VERSION: ErrorKind = ErrorKind::new(400, "ambiguous_version", "Ambiguous version")
    .description("The request asks for two different versions of the API.");

/// A version that is none.
pub(crate) const MALFORMED_VERSION: ErrorKind = ErrorKind::new(400, "malformed_version", "Malformed version")
    .description(
        "What the request asks for is no version of an API; `supported` lists those that there are.",
    );

/// A version that there is not.
pub(crate) const UNSUPPORTED_VERSION: ErrorKind =
    ErrorKind::new(400, "unsupported_version", "Unsupported version").description(
        "There is no such version of the API; `supported` lists those that there are. In a path it is 404, in `Accept` 406, in \
         `Content-Type` 415.",
    );

/// A version that a route does not have.
pub(crate) const VERSION_NOT_ANSWERED: ErrorKind =
    ErrorKind::new(404, "version_not_answered", "Not in this version")
        .description("The version of the API that the request asks for does not have this.");

/// A version that is out of service.
pub(crate) const VERSION_GONE: ErrorKind = ErrorKind::new(410, "version_gone", "Version gone")
    .description("The version of the API that the request asks for was taken out of service.");

/// Those of versions, which list the versions that there are.
#[cfg(feature = "openapi")]
pub(crate) const OF_VERSIONS: &[ErrorKind] = &[
    VERSION_REQUIRED,
    AMBIGUOUS_VERSION,
    MALFORMED_VERSION,
    UNSUPPORTED_VERSION,
    VERSION_NOT_ANSWERED,
    VERSION_GONE,
];

/// All of them.
pub(crate) const ALL: &[ErrorKind] = &[
    MALFORMED_BODY,
    INVALID_BODY,
    INVALID_FORM,
    UNSUPPORTED_MEDIA_TYPE,
    PAYLOAD_TOO_LARGE,
    INVALID_PATH,
    INVALID_QUERY,
    INVALID_PAGINATION,
    INVALID_CURSOR,
    QUOTA_EXCEEDED,
    QUOTA_UNKNOWN,
    CIRCUIT_OPEN,
    OVERLOADED,
    TIMED_OUT,
    NOT_CACHED,
    VERSION_REQUIRED,
    AMBIGUOUS_VERSION,
    MALFORMED_VERSION,
    UNSUPPORTED_VERSION,
    VERSION_NOT_ANSWERED,
    VERSION_GONE,
];
