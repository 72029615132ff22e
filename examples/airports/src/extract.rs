//! axum's extractors, with rejections that are problems like all other failures of the service.

use axum::extract::FromRequestParts;

use crate::errors::AirportError;

/// The parameters in the path.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(AirportError))]
pub struct Path<T>(pub T);

/// The parameters in the query.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(AirportError))]
pub struct Query<T>(pub T);
