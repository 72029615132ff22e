//! The `OpenAPI` document of an example: its operations, and whether all its references lead somewhere.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use super::wire::Connection;
use crate::{failure::Failure, json::Value};

/// The one of the newest version.
pub(super) const NEWEST: &str = "/openapi.json";
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A document as it was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document(pub(super) Value);

/// What the document says in one place: operation and status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answer {
    /// As schemathesis names it: `GET /airports`.
    pub(super) operation: String,
    pub(super) status: String,
}

impl Document {
    pub(super) fn fetch(address: SocketAddr, path: &str) -> Result<Self, Failure> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: contract\r\nconnection: close\r\n\r\n");
        let answer = Connection::open(address).and_then(|mut wire| wire.ask(request.as_bytes(), false));
        let answer = answer.map_err(|error| Failure::broken(format!("GET {path}: {error}")))?;
        match answer {
            Some(answer) if answer.status == 200 => {
                Value::parse(&answer.text()).map(Self).map_err(Failure::broken)
            }
            other => Err(Failure::broken(format!("GET {path}: {other:?}"))),
        }
    }

    /// The names of its schemas.
    pub(super) fn schemas(&self) -> BTreeSet<String> {
        let schemas = self.0.member("components").and_then(|components| components.member("schemas"));
        schemas.into_iter().flat_map(Value::members).map(|(name, _)| name.clone()).collect()
    }

    /// All operations, as schemathesis names them.
    pub(super) fn operations(&self) -> BTreeSet<String> {
        self.each_operation().map(|(path, method, _)| label(method, path)).collect()
    }

    /// All answers that have a body, with their places.
    pub(super) fn answers_with_content(&self) -> Vec<Answer> {
        let operations = self.each_operation();
        let answers = operations.flat_map(|(path, method, operation)| {
            let responses = operation.member("responses").into_iter().flat_map(Value::members);
            let told = responses.filter(|(_, response)| self.resolved(response).member("content").is_some());
            told.map(move |(status, _)| Answer { operation: label(method, path), status: status.clone() })
        });
        answers.collect()
    }

    /// The responses of an operation, to be changed.
    pub(super) fn responses_mut(&mut self, operation: &str) -> Option<&mut Value> {
        let (method, path) = operation.split_once(' ')?;
        self.0.below_mut(&["paths", path, &method.to_ascii_lowercase(), "responses"])
    }

    /// The same document, where that answer is no reference to one that others have, too.
    pub(super) fn inlined(&self, Answer { operation, status }: &Answer) -> Option<Self> {
        let mut document = self.clone();
        let response = document.responses_mut(operation)?.below_mut(&[status])?;
        *response = self.resolved(response).clone();
        Some(document)
    }

    fn each_operation(&self) -> impl Iterator<Item = (&String, &String, &Value)> {
        let paths = self.0.member("paths").into_iter().flat_map(Value::members);
        paths.flat_map(|(path, item)| {
            let operations = item.members().filter(|(method, _)| METHODS.contains(&method.as_str()));
            operations.map(move |(method, operation)| (path, method, operation))
        })
    }

    /// Fails if a reference leads nowhere, or if nothing that is served leads to a component. Gives their number.
    pub(super) fn check_components(&self) -> Result<usize, Failure> {
        let found = self.follow();
        let all: BTreeSet<String> = self.components().collect();
        let nowhere: Vec<_> =
            found.nowhere.iter().map(|pointer| format!("nothing is at {pointer}")).collect();
        let unnamed = all.iter().filter(|pointer| !found.leads_to(pointer));
        let unnamed = unnamed.map(|pointer| format!("nothing leads to {pointer}"));
        let complaints: Vec<_> = nowhere.into_iter().chain(unnamed).collect();
        if complaints.is_empty() { Ok(all.len()) } else { Err(Failure::broken(complaints.join("\n"))) }
    }

    /// The places of all components: `#/components/schemas/Airport`.
    fn components(&self) -> impl Iterator<Item = String> {
        let kinds = self.0.member("components").into_iter().flat_map(Value::members);
        let kinds = kinds.filter(|(kind, _)| !kind.starts_with("x-"));
        kinds.flat_map(|(kind, components)| components.members().map(move |(name, _)| component(kind, name)))
    }

    /// Follows every reference, beginning with all that is no component. What only a dead component leads to is dead.
    fn follow(&self) -> Found {
        let mut found = Found::default();
        let mut served = self.0.clone();
        if let Value::Object(members) = &mut served {
            members.remove("components");
        }
        let mut open = vec![&served];
        while let Some(value) = open.pop() {
            for pointer in references(value) {
                if found.reached.contains(&pointer) || found.nowhere.contains(&pointer) {
                    continue;
                }
                if let Some(target) = self.target(&pointer) {
                    open.push(target);
                    found.reached.insert(pointer);
                } else {
                    found.nowhere.insert(pointer);
                }
            }
        }
        found
    }

    /// Itself, or what it refers to.
    pub(super) fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value.member("$ref").and_then(Value::text).and_then(|pointer| self.target(pointer));
        target.unwrap_or(value)
    }

    /// What is at a JSON pointer into this document (RFC 6901); nothing where it points elsewhere.
    fn target(&self, pointer: &str) -> Option<&Value> {
        let names =
            pointer.strip_prefix("#/")?.split('/').map(|name| name.replace("~1", "/").replace("~0", "~"));
        names.into_iter().try_fold(&self.0, |value, name| match value {
            Value::List(items) => items.get(name.parse::<usize>().ok()?),
            value => value.member(&name),
        })
    }
}

