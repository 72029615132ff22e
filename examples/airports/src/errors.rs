//! What goes wrong, and how it is told: problem details (RFC 9457), `application/problem+json`.

use std::collections::BTreeMap;
use std::error::Error as _;

use axum::extract::path::ErrorKind;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use thiserror::Error;
use tollgate::Problem;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::codes::Iata;

/// Why a request gets no answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AirportError {
    /// The code is well-formed, but no airport has it.
    #[error("no airport has the IATA code {0}")]
    UnknownAirport(Iata),
    /// A parameter is missing or not valid; the text names it.
    #[error("{0}")]
    InvalidParameter(String),
    /// A handler reads other parameters than its path has: our mistake, of which the client learns no details.
    #[error("the service made a mistake")]
    Internal,
}

impl AirportError {
    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownAirport(_) => StatusCode::NOT_FOUND,
            Self::InvalidParameter(_) => StatusCode::BAD_REQUEST,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
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
            (AirportError::Internal, 500, "the service made a mistake"),
        ] {
            assert_eq!(error.to_string(), text);
            let response = error.into_response();
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        }
    }
}
