//! Versions in OpenAPI documents: one document for each, with its operations and what these refer to.

use serde_json::{Value, json};
use utoipa::openapi::extensions::{Extensions, ExtensionsBuilder};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Deprecated, OpenApi, RefOr, Required, Server};

use super::policy::Versioned;
use super::refusal;
use super::scheme::{Scheme, shown};
use crate::core::{Chosen, ErrorKind, PolicyEntry, Site, VersionInfo, VersionTable};
use crate::http::answers::add_problems;
use crate::http::dates;
use crate::http::documented::DocumentedProblem;
use crate::http::kinds::{
    AMBIGUOUS_VERSION, MALFORMED_VERSION, UNSUPPORTED_VERSION, VERSION_GONE, VERSION_REQUIRED,
};
use crate::http::openapi::{header, operations_where, site_of};
use crate::http::problem_schemas::supported;

/// The operations of an item's handlers, each with its site and its versions.
#[derive(Clone, Debug)]
pub struct MemberOperation {
    /// The site of the handler.
    pub site: &'static Site,
    /// What it answers.
    pub versioned: Option<&'static Versioned>,
    /// Its operation.
    pub operation: fn() -> Operation,
    /// What the operation of the item is called, where that of the handler was not given a name.
    pub name: &'static str,
}

/// An older version that is answered by conversion.
#[derive(Clone, Copy, Debug)]
pub struct ConvertedOperation {
    /// The place of the version.
    pub place: usize,
    /// The place of the newest that is: that below the version whose handler answers.
    pub newest: usize,
    /// Puts the bodies of that version into the operation of the handler.
    pub describe: fn(&mut Operation),
}

/// What an item of `versions!` answers.
#[derive(Clone, Debug)]
pub struct ItemOperations {
    /// By its handlers.
    pub members: Vec<MemberOperation>,
    /// By conversion.
    pub converted: Vec<ConvertedOperation>,
}

/// The operations of every item of `versions!` in the program, collected by the linker.
#[linkme::distributed_slice]
pub static ITEM_OPERATIONS: [fn() -> ItemOperations];

impl ItemOperations {
    /// The operation of one version; `None` where the item does not answer that.
    fn operation(&self, place: usize) -> Option<Operation> {
        let converted = self.converted.iter().find(|converted| converted.place == place);
        let answering = converted.map_or(place, |converted| converted.newest + 1);
        let mut operation = self.members.iter().find(|member| member.answers(answering))?.operation();
        if let Some(converted) = converted {
            (converted.describe)(&mut operation);
        }
        Some(operation)
    }
}

impl MemberOperation {
    /// Its operation, under the name of the item: which handler answers is nobody's business.
    fn operation(&self) -> Operation {
        let mut operation = (self.operation)();
        let own = self.site.origin().function;
        if operation.operation_id.as_deref() == Some(own) {
            operation.operation_id = Some(self.name.to_owned());
        }
        operation
    }

    fn answers(&self, place: usize) -> bool {
        self.versioned.is_some_and(|versioned| versioned.answers(place))
    }
}

/// Of several of one item, the one that answers the newest version.
#[must_use]
pub fn newest(members: &[MemberOperation]) -> Operation {
    let newest = members.iter().max_by_key(|member| member.versioned.map(Versioned::last));
    newest.map(MemberOperation::operation).unwrap_or_default()
}

/// What the first of several says: all handlers of an item answer one path and one method.
pub fn of_first<T: Default, const N: usize>(members: [fn() -> T; N]) -> T {
    members.first().map(|member| member()).unwrap_or_default()
}

/// Makes a document that of one version, of one API: operations that have no such version go, and what they alone referred to.
pub(crate) fn narrow(document: &mut OpenApi, scheme: &Scheme, chosen: Chosen) {
    let items: Vec<_> = ITEM_OPERATIONS.iter().map(|item| item()).collect();
    operations_where(document, |operation| keep(operation, &items, scheme.table(), chosen));
    chosen.name().clone_into(&mut document.info.version);
    if let Some(prefix) = scheme.prefix() {
        document.servers = Some(vec![Server::new(format!("{prefix}/{}", chosen.name()))]);
    }
}

/// Whether the operation is one of that version; that of an item becomes its handler's.
fn keep(
    operation: &mut Operation,
    items: &[ItemOperations],
    table: &'static VersionTable,
    chosen: Chosen,
) -> bool {
    let Some((site, versioned)) = versions_of(operation) else { return true };
    if !std::ptr::eq(versioned.table(), table) {
        return true;
    }
    let is_its = |item: &&ItemOperations| item.members.iter().any(|member| std::ptr::eq(member.site, site));
    let Some(item) = items.iter().find(is_its) else { return versioned.answers(chosen.place()) };
    let Some(of_version) = item.operation(chosen.place()) else { return false };
    let tags = std::mem::replace(operation, of_version).tags;
    operation.tags = tags;
    true
}

/// The site of an operation whose handler says which versions it answers.
fn versions_of(operation: &Operation) -> Option<(&'static Site, &'static Versioned)> {
    let site = site_of(operation, crate::core::Registry::get().sites())?;
    let versioned = site.policies().iter().find_map(PolicyEntry::declared::<Versioned>)?;
    Some((site, versioned))
}

