//! What the gate adds to the OpenAPI operation of its handler.

use std::marker::PhantomData;

use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::{IntoResponses, ToSchema};

use super::policies::{Guarded, Policies};
use crate::errors::DocumentedError;
use crate::http::answers::{Answers, ArgumentAnswers, add_problems};
use crate::http::components::{Schemas, add_named};
use crate::http::documented::DocumentedProblem;
use crate::http::input::DocumentedInput;
use crate::http::openapi;
use crate::pages::Page;
use crate::pages::openapi as page;
use crate::{authorize, bulkhead, cache, circuit_breaker, rate_limit, timeout};

/// Documents the policies of `P` on the operation that its handler declared for these methods.
#[must_use]
pub fn document<P: Guarded>(mut operation: Operation, methods: &[HttpMethod]) -> Operation {
    add_problems(&mut operation, problems(&P::POLICIES));
    // First, so that limits tell how they stand on what it answers, too.
    if let Some(policy) = P::POLICIES.cache() {
        cache::openapi::document(policy, methods, &mut operation);
    }
    let (at_the_door, _) = P::POLICIES.limits();
    let limits = |operation: &mut Operation| {
        rate_limit::openapi::document(P::POLICIES.rate_limits(), operation);
    };
    let authorization = |operation: &mut Operation| {
        if let Some(policy) = P::POLICIES.authorization() {
            authorize::openapi::document(&policy, operation);
        }
    };
    // Limits put their fields onto every answer that is there; those behind `authorize` do not get to see its refusals.
    if at_the_door.iter().any(|limit| !limit.is_shadow()) {
        authorization(&mut operation);
        limits(&mut operation);
    } else {
        limits(&mut operation);
        authorization(&mut operation);
    }
    openapi::describe_responses(&mut operation);
    openapi::mark(&mut operation, P::site());
    operation
}

/// What is answered in the place of the function, unless a fallback answers in the place of that.
fn problems(policies: &Policies) -> Vec<DocumentedProblem> {
    if policies.replacement().is_some() {
        return Vec::new();
    }
    let open = policies.breaker().and_then(circuit_breaker::openapi::problem);
    let full = policies.compartment().map(|_| bulkhead::openapi::problem());
    let late = policies.time_limit().map(|_| timeout::openapi::problem());
    open.into_iter().chain(full).chain(late).collect()
}

/// Adds the component schemas that an operation of ours refers to.
pub fn schemas(operation: &Operation, schemas: &mut Schemas) {
    add_named(operation, schemas);
    schemas.extend(openapi::schemas());
}

