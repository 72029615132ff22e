//! What the extractors take, as documents show it: bodies and parameters, where nobody wrote them.

use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, RefOr, Required};

use super::components::{Schemas, schema_of};

/// An extractor of whose data everything is known.
pub trait DocumentedInput {
    /// Documents what it takes. What the user wrote stays.
    fn describe(operation: &mut Operation);

    /// Adds the components that this refers to.
    fn add_schemas(_: &mut Schemas) {}
}

/// What may be absent.
impl<A: DocumentedInput> DocumentedInput for Option<A> {
    fn describe(operation: &mut Operation) {
        let is_written = operation.request_body.is_some();
        let written = operation.parameters.as_ref().map_or(0, Vec::len);
        A::describe(operation);
        if let Some(RefOr::T(body)) = operation.request_body.as_mut().filter(|_| !is_written) {
            body.required = Some(Required::False);
        }
        for parameter in operation.parameters.iter_mut().flatten().skip(written) {
            if let RefOr::T(parameter) = parameter {
                parameter.required = Required::False;
            }
        }
    }

    fn add_schemas(schemas: &mut Schemas) {
        A::add_schemas(schemas);
    }
}

/// Documents a body of one media type, unless there is one.
pub(crate) fn add_body<T: ToSchema>(media_type: &str, operation: &mut Operation) {
    operation.request_body.get_or_insert_with(|| {
        let content = ContentBuilder::new().schema(Some(schema_of::<T>())).build();
        RequestBodyBuilder::new().content(media_type, content).required(Some(Required::True)).build().into()
    });
}

/// Documents parameters that are not there.
pub(crate) fn add_parameters(parameters: Vec<Parameter>, operation: &mut Operation) {
    let written = operation.parameters.get_or_insert_default();
    for parameter in parameters {
        if !written.iter().any(|other| is_same(other, &parameter)) {
            written.push(parameter.into());
        }
    }
}

fn is_same(written: &RefOr<Parameter>, parameter: &Parameter) -> bool {
    let identity = |parameter: &Parameter| (parameter.name.clone(), parameter.parameter_in.clone());
    matches!(written, RefOr::T(written) if identity(written) == identity(parameter))
}
