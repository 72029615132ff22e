//! What the extractors take, and what they answer when they refuse, as documents show it.

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::{IntoParams, ToSchema};

use super::body::{Media, too_large};
use super::fault::Fault;
use super::invalid::Source;
use super::json::malformed_example;
use super::{Form, Json, Path, Query, body};
use crate::core::ErrorKind;
use crate::http::answers::{ArgumentAnswer, ArgumentAnswers};
use crate::http::components::{self, Schemas};
use crate::http::input::{DocumentedInput, add_body, add_parameters};
use crate::http::kinds;
use crate::http::openapi::header;

impl<T> ArgumentAnswers for Json<T> {
    fn answers() -> Vec<ArgumentAnswer> {
        of_body(Media::Json, Source::Json, malformed_example())
    }
}

impl<T> ArgumentAnswers for Form<T> {
    fn answers() -> Vec<ArgumentAnswer> {
        of_body(Media::Form, Source::Form, body::malformed("the form is not UTF-8"))
    }
}

impl<T> ArgumentAnswers for Query<T> {
    fn answers() -> Vec<ArgumentAnswer> {
        vec![invalid(Source::Query, "page")]
    }
}

impl<T> ArgumentAnswers for Path<T> {
    fn answers() -> Vec<ArgumentAnswer> {
        vec![invalid(Source::Path, "id")]
    }
}

/// Those of the extractor within: what is not valid is answered with the same code as what could not be taken.
#[cfg(feature = "garde")]
impl<E: ArgumentAnswers> ArgumentAnswers for super::Valid<E> {
    fn answers() -> Vec<ArgumentAnswer> {
        E::answers()
    }

    fn describe(operation: &mut Operation) {
        E::describe(operation);
    }
}

impl<T: ToSchema> DocumentedInput for Json<T> {
    fn describe(operation: &mut Operation) {
        add_body::<T>(Media::Json.name(), operation);
    }

    fn add_schemas(schemas: &mut Schemas) {
        components::add::<T>(schemas);
    }
}

impl<T: ToSchema> DocumentedInput for Form<T> {
    fn describe(operation: &mut Operation) {
        add_body::<T>(Media::Form.name(), operation);
    }

    fn add_schemas(schemas: &mut Schemas) {
        components::add::<T>(schemas);
    }
}

impl<T: IntoParams> DocumentedInput for Query<T> {
    fn describe(operation: &mut Operation) {
        add_parameters(T::into_params(|| Some(ParameterIn::Query)), operation);
    }
}

#[cfg(feature = "garde")]
impl<E: DocumentedInput> DocumentedInput for super::Valid<E> {
    fn describe(operation: &mut Operation) {
        E::describe(operation);
    }

    fn add_schemas(schemas: &mut Schemas) {
        E::add_schemas(schemas);
    }
}

fn of_body(media: Media, source: Source, malformed: crate::Problem) -> Vec<ArgumentAnswer> {
    let accept = header(Type::String, "The media type that is read here (RFC 9110).", media.name());
    vec![
        ArgumentAnswer::new(kinds::MALFORMED_BODY, malformed),
        ArgumentAnswer::new(kinds::PAYLOAD_TOO_LARGE, too_large()),
        ArgumentAnswer::new(kinds::UNSUPPORTED_MEDIA_TYPE, media.example()).header("Accept", accept),
        invalid(source, "age"),
    ]
}

/// A field of another type, which every one of these can have.
fn invalid(source: Source, name: &str) -> ArgumentAnswer {
    let kind: &ErrorKind = source.kind();
    let fault = Fault::read("invalid value: text, expected u8");
    ArgumentAnswer::new(*kind, source.refuse(&[name.to_owned()], fault))
}
