//! The shapes that errors are written in: problem details (RFC 9457), the older envelope, or one of the user's own.

use http::StatusCode;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::fields::PROBLEM_MEDIA_TYPE;
use super::occurrence::Occurrence;
use super::problem::Problem;

/// How a service writes its errors: all of them, those of its policies and of the router included.
///
/// ```
/// use serde_json::{Value, json};
/// use tollgate::{ErrorShape, Occurrence, Problem, Tollgate};
///
/// /// `{"fault": "there is no airport QQQ", "ticket": "7f9c"}`
/// struct Fault;
///
/// impl ErrorShape for Fault {
///     fn media_type(&self) -> &'static str {
///         "application/json"
///     }
///
///     fn body(&self, problem: &Problem, occurrence: &Occurrence<'_>) -> Value {
///         json!({ "fault": problem.to_string(), "ticket": occurrence.request_id() })
///     }
///
///     fn schema(&self) -> (&'static str, Value) {
///         ("Fault", json!({
///             "type": "object",
///             "required": ["fault"],
///             "properties": { "fault": { "type": "string" }, "ticket": { "type": ["string", "null"] } },
///         }))
///     }
/// }
///
/// let tollgate = Tollgate::builder().error_shape(Fault).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
pub trait ErrorShape: Send + Sync + 'static {
    /// The media type of the body.
    fn media_type(&self) -> &'static str;

    /// The body. It is called on the request's path.
    fn body(&self, problem: &Problem, occurrence: &Occurrence<'_>) -> Value;

    /// The name of its component in documents, and its JSON Schema.
    fn schema(&self) -> (&'static str, Value);

    /// The member of the body that holds the [code](Problem::given_code) as it is, where one does: documents list beside each answer which
    /// codes it may bear. None by default.
    fn code_member(&self) -> Option<&'static str> {
        None
    }
}

/// Problem details (RFC 9457), `application/problem+json`: the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemDetails;

impl ErrorShape for ProblemDetails {
    fn media_type(&self) -> &'static str {
        PROBLEM_MEDIA_TYPE
    }

    fn body(&self, problem: &Problem, occurrence: &Occurrence<'_>) -> Value {
        details(problem, occurrence, serde_json::value::Serializer).unwrap_or_default()
    }

    fn schema(&self) -> (&'static str, Value) {
        let text = json!({ "type": "string" });
        let error = json!({
            "type": "object",
            "required": ["detail", "pointer", "code"],
            "properties": {
                "detail": { "type": "string", "description": "What is wrong with the field." },
                "pointer": { "type": "string", "description": "The field, as a JSON pointer in a URI fragment (RFC 6901, section 6).", "examples": ["#/elevation"] },
                "code": { "type": "string", "description": "What is wrong with it, for programs.", "examples": ["missing"] },
            },
        });
        let described = |description: &str, more: Value| {
            let mut schema = text.clone();
            schema["description"] = description.into();
            if let (Some(schema), Value::Object(more)) = (schema.as_object_mut(), more) {
                schema.extend(more);
            }
            schema
        };
        let schema = json!({
            "type": "object",
            "description": "Problem details (RFC 9457): why a request was not served, and what to do about it.",
            "required": ["type", "title", "status"],
            "properties": {
                "type": described("A URI reference that names the kind of problem.", json!({ "format": "uri-reference", "examples": ["about:blank"] })),
                "title": described("The kind of problem in words; the same for all of its kind.", json!({ "examples": ["Not Found"] })),
                "status": { "type": "integer", "description": "The status of the answer.", "examples": [404], "minimum": 100, "maximum": 599 },
                "detail": described("What this client can do about this occurrence.", json!({ "examples": ["there is no airport QQQ"] })),
                "instance": described("The path that was asked for.", json!({ "format": "uri-reference", "examples": ["/airports/QQQ"] })),
                "code": described("The kind of problem, for programs.", json!({ "examples": ["airport_not_found"] })),
                "errors": { "type": "array", "description": "What is wrong with which field.", "items": error },
                "request_id": described("The id of the request, to be named to support.", json!({ "maxLength": 64, "examples": ["7f9c42d0"] })),
                "trace_id": described("The trace that the request belongs to.", json!({ "pattern": "^[0-9a-f]{32}$", "examples": ["4bf92f3577b34da6a3ce929d0e0e4736"] })),
            },
            "additionalProperties": true,
        });
        ("ProblemDetails", schema)
    }

    fn code_member(&self) -> Option<&'static str> {
        Some("code")
    }
}