/// A handler's return type, which documents its errors where it can.
///
/// Generated code writes `(&Returned::<R>::new()).errors()` with both traits in scope; the compiler takes
/// [`Documented`] where it holds.
#[derive(Debug)]
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<R> Returned<R> {
    /// Of this type.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R> Copy for Returned<R> {}

impl<R> Clone for Returned<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Default for Returned<R> {
    fn default() -> Self {
        Self::new()
    }
}

/// Errors that document themselves.
pub trait Documented {
    /// Adds the answers that they are.
    fn add_errors(&self, answers: &mut Answers);
}

impl<T, E: IntoResponses> Documented for Returned<Result<T, E>> {
    fn add_errors(&self, answers: &mut Answers) {
        answers.add_errors(E::responses());
    }
}

/// A handler's argument, which documents what it answers where it can. It is asked as [`Returned`] is.
#[derive(Debug)]
pub struct Argument<A>(PhantomData<fn() -> A>);

impl<A> Argument<A> {
    /// Of this type.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<A> Copy for Argument<A> {}

impl<A> Clone for Argument<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Default for Argument<A> {
    fn default() -> Self {
        Self::new()
    }
}

/// An extractor that documents itself.
pub trait DocumentedArgument {
    /// Adds what it answers when it refuses.
    fn add_answers(&self, answers: &mut Answers);

    /// Adds the component schemas that these are.
    fn add_answer_schemas(&self, schemas: &mut Schemas);
}

impl<A: ArgumentAnswers> DocumentedArgument for Argument<A> {
    fn add_answers(&self, answers: &mut Answers) {
        answers.add_argument::<A>();
    }

    fn add_answer_schemas(&self, schemas: &mut Schemas) {
        Answers::add_schemas_of::<A>(schemas);
    }
}

/// An extractor of which nothing is known.
pub trait UndocumentedArgument: Sized {
    /// Adds nothing.
    fn add_answers(self, _: &mut Answers) {}

    /// Adds nothing.
    fn add_answer_schemas(self, _: &mut Schemas) {}
}

impl<A> UndocumentedArgument for Argument<A> {}

/// An extractor of whose data everything is known.
pub trait KnownInput {
    /// Adds what it takes.
    fn add_input(&self, answers: &mut Answers);

    /// Adds the component schemas that this refers to.
    fn add_input_schemas(&self, schemas: &mut Schemas);
}

impl<A: DocumentedInput> KnownInput for Argument<A> {
    fn add_input(&self, answers: &mut Answers) {
        answers.add_description(A::describe);
    }

    fn add_input_schemas(&self, schemas: &mut Schemas) {
        A::add_schemas(schemas);
    }
}

/// An extractor of whose data nothing is known.
pub trait UnknownInput: Sized {
    /// Adds nothing.
    fn add_input(self, _: &mut Answers) {}

    /// Adds nothing.
    fn add_input_schemas(self, _: &mut Schemas) {}
}

impl<A> UnknownInput for Argument<A> {}

/// A page whose rows have a schema. It is asked as `(&&Returned::<R>::new()).add_page(..)`, because there are three answers.
pub trait PageOfKnown {
    /// Adds it as what is answered.
    fn add_page(&self, answers: &mut Answers);

    /// Adds its component, and those of its rows.
    fn add_page_schemas(&self, schemas: &mut Schemas);
}

/// A page of rows of which nothing is known.
pub trait PageOfAny {
    /// Adds it as what is answered.
    fn add_page(&self, answers: &mut Answers);

    /// Adds nothing.
    fn add_page_schemas(&self, _: &mut Schemas) {}
}

/// No page.
pub trait NoPage: Sized {
    /// Adds nothing.
    fn add_page(self, _: &mut Answers) {}

    /// Adds nothing.
    fn add_page_schemas(self, _: &mut Schemas) {}
}

impl<R> NoPage for Returned<R> {}

macro_rules! pages {
    ($([$($other:ident)?] $page:ty),*) => {$(
        impl<T: ToSchema, $($other)?> PageOfKnown for &Returned<$page> {
            fn add_page(&self, answers: &mut Answers) {
                answers.add_success(page::add_page::<T>, page::add_any_links);
            }

            fn add_page_schemas(&self, schemas: &mut Schemas) {
                page::add_page_schemas::<T>(schemas);
            }
        }

        impl<T, $($other)?> PageOfAny for Returned<$page> {
            fn add_page(&self, answers: &mut Answers) {
                answers.add_success(page::add_page_of_anything::<T>, page::add_any_links);
            }
        }
    )*};
}

pages! { [] Page<T>, [E] Result<Page<T>, E> }

/// Errors whose members have schemas.
pub trait DocumentedMembers {
    /// Adds the component schemas that they refer to.
    fn add_schemas(&self, schemas: &mut Schemas);
}

impl<T, E: DocumentedError> DocumentedMembers for Returned<Result<T, E>> {
    fn add_schemas(&self, schemas: &mut Schemas) {
        E::member_schemas(schemas);
    }
}

/// A return type of whose errors nothing is known.
pub trait UndocumentedMembers: Sized {
    /// Adds nothing.
    fn add_schemas(self, _: &mut Schemas) {}
}

impl<R> UndocumentedMembers for Returned<R> {}

/// A return type of which nothing is known.
pub trait Undocumented: Sized {
    /// Adds nothing.
    fn add_errors(self, _: &mut Answers) {}
}

impl<R> Undocumented for Returned<R> {}
