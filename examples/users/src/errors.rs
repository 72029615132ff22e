//! What goes wrong in operations on users, and how it is told.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use thiserror::Error;
use tollgate::Problem;

use crate::passwords::HashError;

/// Why a request on users gets no answer.
#[derive(Debug, Error)]
pub enum UserError {
    /// No user has this id, or none has it any longer.
    #[error("there is no user {id}")]
    NotFound {
        /// As asked for.
        id: i64,
    },
    /// Another user has this address.
    #[error("somebody has this e-mail address already")]
    EmailTaken,
    /// The password cannot be hashed.
    #[error("the password cannot be hashed")]
    Hash(#[from] HashError),
    /// The database cannot be read or written.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

/// What is unique in the table of users, beside ids that the database makes, is their address.
impl From<sqlx::Error> for UserError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(error) if error.is_unique_violation() => Self::EmailTaken,
            _ => Self::Database(error),
        }
    }
}

impl IntoResponse for UserError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotFound { .. } => StatusCode::NOT_FOUND,
            Self::EmailTaken => StatusCode::CONFLICT,
            Self::Hash(_) | Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Problem::new(status).detail(self.to_string()).into_response()
    }
}