/// The members in their order, as RFC 9457 has them.
pub(super) fn details<S: Serializer>(
    problem: &Problem,
    occurrence: &Occurrence<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("type", &problem.type_uri(occurrence.types()))?;
    map.serialize_entry("title", problem.title())?;
    map.serialize_entry("status", &problem.status().as_u16())?;
    if let Some(detail) = problem.given_detail() {
        map.serialize_entry("detail", detail)?;
    }
    if let Some(instance) = occurrence.instance() {
        map.serialize_entry("instance", instance)?;
    }
    if let Some(code) = problem.given_code() {
        map.serialize_entry("code", code)?;
    }
    if !problem.field_errors().is_empty() {
        map.serialize_entry("errors", problem.field_errors())?;
    }
    for (name, value) in problem.members() {
        map.serialize_entry(name, value)?;
    }
    if let Some(request_id) = occurrence.request_id() {
        map.serialize_entry("request_id", request_id)?;
    }
    if let Some(trace_id) = occurrence.trace_id() {
        map.serialize_entry("trace_id", &format_args!("{trace_id}"))?;
    }
    map.end()
}

/// The older envelope, `application/json`:
/// `{"error": "airport_not_found", "message": "there is no airport QQQ", "details": {..}, "timestamp": "2026-01-31T12:00:00Z"}`.
///
/// `error` is the code, or the status in words (`not_found`); `message` the detail, or the title. Everything else that is known
/// stands in `details`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Envelope;

impl ErrorShape for Envelope {
    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn body(&self, problem: &Problem, occurrence: &Occurrence<'_>) -> Value {
        let mut envelope = Map::new();
        let error = problem.given_code().map_or_else(|| in_words(problem.status()), str::to_owned);
        envelope.insert("error".to_owned(), error.into());
        envelope.insert("message".to_owned(), problem.to_string().into());
        envelope.insert("details".to_owned(), more(problem, occurrence).into());
        if let Some(time) = occurrence.time() {
            let time = humantime::format_rfc3339_seconds(time).to_string();
            envelope.insert("timestamp".to_owned(), time.into());
        }
        envelope.into()
    }

    fn schema(&self) -> (&'static str, Value) {
        let schema = json!({
            "type": "object",
            "description": "Why a request was not served.",
            "required": ["error", "message", "details", "timestamp"],
            "properties": {
                "error": { "type": "string", "description": "The kind of error, for programs.", "examples": ["airport_not_found"] },
                "message": { "type": "string", "description": "What this client can do about it.", "examples": ["there is no airport QQQ"] },
                "details": { "type": "object", "description": "What else is known, such as `errors` by field and the `request_id`.", "additionalProperties": true },
                "timestamp": { "type": "string", "format": "date-time", "description": "When it was answered." },
            },
        });
        ("ErrorEnvelope", schema)
    }

    fn code_member(&self) -> Option<&'static str> {
        Some("error")
    }
}

/// Whatever the envelope has no member of its own for.
fn more(problem: &Problem, occurrence: &Occurrence<'_>) -> Map<String, Value> {
    let mut details = Map::new();
    if !problem.field_errors().is_empty() {
        details.insert("errors".to_owned(), json!(problem.field_errors()));
    }
    for (name, value) in problem.members() {
        details.insert(name.to_owned(), value.clone());
    }
    if let Some(instance) = occurrence.instance() {
        details.insert("instance".to_owned(), instance.into());
    }
    if let Some(request_id) = occurrence.request_id() {
        details.insert("request_id".to_owned(), request_id.into());
    }
    if let Some(trace_id) = occurrence.trace_id() {
        details.insert("trace_id".to_owned(), trace_id.to_string().into());
    }
    details
}

/// `not_found`
fn in_words(status: StatusCode) -> String {
    let words = status.canonical_reason().unwrap_or("error");
    words.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}
