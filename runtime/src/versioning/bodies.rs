//! The bodies of converted versions in documents: the types that the functions of conversions take and return, where these have a schema.

use std::marker::PhantomData;

use utoipa::ToSchema;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, RefOr};

use crate::http::components::{Schemas, add, schema_of};

/// A type that a conversion takes or returns. It is asked as `(&typed).describe_request(..)`, with both traits in scope.
#[derive(Debug)]
pub struct Typed<T>(PhantomData<fn() -> T>);

impl<T> Copy for Typed<T> {}

impl<T> Clone for Typed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

/// What a function takes.
#[must_use]
pub fn taken<A, R>(_: fn(A) -> R) -> Typed<A> {
    Typed(PhantomData)
}

/// What a function returns.
#[must_use]
pub fn given<A, R>(_: fn(A) -> R) -> Typed<R> {
    Typed(PhantomData)
}

/// A body whose schema is known.
pub trait KnownBody {
    /// Puts it into the requests of an operation.
    fn describe_request(&self, operation: &mut Operation);

    /// Puts it into the answers of an operation that are successes.
    fn describe_response(&self, operation: &mut Operation);

    /// Adds its component, and those that it refers to.
    fn add_body_schemas(&self, schemas: &mut Schemas);
}

impl<T: ToSchema> KnownBody for Typed<T> {
    fn describe_request(&self, operation: &mut Operation) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            body.content.values_mut().for_each(replace::<T>);
        }
    }

    fn describe_response(&self, operation: &mut Operation) {
        let successes =
            operation.responses.responses.iter_mut().filter(|(status, _)| status.starts_with('2'));
        for (_, response) in successes {
            if let RefOr::T(response) = response {
                response.content.values_mut().for_each(replace::<T>);
            }
        }
    }

    fn add_body_schemas(&self, schemas: &mut Schemas) {
        add::<T>(schemas);
    }
}

/// The schema of a body that has one; examples are of another version.
fn replace<T: ToSchema>(content: &mut RefOr<Content>) {
    if let RefOr::T(content) = content
        && content.schema.is_some()
    {
        content.schema = Some(schema_of::<T>());
        content.example = None;
        content.examples.clear();
    }
}

/// A body of which nothing is known.
pub trait UnknownBody: Sized {
    /// Changes nothing.
    fn describe_request(self, _: &mut Operation) {}

    /// Changes nothing.
    fn describe_response(self, _: &mut Operation) {}

    /// Adds nothing.
    fn add_body_schemas(self, _: &mut Schemas) {}
}

impl<T> UnknownBody for Typed<T> {}
