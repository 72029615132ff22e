//! Data that is validated.

use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, OptionalFromRequestParts, Request};
use garde::{Report, Validate};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::body::optional;
use super::invalid::Source;
use super::place::{self, Place, is_same_name};
use super::{Form, Json, Path, Query, form, json, pairs, path, query};
use crate::http::{FieldError, Problem, garde_faults};

/// What an extractor reads, and garde finds valid: `Valid(Json(user)): Valid<Json<NewUser>>`.
///
/// Wraps [`Json`], [`Form`], [`Query`] and [`Path`]. The validation has no context of its own: `Context: Default`. A
/// field is pointed to as the request spells it (`firstName` for `first_name`) where it is there; a name that
/// `#[serde(rename = "..")]` changes altogether needs `#[garde(rename = "..")]` beside it.
///
/// # Errors
/// Those of the extractor within; and where the data is not valid, 422 `invalid_body` or `invalid_form`, 400 `invalid_query`
/// or `invalid_path`. `errors` says what is wrong with each field, for the first 32.
#[cfg_attr(docsrs, doc(cfg(feature = "garde")))]
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Valid<E>(pub E);

super::transparent!(Valid);

impl<T, S> FromRequest<S> for Valid<Json<T>>
where
    T: DeserializeOwned + Validate<Context: Default>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = json::bytes(request, state).await?;
        let value = Json::<T>::from_bytes(&bytes)?;
        value.validate().map_err(|report| {
            let mut places: Vec<_> = garde_faults::faults(&report).map(|(path, _)| Place::of(path)).collect();
            // It has been read as JSON before.
            let _ = place::find(str::from_utf8(&bytes).unwrap_or_default(), &mut places);
            refused(Source::Json, &report, places.into_iter().map(Place::or_missing))
        })?;
        Ok(Self(value))
    }
}

impl<T, S> OptionalFromRequest<S> for Valid<Json<T>>
where
    T: DeserializeOwned + Validate<Context: Default>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        optional(request, state).await
    }
}

impl<T, S> FromRequest<S> for Valid<Form<T>>
where
    T: DeserializeOwned + Validate<Context: Default>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (text, source) = form::text(request, state).await?;
        let value: T = query::read(&text, source)?;
        value.validate().map_err(|report| refused_pairs(source, &report, &names(&text)))?;
        Ok(Self(Form(value)))
    }
}

impl<T, S> FromRequestParts<S> for Valid<Query<T>>
where
    T: DeserializeOwned + Validate<Context: Default>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let value = Query::<T>::try_from_uri(&parts.uri)?;
        value.validate().map_err(|report| {
            refused_pairs(Source::Query, &report, &names(parts.uri.query().unwrap_or_default()))
        })?;
        Ok(Self(value))
    }
}

impl<T, S> FromRequestParts<S> for Valid<Path<T>>
where
    T: DeserializeOwned + Validate<Context: Default> + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let value = <Path<T> as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        valid_path(parts, value).await
    }
}

impl<T, S> OptionalFromRequestParts<S> for Valid<Path<T>>
where
    T: DeserializeOwned + Validate<Context: Default> + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        match <Path<T> as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await? {
            Some(value) => valid_path(parts, value).await.map(Some),
            None => Ok(None),
        }
    }
}

async fn valid_path<T: Validate<Context: Default>>(
    parts: &mut Parts,
    value: Path<T>,
) -> Result<Valid<Path<T>>, Problem> {
    let Err(report) = value.validate() else { return Ok(Valid(value)) };
    drop(value);
    Err(refused_pairs(Source::Path, &report, &path::names(parts).await))
}

/// The names of a query or a form.
fn names(text: &str) -> Vec<String> {
    pairs::parse(text).map(|pairs| pairs.into_iter().map(|(name, _)| name).collect()).unwrap_or_default()
}

/// A refusal of what has names and no depth. A path of one parameter has no names in the type that reads it.
fn refused_pairs(source: Source, report: &Report, names: &[String]) -> Problem {
    let spelt = |path: Vec<String>| match path.first() {
        None if source == Source::Path && names.len() == 1 => names.to_vec(),
        None => Vec::new(),
        Some(wanted) => {
            let same = names.iter().find(|&name| name == wanted);
            let same = same.or_else(|| names.iter().find(|name| is_same_name(name, wanted)));
            vec![same.unwrap_or(wanted).clone()]
        }
    };
    refused(source, report, garde_faults::faults(report).map(|(path, _)| spelt(path)))
}

/// A refusal with the faults at these paths, in the order of the report.
fn refused(source: Source, report: &Report, paths: impl Iterator<Item = Vec<String>>) -> Problem {
    let faults = garde_faults::faults(report).map(|(_, message)| message);
    let errors = faults.zip(paths).map(|(message, path)| FieldError::at(path, message));
    Problem::of_kind(source.kind()).detail(garde_faults::summary(report)).errors(errors)
}
