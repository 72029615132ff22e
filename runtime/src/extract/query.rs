//! Parameters of the query.

use axum::extract::FromRequestParts;
use http::Uri;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::invalid::{Source, steps};
use super::pairs;
use crate::http::Problem;

/// The parameters of the query: as axum's `Query`, with refusals that say which parameter is wrong.
///
/// What may be missing is an `Option`, or has `#[serde(default)]`. A parameter that is there twice is refused where one
/// value is read.
///
/// # Errors
/// 400 `invalid_query`, where a parameter is missing, of another type or not valid: `errors` points to it.
///
/// ```
/// use serde::Deserialize;
/// use tollgate::extract::Query;
///
/// #[derive(Debug, Deserialize)]
/// struct Search {
///     floor: u8,
/// }
///
/// let problem = Query::<Search>::try_from_uri(&"/rooms?floor=300".parse()?).unwrap_err();
/// let problem = serde_json::to_value(&problem).unwrap();
/// assert_eq!(problem["detail"], "the parameter `floor` must be a whole number from 0 to 255");
/// assert_eq!(problem["errors"][0]["pointer"], "#/floor");
/// # Ok::<_, axum::http::uri::InvalidUri>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<T>(pub T);

super::transparent!(Query);

impl<T: DeserializeOwned> Query<T> {
    /// Reads them from the query of a URI.
    pub fn try_from_uri(uri: &Uri) -> Result<Self, Problem> {
        read(uri.query().unwrap_or_default(), Source::Query).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::try_from_uri(&parts.uri)
    }
}

/// What a type reads from the text of a query or a form.
pub(super) fn read<T: DeserializeOwned>(text: &str, source: Source) -> Result<T, Problem> {
    let pairs = pairs::parse(text).map_err(|fault| source.refuse_encoding(fault))?;
    pairs::read(pairs)
        .map_err(|error| source.refuse_within(steps(error.path()), Fault::read(&error.inner().to_string())))
}
