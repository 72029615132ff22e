//! axum's extractors, with rejections that are problems like all other failures of the service.

use axum::extract::{FromRequest, FromRequestParts};

use crate::errors::AirportError;

/// In bytes: no body that anybody needs to send is longer.
pub(crate) const LONGEST_BODY: usize = 16 * 1024;

/// The parameters in the path.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(AirportError))]
pub struct Path<T>(pub T);

/// The parameters in the query.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(AirportError))]
pub struct Query<T>(pub T);

/// The body, which is JSON.
#[derive(Clone, Copy, Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(AirportError))]
pub struct Json<T>(pub T);
