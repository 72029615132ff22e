//! What goes wrong in operations on users, and how it is told.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use thiserror::Error;
use tollgate::Problem;

use crate::passwords::HashError;

/// The database cannot be read or written, of which the client learns no details.
#[derive(Debug, Error)]
#[error("the database failed")]
pub struct DatabaseError(#[from] sqlx::Error);

/// Why a user is not found.
#[derive(Debug, Error)]
pub enum FindError {
    /// No user has this id, or none has it any longer.
    #[error("there is no user {id}")]
    NotFound {
        /// As asked for.
        id: i64,
    },
    /// The database cannot be read or written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why what is known about a user is not saved.
#[derive(Debug, Error)]
pub enum SaveError {
    /// Another user has this address.
    #[error("somebody has this e-mail address already")]
    EmailTaken,
    /// The password cannot be hashed.
    #[error("the password cannot be hashed")]
    Hash(#[from] HashError),
    /// The database cannot be read or written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why a user is not changed.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// There is nobody to change.
    #[error(transparent)]
    Find(#[from] FindError),
    /// It cannot be so.
    #[error(transparent)]
    Save(#[from] SaveError),
}

impl From<sqlx::Error> for FindError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError(error).into()
    }
}

/// What is unique in the table of users, beside ids that the database makes, is their address.
impl From<sqlx::Error> for SaveError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(refusal) if refusal.is_unique_violation() => Self::EmailTaken,
            _ => DatabaseError(error).into(),
        }
    }
}

impl IntoResponse for DatabaseError {
    fn into_response(self) -> Response {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR).detail(self.to_string()).into_response()
    }
}

impl IntoResponse for FindError {
    fn into_response(self) -> Response {
        match &self {
            Self::NotFound { .. } => {
                Problem::new(StatusCode::NOT_FOUND).detail(self.to_string()).into_response()
            }
            Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

impl IntoResponse for SaveError {
    fn into_response(self) -> Response {
        match &self {
            Self::EmailTaken => Problem::new(StatusCode::CONFLICT).detail(self.to_string()).into_response(),
            Self::Hash(_) | Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

impl IntoResponse for ChangeError {
    fn into_response(self) -> Response {
        match self {
            Self::Find(error) => error.into_response(),
            Self::Save(error) => error.into_response(),
        }
    }
}
