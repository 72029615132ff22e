//! What goes wrong in operations on users, and how it is told.

use thiserror::Error;
use tollgate::ApiError;

use crate::passwords::HashError;

/// The database cannot be read or written, of which the client learns no details.
#[derive(Debug, Error, ApiError)]
#[error("the database failed")]
#[api_error(status = 500, code = "database_failed")]
pub struct DatabaseError(#[from] sqlx::Error);

/// Why a user is not found.
#[derive(Debug, Error, ApiError)]
pub enum FindError {
    /// No user has this id, or none has it any longer.
    #[error("there is no user {id}")]
    #[api_error(status = 404, code = "user_not_found", extension(user = id))]
    NotFound {
        /// As asked for.
        id: i64,
    },
    /// The database cannot be read or written.
    #[error(transparent)]
    #[api_error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why what is known about a user is not saved.
#[derive(Debug, Error, ApiError)]
pub enum SaveError {
    /// Another user has this address.
    #[error("somebody has this e-mail address already")]
    #[api_error(status = 409, code = "email_taken", title = "E-mail address taken")]
    EmailTaken,
    /// The password cannot be hashed.
    #[error("the password cannot be hashed")]
    #[api_error(status = 500, code = "hashing_failed")]
    Hash(#[from] HashError),
    /// The database cannot be read or written.
    #[error(transparent)]
    #[api_error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why a user is not changed.
#[derive(Debug, Error, ApiError)]
pub enum ChangeError {
    /// There is nobody to change.
    #[error(transparent)]
    #[api_error(transparent)]
    Find(#[from] FindError),
    /// It cannot be so.
    #[error(transparent)]
    #[api_error(transparent)]
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