/// Says of every operation with versions how one is asked for, what answers say of it, and what is refused. `chosen`: the version that the
/// document is about, where it is about one.
pub(crate) fn describe(document: &mut OpenApi, scheme: &Scheme, chosen: Option<Chosen>) {
    operations_where(document, |operation| {
        if let Some((_, versioned)) = versions_of(operation)
            && std::ptr::eq(versioned.table(), scheme.table())
        {
            describe_operation(operation, scheme, chosen);
        }
        true
    });
}

fn describe_operation(operation: &mut Operation, scheme: &Scheme, chosen: Option<Chosen>) {
    let info = chosen.and_then(|chosen| chosen.info());
    let parameters = operation.parameters.get_or_insert_default();
    parameters.extend(parameters_of(scheme, info).map(RefOr::from));
    if let Some(info) = info {
        retire(operation, info);
    }
    add_fields(operation, info, scheme.table());
    add_problems(operation, problems(scheme.table(), info));
}

/// Where the version is written.
fn parameters_of(scheme: &Scheme, info: Option<&'static VersionInfo>) -> impl Iterator<Item = Parameter> {
    let parameter = move |name: &str, place: ParameterIn| {
        let is_required = scheme.table().default_place().is_none() && scheme.is_only_one();
        ParameterBuilder::new()
            .name(name)
            .parameter_in(place)
            .required(if is_required { Required::True } else { Required::False })
            .description(Some("The version of the API."))
            .schema(Some(versions(scheme.table(), info)))
            .build()
    };
    let header = scheme.header().map(|name| parameter(shown(name), ParameterIn::Header));
    header.into_iter().chain(scheme.query().map(|name| parameter(name, ParameterIn::Query)))
}

/// The names of all versions, or of one.
fn versions(table: &VersionTable, info: Option<&'static VersionInfo>) -> RefOr<Schema> {
    let names: Vec<_> = match info {
        Some(info) => vec![info.name()],
        None => table.versions().iter().map(VersionInfo::name).collect(),
    };
    let default = table.default_place().and_then(|place| table.versions().get(place)).map(VersionInfo::name);
    let default = default.filter(|default| names.contains(default)).map(Value::from);
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .enum_values(Some(names))
        .default(default)
        .into()
}

/// Says that the version goes, and when.
fn retire(operation: &mut Operation, info: &VersionInfo) {
    if info.deprecated_from().is_some() {
        operation.deprecated = Some(Deprecated::True);
    }
    if let Some(sunset) = info.sunset_at() {
        let sunset = ExtensionsBuilder::new().add("x-sunset", json!(dates::day(sunset))).build();
        operation.extensions.get_or_insert_with(Extensions::default).merge(sunset);
    }
}

/// What answers say of their version.
fn add_fields(operation: &mut Operation, info: Option<&'static VersionInfo>, table: &VersionTable) {
    let any = table.versions().iter();
    let shown = info.or_else(|| any.clone().next_back());
    let is_known = |is: fn(&VersionInfo) -> bool| info.map_or_else(|| any.clone().any(is), is);
    let dated = info.or_else(|| any.clone().find(|version| version.deprecated_from().is_some()));
    let deprecated = dated.and_then(VersionInfo::deprecated_from).map(|second| format!("@{second}"));
    let ended = info.or_else(|| any.clone().find(|version| version.sunset_at().is_some()));
    let sunset = ended
        .and_then(VersionInfo::sunset_at)
        .map(|second| dates::written(i64::try_from(second).unwrap_or(i64::MAX)));
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if !status.starts_with('2') {
            continue;
        }
        let mut add = |name: &str, words: &str, example: &str| {
            response
                .headers
                .entry(name.to_owned())
                .or_insert_with(|| header(Type::String, words, example).into());
        };
        add("API-Version", "The version that answers.", shown.map_or("", VersionInfo::name));
        if is_known(|version| version.deprecated_from().is_some()) {
            add(
                "Deprecation",
                "Since when the version is deprecated (RFC 9745).",
                deprecated.as_deref().unwrap_or_default(),
            );
        }
        if is_known(|version| version.sunset_at().is_some()) {
            let example = sunset.as_ref().and_then(|sunset| sunset.to_str().ok());
            add("Sunset", "When the version goes out of service (RFC 8594).", example.unwrap_or_default());
        }
    }
}

/// What is answered where the version cannot be told, or is out of service.
fn problems(table: &'static VersionTable, info: Option<&'static VersionInfo>) -> Vec<DocumentedProblem> {
    let name = |place: usize| table.versions().get(place).map_or("", VersionInfo::name);
    let mut problems = vec![
        documented(AMBIGUOUS_VERSION, refusal::ambiguous(table, name(0), name(table.count() - 1))),
        documented(MALFORMED_VERSION, refusal::malformed(table, "latest")),
        documented(UNSUPPORTED_VERSION, refusal::unsupported(table, "v0", super::found::Source::Header)),
    ];
    if table.default_place().is_none() {
        problems.push(documented(VERSION_REQUIRED, refusal::required(table, "send `API-Version: ..`")));
    }
    let goes = |version: &VersionInfo| version.gone_from().is_some();
    let place = match info {
        Some(info) => {
            table.versions().iter().position(|version| std::ptr::eq(version, info) && goes(version))
        }
        None => table.versions().iter().position(goes),
    };
    problems
        .extend(place.map(|place| documented(VERSION_GONE, refusal::gone(table, Chosen::new(table, place)))));
    problems
}

fn documented(kind: ErrorKind, refused: refusal::Refused) -> DocumentedProblem {
    DocumentedProblem::new(kind, refused.into_problem()).members(supported())
}
