//! Extractors whose refusals say what is wrong with which field, as problem details.
//!
//! They stand in for axum's of the same names: same types, same way of reading, another answer.
//!
//! ```
//! use axum::Router;
//! use axum::body::Body;
//! use axum::http::{Request, StatusCode};
//! use axum::routing::post;
//! use serde::{Deserialize, Serialize};
//! use tollgate::extract::{Json, Path, Query};
//! use tower::ServiceExt;
//!
//! #[derive(Deserialize)]
//! struct Options {
//!     #[serde(default)]
//!     notify: bool,
//! }
//!
//! #[derive(Deserialize, Serialize)]
//! struct Booking {
//!     name: String,
//!     seats: Vec<Seat>,
//! }
//!
//! #[derive(Deserialize, Serialize)]
//! struct Seat {
//!     row: u8,
//! }
//!
//! async fn book(Path(flight): Path<u32>, Query(options): Query<Options>, Json(booking): Json<Booking>) -> Json<Booking> {
//!     Json(booking)
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let app = Router::new().route("/flights/{flight}/bookings", post(book));
//! let request = Request::post("/flights/42/bookings?notify=true")
//!     .header("content-type", "application/json")
//!     .body(Body::from(r#"{"name": "Ada", "seats": [{"row": 12}, {"row": 300}]}"#))?;
//! let answer = app.oneshot(request).await?;
//! assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
//! assert_eq!(answer.headers()["content-type"], "application/problem+json");
//!
//! let body = axum::body::to_bytes(answer.into_body(), 1_000).await?;
//! let problem: serde_json::Value = serde_json::from_slice(&body)?;
//! assert_eq!(problem["code"], "invalid_body");
//! assert_eq!(
//!     problem["errors"],
//!     serde_json::json!([{
//!         "detail": "must be a whole number from 0 to 255",
//!         "pointer": "#/seats/1/row",
//!         "code": "range",
//!     }]),
//! );
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a refusal tells
//! The parameter or field, by a JSON pointer as a URI fragment (RFC 6901, section 6); what is expected of it in words of
//! JSON; and a [`code`](crate::FieldError::code) for programs. It repeats no values, and names no types of the service. What
//! a type says in an error of its own (`#[serde(try_from = "..")]`, a validation) is passed on: that is for the client.
//!
//! A body is told to be malformed (400) or not what is expected (422) by whether all of it is JSON.
//!
//! # Features
//! With `garde`, `Valid` validates what another extractor has read. With `openapi`, the attributes of this crate document what the
//! extractors of a handler answer, and the body that `Json<T>` reads where `T: utoipa::ToSchema`, so that `request_body` need not be written.

mod body;
mod expected;
mod fault;
mod form;
mod invalid;
mod json;
#[cfg(feature = "openapi")]
mod openapi;
mod pairs;
mod path;
mod place;
mod query;
#[cfg(feature = "garde")]
mod valid;

pub use self::form::Form;
pub use self::json::Json;
pub(crate) use self::json::bytes as json_bytes;
pub use self::path::Path;
pub use self::query::Query;
#[cfg(feature = "garde")]
pub use self::valid::Valid;

/// A wrapper that is used as what it holds.
macro_rules! transparent {
    ($wrapper:ident) => {
        impl<T> std::ops::Deref for $wrapper<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }

        impl<T> std::ops::DerefMut for $wrapper<T> {
            fn deref_mut(&mut self) -> &mut T {
                &mut self.0
            }
        }

        impl<T> From<T> for $wrapper<T> {
            fn from(inner: T) -> Self {
                Self(inner)
            }
        }
    };
}

use transparent;