/// Where the references of a document lead to.
#[derive(Debug, Default)]
struct Found {
    reached: BTreeSet<String>,
    nowhere: BTreeSet<String>,
}

impl Found {
    /// To it, or to something in it.
    fn leads_to(&self, pointer: &str) -> bool {
        let inner = format!("{pointer}/");
        self.reached.contains(pointer) || self.reached.iter().any(|reached| reached.starts_with(&inner))
    }
}

fn label(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_ascii_uppercase())
}

fn component(kind: &str, name: &str) -> String {
    format!("#/components/{kind}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// All references in a value: `$ref`, what a discriminator maps to, and security schemes, which go by their names.
fn references(value: &Value) -> Vec<String> {
    let (mut pointers, mut open) = (Vec::new(), vec![value]);
    while let Some(value) = open.pop() {
        open.extend(value.items());
        for (name, value) in value.members() {
            match (name.as_str(), value) {
                ("$ref", Value::Text(pointer)) => pointers.push(pointer.clone()),
                ("mapping", Value::Object(mapping)) => {
                    let mapped = mapping.values().filter_map(Value::text);
                    pointers.extend(mapped.filter(|text| text.starts_with('#')).map(str::to_owned));
                }
                ("security", Value::List(needed)) => {
                    let schemes = needed.iter().flat_map(Value::members);
                    pointers.extend(schemes.map(|(name, _)| component("securitySchemes", name)));
                }
                _ => open.push(value),
            }
        }
    }
    pointers
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A document with a list and a change of it.
    pub(crate) fn sample() -> Document {
        let text = r##"{
            "paths": {"/a/{id}": {
                "parameters": [],
                "get": {"responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                    "304": {}
                }},
                "patch": {
                    "security": [{"key": []}],
                    "responses": {"404": {"$ref": "#/components/responses/NotFound"}}
                }
            }},
            "components": {
                "schemas": {"A": {"properties": {"b": {"$ref": "#/components/schemas/B~1C"}}}, "B/C": {}},
                "responses": {"NotFound": {}},
                "securitySchemes": {"key": {}}
            }
        }"##;
        Document(Value::parse(text).unwrap())
    }

    fn with(place: &[&str], text: &str) -> Document {
        with_in(sample(), place, text)
    }

    fn with_in(mut document: Document, place: &[&str], text: &str) -> Document {
        let (name, path) = place.split_last().unwrap();
        let Some(Value::Object(members)) = document.0.below_mut(path) else { panic!("{path:?}") };
        members.insert((*name).to_owned(), Value::parse(text).unwrap());
        document
    }

    fn complaint(document: &Document) -> String {
        document.check_components().unwrap_err().message().unwrap().to_owned()
    }

    #[test]
    fn operations_go_by_method_and_path() {
        assert_eq!(Vec::from_iter(sample().operations()), ["GET /a/{id}", "PATCH /a/{id}"]);
    }

    #[test]
    fn answers_with_a_body_are_found() {
        let answer = Answer { operation: "GET /a/{id}".to_owned(), status: "200".to_owned() };
        assert_eq!(sample().answers_with_content(), [answer]);
    }

    #[test]
    fn what_leads_somewhere_passes() {
        assert_eq!(sample().check_components().unwrap(), 4);
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_named() {
        let document = with(&["paths", "/b"], r##"{"get": {"$ref": "#/components/schemas/Absent"}}"##);
        assert_eq!(complaint(&document), "nothing is at #/components/schemas/Absent");
        let document = with(&["paths", "/b"], r#"{"get": {"$ref": "other.json"}}"#);
        assert_eq!(complaint(&document), "nothing is at other.json");
        let document = with(&["security"], r#"[{"token": []}]"#);
        assert_eq!(complaint(&document), "nothing is at #/components/securitySchemes/token");
    }

    #[test]
    fn a_component_that_only_names_itself_is_named() {
        let document = with(&["components", "schemas", "Dead"], r##"{"$ref": "#/components/schemas/Dead"}"##);
        assert_eq!(complaint(&document), "nothing leads to #/components/schemas/Dead");
    }

    #[test]
    fn a_component_is_also_named_by_what_leads_into_it_and_by_a_discriminator() {
        let inner = with(&["components", "schemas", "D"], r#"{"properties": {"e": {}}}"#);
        let inner = with_in(inner, &["paths", "/b"], r##"{"$ref": "#/components/schemas/D/properties/e"}"##);
        assert!(inner.check_components().is_ok());
        let mapped = with(&["components", "schemas", "D"], "{}");
        let mapped = with_in(
            mapped,
            &["paths", "/b"],
            r##"{"discriminator": {"mapping": {"d": "#/components/schemas/D"}}}"##,
        );
        assert!(mapped.check_components().is_ok());
    }
}
