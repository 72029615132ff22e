//! What goes wrong, and how it is told: problem details (RFC 9457), `application/problem+json`.

use std::collections::BTreeMap;
use std::error::Error as _;

use axum::Json;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use thiserror::Error;
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
        Problem::new(self.status(), self.to_string()).into_response()
    }
}

impl IntoResponses for AirportError {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let described =
            |status: StatusCode, text| (status.as_str().to_owned(), Problem::describe(text).into());
        BTreeMap::from([
            described(StatusCode::BAD_REQUEST, "A parameter is missing or not valid; `detail` names it."),
            described(StatusCode::NOT_FOUND, "No airport has this code; `detail` names it."),
        ])
    }
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

/// The body of every answer that reports a failure.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URI for the kind of problem; `about:blank` says that the status tells it all.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The status in words.
    #[schema(example = "Not Found")]
    title: &'static str,
    /// The status code, as in the answer's head.
    #[schema(example = 404)]
    status: u16,
    /// What is wrong with this request.
    #[schema(example = "no airport has the IATA code QQQ")]
    detail: String,
}

impl Problem {
    /// A problem that its status and a text describe in full.
    #[must_use]
    pub fn new(status: StatusCode, detail: String) -> Self {
        let title = status.canonical_reason().unwrap_or("Unknown Status");
        Self { kind: "about:blank", title, status: status.as_u16(), detail }
    }

    fn describe(text: &str) -> Described {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Self::name()))).build();
        ResponseBuilder::new().description(text).content("application/problem+json", content).build()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(self)).into_response()
    }
}

#[cfg(test)]
mod tests {
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
