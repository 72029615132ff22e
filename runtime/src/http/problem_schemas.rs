//! One component for each code of an error: problem details with that code, and the members that come with it.

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AllOfBuilder, AnyOfBuilder, ArrayBuilder, Discriminator, Object, ObjectBuilder, OneOfBuilder, Schema,
    SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};

use super::components::{COMPONENTS, known};
use super::problem::Problem;

/// A member of a problem's own, with its schema if that is known.
pub(crate) type Member = (&'static str, Option<RefOr<Schema>>);

/// What the problems of versions have in common: the versions that there are.
pub(crate) fn supported() -> Vec<Member> {
    let names = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)));
    vec![("supported", Some(Schema::Array(names.build()).into()))]
}

/// `airport_not_found` → `AirportNotFoundProblem`: no type of the user's is called so by chance.
pub(crate) fn name_of(code: &str) -> String {
    let words = code.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.map(|word| {
        word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default()
    });
    words.chain(["Problem".to_owned()]).collect()
}

/// A problem with this code. A member that may be `null` is left out then, so nobody can count on it.
pub(crate) fn schema_of(code: &str, members: &[Member]) -> RefOr<Schema> {
    let codes = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([code]));
    let mut own = ObjectBuilder::new().property("code", codes).required("code");
    for (name, schema) in members {
        if schema.as_ref().is_some_and(|schema| !allows_null(schema)) {
            own = own.required(*name);
        }
        own = own.property(*name, schema.clone().unwrap_or_else(anything));
    }
    with_details(own.build())
}

/// The component of a problem; in its place the schema, where the program does not know of it.
pub(super) fn reference(code: &str, members: &[Member]) -> RefOr<Schema> {
    let name = name_of(code);
    let is_known = known().get(&name).is_some_and(|known| code_of(known) == Some(code));
    if is_known { Ref::from_schema_name(name).into() } else { schema_of(code, members) }
}

/// One of several problems, which their codes tell apart.
pub(super) fn one_of(mut problems: Vec<RefOr<Schema>>) -> RefOr<Schema> {
    if problems.len() == 1
        && let Some(only) = problems.pop()
    {
        return only;
    }
    let mapped = |problem: &RefOr<Schema>| match problem {
        RefOr::Ref(reference) => Some((code_of(problem)?.to_owned(), reference.ref_location.clone())),
        RefOr::T(_) => None,
    };
    let mapping: Option<Vec<_>> = problems.iter().map(mapped).collect();
    let one_of = problems.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item);
    let discriminator = mapping.map(|mapping| Discriminator::with_mapping("code", mapping));
    Schema::OneOf(one_of.discriminator(discriminator).build()).into()
}

/// The problems that a schema tells apart, where it is one of ours.
pub(super) fn alternatives(schema: &RefOr<Schema>) -> Option<Vec<RefOr<Schema>>> {
    match schema {
        RefOr::T(Schema::OneOf(several)) if several.items.iter().all(|item| code_of(item).is_some()) => {
            Some(several.items.clone())
        }
        only => code_of(only).map(|_| vec![only.clone()]),
    }
}

/// The code of a problem, where it is one of ours.
pub(super) fn code_of(problem: &RefOr<Schema>) -> Option<&str> {
    let problem = match problem {
        RefOr::Ref(reference) => known().get(reference.ref_location.strip_prefix(COMPONENTS)?)?,
        RefOr::T(_) => problem,
    };
    let RefOr::T(Schema::Object(code)) = own(problem)?.properties.get("code")? else { return None };
    match code.enum_values.as_deref()? {
        [Value::String(code)] => Some(code),
        _ => None,
    }
}

/// What two types say of one code. Only what both have is always there.
pub(super) fn united(one: RefOr<Schema>, other: &RefOr<Schema>) -> RefOr<Schema> {
    let (Some(first), Some(second)) = (own(&one), own(other)) else { return one };
    if code_of(&one) != code_of(other) {
        return one;
    }
    let mut united = first.clone();
    united.required.retain(|name| second.required.contains(name));
    for (name, schema) in &second.properties {
        let schema = match united.properties.get(name) {
            Some(known) => either(known, schema),
            None => schema.clone(),
        };
        united.properties.insert(name.clone(), schema);
    }
    with_details(united)
}

fn either(one: &RefOr<Schema>, other: &RefOr<Schema>) -> RefOr<Schema> {
    let mut schemas = match one {
        RefOr::T(Schema::AnyOf(any)) => any.items.clone(),
        one => vec![one.clone()],
    };
    if one == other || schemas.contains(other) {
        return one.clone();
    }
    schemas.push(other.clone());
    Schema::AnyOf(schemas.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item).build()).into()
}

