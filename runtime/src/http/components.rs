//! The component schemas that operations refer to: what a type brings along, and which of all that the program knows a document
//! needs.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Components, OpenApi, Ref, RefOr};

use super::problem_schemas::united;
use super::{kinds, problem_schemas};
use crate::core::ErrorKind;

/// Schemas by the names of their components.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// Adds the component schemas that an error or a handler refers to.
pub type MemberSchemas = fn(&mut Schemas);

/// Those of all errors and handlers in the program, collected by the linker.
#[linkme::distributed_slice]
pub static MEMBER_SCHEMAS: [MemberSchemas];

/// Where a reference finds components.
pub(super) const COMPONENTS: &str = "#/components/schemas/";

/// All components that the program knows. What several types say of one code is one schema.
pub(crate) fn known() -> &'static BTreeMap<String, RefOr<Schema>> {
    static KNOWN: OnceLock<BTreeMap<String, RefOr<Schema>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let (mut all, mut known) = (Schemas::new(), BTreeMap::new());
        all.extend(
            kinds::ALL.iter().map(|kind| (problem_schemas::name_of(kind.code()), schema_of_kind(kind))),
        );
        MEMBER_SCHEMAS.iter().for_each(|schemas| schemas(&mut all));
        for (name, schema) in all {
            let schema = match known.remove(&name) {
                Some(first) => united(first, &schema),
                None => schema,
            };
            known.insert(name, schema);
        }
        known
    })
}

fn schema_of_kind(kind: &ErrorKind) -> RefOr<Schema> {
    let is_of_versions = kinds::OF_VERSIONS.iter().any(|of_versions| of_versions.code() == kind.code());
    let members = if is_of_versions { problem_schemas::supported() } else { Vec::new() };
    problem_schemas::schema_of(kind.code(), &members)
}

/// The name of a type's component. What belongs to nobody's crate has none, and what is generic neither: utoipa names it by what
/// stands in the source.
pub(crate) fn name_of<T: ToSchema>() -> Option<String> {
    let name = type_name::<T>();
    let is_plain = name.contains("::") && !name.contains(['<', '[', '(', '&', '*', ' ']);
    let is_foreign = ["core::", "alloc::", "std::"].iter().any(|library| name.starts_with(library));
    (is_plain && !is_foreign).then(|| T::name().into_owned())
}

/// A reference to a type's component, or its schema where it has none.
pub(crate) fn schema_of<T: ToSchema>() -> RefOr<Schema> {
    name_of::<T>().map_or_else(T::schema, |name| Ref::from_schema_name(name).into())
}

/// Adds a type's component, and those that it refers to.
pub(crate) fn add<T: ToSchema>(schemas: &mut Schemas) {
    schemas.extend(name_of::<T>().map(|name| (name, T::schema())));
    T::schemas(schemas);
}

/// Adds the components that an operation refers to and nobody has added.
pub(crate) fn add_named(operation: &Operation, schemas: &mut Schemas) {
    let Ok(root) = serde_json::to_value(operation) else { return };
    let of_name = |name: &str| {
        let given = schemas.iter().find(|(given, _)| given == name).map(|(_, schema)| schema);
        serde_json::to_value(given.or_else(|| known().get(name))?).ok()
    };
    let mut named = named(&root, of_name);
    named.retain(|name| !schemas.iter().any(|(given, _)| given == name));
    let missing = named.into_iter().filter_map(|name| Some((known().get(&name)?.clone(), name)));
    schemas.extend(missing.map(|(schema, name)| (name, schema)));
}

/// Adds the components that a document refers to and does not have.
pub(crate) fn add_missing(document: &mut OpenApi) {
    let Ok(root) = serde_json::to_value(&*document) else { return };
    let all = named(&root, |name| serde_json::to_value(known().get(name)?).ok());
    let components = document.components.get_or_insert_with(Components::new);
    for name in all {
        if let Some(schema) = known().get(&name) {
            components.schemas.entry(name).or_insert_with(|| schema.clone());
        }
    }
}

/// Takes the component schemas off that the operations of a document do not refer to.
pub(crate) fn prune(document: &mut OpenApi) {
    let named = named_in(document);
    if let Some(components) = &mut document.components {
        components.schemas.retain(|name, _| named.contains(name));
    }
}

/// The names of the components that the operations of a document refer to, be it through others.
pub(super) fn named_in(document: &OpenApi) -> BTreeSet<String> {
    let Ok(mut root) = serde_json::to_value(document) else { return BTreeSet::new() };
    let schemas = root.pointer_mut("/components/schemas").map(Value::take).unwrap_or_default();
    named(&root, |name| schemas.get(name).cloned())
}

/// The names of the components that are referred to, be it by another component.
pub(super) fn named(root: &Value, schema: impl Fn(&str) -> Option<Value>) -> BTreeSet<String> {
    let (mut found, mut named) = (Vec::new(), BTreeSet::new());
    references(root, &mut found);
    while let Some(name) = found.pop() {
        if !named.contains(&name) {
            if let Some(schema) = schema(&name) {
                references(&schema, &mut found);
            }
            named.insert(name);
        }
    }
    named
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            found.extend(
                reference.and_then(|reference| reference.strip_prefix(COMPONENTS)).map(str::to_owned),
            );
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
