//! What documents say of errors: per status one response, with all codes that it can bear and an example of each.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Schema, Type};
use utoipa::openapi::{Header, RefOr, Response};

use crate::core::ErrorKind;
use crate::http::components::{self, Schemas};
use crate::http::documented::{DocumentedProblem, response};
use crate::http::openapi::header;
use crate::http::problem_schemas::{Member, example_of};
use crate::http::{Problem, general_detail};

/// A kind with the schemas of its own members, where they have any.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "the schemas of utoipa have none")]
pub struct DocumentedKind {
    kind: &'static ErrorKind,
    members: Vec<Member>,
}

/// The kinds of a type with the schemas of their members.
pub fn documented_kinds(
    own: &'static [ErrorKind],
    members: impl IntoIterator<Item = Vec<Member>>,
) -> Vec<DocumentedKind> {
    own.iter().zip(members).map(|(kind, members)| DocumentedKind { kind, members }).collect()
}

/// A type of which `derive(ApiError)` knows everything.
pub trait DocumentedError {
    /// Its kinds, and those of the errors within.
    fn documented() -> Vec<DocumentedKind>;

    /// Adds the component schemas that the schemas of its members refer to.
    fn member_schemas(schemas: &mut Vec<(String, RefOr<Schema>)>);
}

/// A box is documented as what is in it.
impl<E: DocumentedError> DocumentedError for Box<E> {
    fn documented() -> Vec<DocumentedKind> {
        E::documented()
    }

    fn member_schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        E::member_schemas(schemas);
    }
}

/// The error within a transparent variant.
///
/// Generated code writes `(&Inner::<E>::new(kinds)).documented()` with both traits in scope; the compiler takes
/// [`OfDocumented`] where it holds.
#[derive(Debug)]
pub struct Inner<E> {
    kinds: fn() -> Vec<&'static ErrorKind>,
    of: PhantomData<fn() -> E>,
}

/// The type of a member, asked for its schema in the same way.
#[derive(Debug)]
pub struct Schematic<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<E> Inner<E> {
    /// Of this type, with its kinds.
    #[must_use]
    pub const fn new(kinds: fn() -> Vec<&'static ErrorKind>) -> Self {
        Self { kinds, of: PhantomData }
    }
}

impl<T: ?Sized> Schematic<T> {
    /// Of this type.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E> Copy for Inner<E> {}

impl<E> Clone for Inner<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Schematic<T> {}

impl<T: ?Sized> Clone for Schematic<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Default for Schematic<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// An error within, of which everything is known.
pub trait OfDocumented {
    /// Its kinds.
    fn documented(&self) -> Vec<DocumentedKind>;

    /// Adds the component schemas of its members.
    fn member_schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>);
}

impl<E: DocumentedError> OfDocumented for Inner<E> {
    fn documented(&self) -> Vec<DocumentedKind> {
        E::documented()
    }

    fn member_schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        E::member_schemas(schemas);
    }
}

/// An error within, of which the kinds alone are known.
pub trait OfKinds: Sized {
    /// Its kinds.
    fn documented(self) -> Vec<DocumentedKind>;

    /// Adds nothing.
    fn member_schemas(self, _: &mut Vec<(String, RefOr<Schema>)>) {}
}

impl<E> OfKinds for Inner<E> {
    fn documented(self) -> Vec<DocumentedKind> {
        (self.kinds)().into_iter().map(|kind| DocumentedKind { kind, members: Vec::new() }).collect()
    }
}

/// A member whose type has a schema.
pub trait SchemaKnown {
    /// Its schema.
    fn schema(&self) -> Option<RefOr<Schema>>;

    /// Adds the component schemas that it refers to.
    fn nested(&self, schemas: &mut Vec<(String, RefOr<Schema>)>);
}

impl<T: ToSchema> SchemaKnown for Schematic<T> {
    fn schema(&self) -> Option<RefOr<Schema>> {
        Some(T::schema())
    }

    fn nested(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        // Itself, too: a type that holds itself refers to its own component.
        components::add::<T>(schemas);
    }
}

/// A member of which nothing is known but that it can be written.
pub trait SchemaUnknown: Sized {
    /// None.
    fn schema(self) -> Option<RefOr<Schema>> {
        None
    }

    /// Adds nothing.
    fn nested(self, _: &mut Vec<(String, RefOr<Schema>)>) {}
}

impl<T: ?Sized> SchemaUnknown for Schematic<T> {}

/// One response for each status, with all codes of that status.
#[must_use]
pub fn error_responses(documented: &[DocumentedKind]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<u16, Vec<DocumentedProblem>>::new();
    for DocumentedKind { kind, members } in documented {
        let equals = by_status.entry(kind.status()).or_default();
        if equals.iter().all(|known| known.code() != kind.code()) {
            equals.push(problem(kind, members));
        }
    }
    by_status.into_iter().map(|(status, problems)| (status.to_string(), response(problems).into())).collect()
}

/// Adds the components that these are.
pub fn add_problem_schemas(documented: &[DocumentedKind], schemas: &mut Schemas) {
    for DocumentedKind { kind, members } in documented {
        problem(kind, members).add_schema(schemas);
    }
}

fn problem(kind: &'static ErrorKind, members: &[Member]) -> DocumentedProblem {
    let example = members.iter().fold(example(kind), with_example);
    let problem = DocumentedProblem::new(*kind, example).members(members.to_vec());
    kind.header_names().iter().fold(problem, |problem, name| problem.header(in_title_case(name), field(name)))
}

fn example(kind: &ErrorKind) -> Problem {
    let problem = Problem::of_kind(kind);
    match (kind.is_exposed(), kind.example_detail()) {
        (true, Some(detail)) => problem.detail(detail),
        (true, None) => problem,
        (false, _) => problem.detail(general_detail(kind.status())),
    }
}

/// A member as its schema shows it, where that shows one.
fn with_example(problem: Problem, (name, schema): &Member) -> Problem {
    match schema.as_ref().and_then(example_of) {
        Some(example) => problem.member(*name, example),
        None => problem,
    }
}

fn field(name: &str) -> Header {
    let (kind, example) =
        if name == "retry-after" { (Type::Integer, json!(30)) } else { (Type::String, json!("..")) };
    header(kind, "Sent where it is known.", example)
}

/// `retry-after` → `Retry-After`, as documents write fields.
fn in_title_case(name: &str) -> String {
    let mut starts = true;
    name.chars()
        .map(|c| {
            let c = if starts { c.to_ascii_uppercase() } else { c };
            starts = c == '-';
            c
        })
        .collect()
}