fn with_details(own: Object) -> RefOr<Schema> {
    Schema::AllOf(AllOfBuilder::new().item(details()).item(own).build()).into()
}

fn details() -> Ref {
    Ref::from_schema_name(<Problem as ToSchema>::name())
}

/// What a schema of ours says besides the members that all problems have.
fn own(schema: &RefOr<Schema>) -> Option<&Object> {
    let RefOr::T(Schema::AllOf(all)) = schema else { return None };
    match all.items.as_slice() {
        [RefOr::Ref(general), RefOr::T(Schema::Object(own))] if *general == details() => Some(own),
        _ => None,
    }
}

fn anything() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue).into()
}

/// A value that a schema shows: of itself, of one of its alternatives, or put together from all of its members.
pub(crate) fn example_of(schema: &RefOr<Schema>) -> Option<Value> {
    shown(&serde_json::to_value(schema).ok()?)
}

fn shown(schema: &Value) -> Option<Value> {
    let given = schema
        .get("example")
        .or_else(|| schema.get("examples")?.get(0))
        .or_else(|| schema.get("enum")?.get(0));
    let alternatives = ["oneOf", "anyOf"].iter().find_map(|word| schema.get(word)?.as_array());
    let members = || {
        let members = schema.get("properties")?.as_object()?.iter();
        members.map(|(name, schema)| Some((name.clone(), shown(schema)?))).collect()
    };
    given.cloned().or_else(|| alternatives?.iter().find_map(shown)).or_else(members)
}

fn allows_null(schema: &RefOr<Schema>) -> bool {
    serde_json::to_value(schema).is_ok_and(|schema| says_null(&schema))
}

fn says_null(schema: &Value) -> bool {
    let any =
        |member: &str| schema.get(member).and_then(Value::as_array).map(|items| items.iter().any(says_null));
    match schema.get("type") {
        Some(Value::String(one)) => one == "null",
        Some(Value::Array(several)) => several.iter().any(|one| one == "null"),
        _ => any("oneOf").or_else(|| any("anyOf")).unwrap_or_else(|| {
            // Whatever may be anything may be `null`.
            !["$ref", "allOf", "enum", "const"].iter().any(|word| schema.get(word).is_some())
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(value: Value) -> RefOr<Schema> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn components_are_named_by_codes() {
        assert_eq!(name_of("airport_not_found"), "AirportNotFoundProblem");
        assert_eq!(name_of("x"), "XProblem");
        assert_eq!(name_of("a__b.c-d\u{fc}"), "ABCDProblem");
    }

    #[test]
    fn null_is_found_wherever_it_may_be_said() {
        for value in [
            json!({ "type": "null" }),
            json!({ "type": ["string", "null"] }),
            json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/A" }] }),
            json!({}),
        ] {
            assert!(says_null(&value), "{value}");
        }
        for value in [json!({ "type": "string" }), json!({ "$ref": "#/components/schemas/A" })] {
            assert!(!says_null(&value), "{value}");
        }
    }

    #[test]
    fn an_example_is_had_from_the_schema_or_not_at_all() {
        let text = json!({ "type": "string", "examples": ["CDG"] });
        for (value, example) in [
            (text.clone(), json!("CDG")),
            (json!({ "type": "integer", "example": 7 }), json!(7)),
            (json!({ "type": "string", "enum": ["grass"] }), json!("grass")),
            (json!({ "oneOf": [{ "type": "null" }, text] }), json!("CDG")),
            (json!({ "type": "object", "properties": { "iata": text } }), json!({ "iata": "CDG" })),
        ] {
            assert_eq!(example_of(&schema(value)), Some(example));
        }
        let half = json!({ "type": "object", "properties": { "iata": text, "name": { "type": "string" } } });
        assert_eq!(example_of(&schema(half)), None);
        assert_eq!(example_of(&schema(json!({ "type": "string" }))), None);
    }

    #[test]
    fn what_two_types_say_of_one_code_is_one_schema() {
        let text = || Some(schema(json!({ "type": "string" })));
        let number = || Some(schema(json!({ "type": "integer" })));
        let one = schema_of("seat_taken", &[("seat", text()), ("row", text())]);
        let other = schema_of("seat_taken", &[("seat", number()), ("deck", text())]);
        let both = united(united(one.clone(), &other), &other);
        let own = serde_json::to_value(own(&both).unwrap()).unwrap();
        assert_eq!(own["required"], json!(["code", "seat"]));
        assert_eq!(
            own["properties"]["seat"],
            json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] })
        );
        assert!(own["properties"]["row"].is_object() && own["properties"]["deck"].is_object());
        assert!(united(one.clone(), &schema_of("row_taken", &[])) == one);
        let nothing = || schema(json!({ "type": "null" }));
        assert!(united(nothing(), &one) == nothing());
    }
}
