//! The operations of the API: each takes its parameters, asks the database and words the answer.

use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use tollgate::extract::{Json, Path, Valid};
use tollgate::{Page, Pagination, rate_limited};

use crate::Db;
use crate::errors::{ChangeError, DatabaseError, FindError, SaveError};
use crate::users::{NewUser, User, UserChange};

/// A new user, and where it is found from now on.
pub type Created = (StatusCode, [(HeaderName, String); 1], Json<User>);

/// List users.
#[rate_limited("100/minute")]
#[utoipa::path(get, path = "/users", tag = "users", responses((status = 200, description = "A page of users.", body = Page<User>)))]
pub async fn list(State(db): State<Db>, pagination: Pagination<User>) -> Result<Page<User>, DatabaseError> {
    db.page(&pagination).await
}

/// Create a user.
#[rate_limited("100/minute")]
#[utoipa::path(
    post,
    path = "/users",
    tag = "users",
    request_body = NewUser,
    responses((
        status = 201,
        description = "The new user.",
        body = User,
        headers(("location" = String, description = "Where the user is found."))
    ))
)]
pub async fn create(
    State(db): State<Db>,
    Valid(Json(user)): Valid<Json<NewUser>>,
) -> Result<Created, SaveError> {
    let user = db.create(user).await?;
    let location = format!("/users/{}", user.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(user)))
}

/// Look up one user by id.
#[rate_limited("100/minute")]
#[utoipa::path(
    get,
    path = "/users/{id}",
    tag = "users",
    params(("id" = i64, Path, description = "Id of the user", minimum = 1, example = 1)),
    responses((status = 200, description = "The user.", body = User))
)]
pub async fn read(State(db): State<Db>, Path(id): Path<i64>) -> Result<Json<User>, FindError> {
    db.user(id).await.map(Json)
}

/// Change what is known about a user.
#[rate_limited("100/minute")]
#[utoipa::path(
    patch,
    path = "/users/{id}",
    tag = "users",
    params(("id" = i64, Path, description = "Id of the user", minimum = 1, example = 1)),
    request_body = UserChange,
    responses((status = 200, description = "The user as it is now.", body = User))
)]
pub async fn change(
    State(db): State<Db>,
    Path(id): Path<i64>,
    Valid(Json(change)): Valid<Json<UserChange>>,
) -> Result<Json<User>, ChangeError> {
    db.change(id, change).await.map(Json)
}

/// Delete a user.
#[rate_limited("100/minute")]
#[utoipa::path(
    delete,
    path = "/users/{id}",
    tag = "users",
    params(("id" = i64, Path, description = "Id of the user", minimum = 1, example = 1)),
    responses((status = 204, description = "The user is gone."))
)]
pub async fn delete(State(db): State<Db>, Path(id): Path<i64>) -> Result<StatusCode, FindError> {
    db.delete(id).await.map(|()| StatusCode::NO_CONTENT)
}
