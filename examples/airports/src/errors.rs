//! What goes wrong, and how it is told: problem details (RFC 9457), `application/problem+json`.

use std::collections::BTreeMap;
use std::error::Error as _;

use axum::extract::path::ErrorKind;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use thiserror::Error;
use tollgate::Problem;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::codes::Iata;
use crate::extract::LONGEST_BODY;

/// Why a request gets no answer.
#[derive(Debug, Error)]
pub enum AirportError {
    /// The code is well-formed, but no airport has it.
    #[error("no airport has the IATA code {0}")]
    UnknownAirport(Iata),
    /// A parameter is missing or not valid; the text names it.
    #[error("{0}")]
    InvalidParameter(String),
    /// The body cannot be used, which is told with that status; the text names the field.
    #[error("{1}")]
    InvalidBody(StatusCode, String),
    /// A handler reads other parameters than its path has: our mistake, of which the client learns no details.
    #[error("the service made a mistake")]
    Internal,
    /// The database cannot be read or written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The database cannot be read or written, of which the client learns no details.
#[derive(Debug, Error)]
#[error("the database failed")]
pub struct DatabaseError(#[from] pub sqlx::Error);

impl IntoResponse for DatabaseError {
    fn into_response(self) -> Response {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).detail(self.to_string()).into_response()
    }
}

impl IntoResponses for DatabaseError {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        BTreeMap::new()
    }
}

impl AirportError {
    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownAirport(_) => StatusCode::NOT_FOUND,
            Self::InvalidParameter(_) => StatusCode::BAD_REQUEST,
            Self::InvalidBody(status, _) => *status,
            Self::Internal | Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for AirportError {
    fn into_response(self) -> Response {
        Problem::new(self.status()).detail(self.to_string()).into_response()
    }
}

impl IntoResponses for AirportError {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let example = Problem::new(StatusCode::NOT_FOUND).detail("no airport has the IATA code QQQ");
        let mut responses = InvalidParameter::responses();
        responses.extend([described("No airport has this code; `detail` names it.", &example)]);
        responses
    }
}

/// What goes wrong in operations that look no airport up, for their documentation.
#[derive(Clone, Copy, Debug)]
pub struct InvalidParameter;

impl IntoResponses for InvalidParameter {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        // Any operation's, so it names the parameter of none.
        let example = Problem::new(StatusCode::BAD_REQUEST).detail("parameter: what is wrong with it");
        BTreeMap::from([described("A parameter is missing or not valid; `detail` names it.", &example)])
    }
}

const NO_JSON: &str = "the body must be application/json";

fn too_long() -> String {
    format!("the body is longer than {} KiB", LONGEST_BODY / 1024)
}

/// What goes wrong with bodies, beside the 400 of what is no JSON at all, for the documentation.
#[derive(Clone, Copy, Debug)]
pub struct InvalidBody;

impl IntoResponses for InvalidBody {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let too_long = Problem::new(StatusCode::PAYLOAD_TOO_LARGE).detail(too_long());
        let no_json = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail(NO_JSON);
        let wrong_field = Problem::new(StatusCode::UNPROCESSABLE_ENTITY)
            .detail("lat: must be a number from -90 to 90, not 91 at line 1 column 9");
        BTreeMap::from([
            described("The body is too long.", &too_long),
            described("The body is not declared to be JSON.", &no_json),
            described("A field is unknown or not valid; `detail` names it.", &wrong_field),
        ])
    }
}

/// The schema is tollgate's, which writes the body.
fn described(text: &str, example: &Problem) -> (String, RefOr<Described>) {
    let schema = Ref::from_schema_name(Problem::name());
    let content =
        ContentBuilder::new().schema(Some(schema)).example(serde_json::to_value(example).ok()).build();
    let response = ResponseBuilder::new().description(text).content("application/problem+json", content);
    (example.status().as_str().to_owned(), response.build().into())
}

impl From<PathRejection> for AirportError {
    fn from(rejection: PathRejection) -> Self {
        match rejection {
            PathRejection::FailedToDeserializePathParams(error) if error.status().is_client_error() => {
                Self::InvalidParameter(match error.into_kind() {
                    ErrorKind::DeserializeError { key, message, .. } => format!("{key}: {message}"),
                    ErrorKind::InvalidUtf8InPathParam { key } => format!("{key}: is not UTF-8"),
                    other => other.to_string(),
                })
            }
            _ => Self::Internal,
        }
    }
}

impl From<QueryRejection> for AirportError {
    fn from(rejection: QueryRejection) -> Self {
        // The source says "lat: invalid float literal"; the rejection itself only puts axum's own words before it.
        Self::InvalidParameter(rejection.source().map_or_else(|| rejection.body_text(), ToString::to_string))
    }
}

impl From<JsonRejection> for AirportError {
    fn from(rejection: JsonRejection) -> Self {
        let status = rejection.status();
        Self::InvalidBody(
            status,
            match &rejection {
                JsonRejection::MissingJsonContentType(_) => NO_JSON.to_owned(),
                _ if status == StatusCode::PAYLOAD_TOO_LARGE => too_long(),
                // As with queries: "elevation: invalid type: ..".
                _ => rejection.source().map_or_else(|| rejection.body_text(), ToString::to_string),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn each_error_has_its_status_and_names_what_is_wrong() {
        let iata: Iata = "qqq".parse().unwrap();
        for (error, status, text) in [
            (AirportError::UnknownAirport(iata), 404, "no airport has the IATA code QQQ"),
            (AirportError::InvalidParameter("k: wrong".to_owned()), 400, "k: wrong"),
            (
                AirportError::InvalidBody(StatusCode::UNPROCESSABLE_ENTITY, "lat: wrong".to_owned()),
                422,
                "lat: wrong",
            ),
            (AirportError::Internal, 500, "the service made a mistake"),
        ] {
            assert_eq!(error.to_string(), text);
            let response = error.into_response();
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        }
    }
}
