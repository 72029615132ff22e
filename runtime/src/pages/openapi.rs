//! Pages in OpenAPI documents: the parameters that ask for one, the page, the refusal.

use std::any::type_name;

use serde_json::{Value, json};
use utoipa::__dev::ComposeSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{ContentBuilder, Header, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{IntoParams, Number, ToSchema};

use super::cursor::MOST_CHARS;
use super::fault::{Fault, invalid_cursor, invalid_pagination};
use super::field::PageFieldType;
use super::page::Page;
use super::page_type::{PAGE_TYPES, PageType};
use super::pagination::Pagination;
use super::paging::{FieldSpec, PageStyle, Paginate, Paging};
use crate::http::Problem;
use crate::http::answers::{ArgumentAnswer, ArgumentAnswers};
use crate::http::components::{self, Schemas};
use crate::http::input::add_parameters;
use crate::http::kinds::{INVALID_CURSOR, INVALID_PAGINATION};
use crate::http::openapi::header;

/// So that an operation can name it: `#[utoipa::path(.., params(Pagination<Airport>))]`. The gate of an annotated function does it
/// by itself.
impl<T: Paginate> IntoParams for Pagination<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters(Self::PAGING)
    }
}

/// The gate of an annotated function documents the parameters, the refusals, and `Link` on what it answers. What the user wrote stays.
impl<T: Paginate> ArgumentAnswers for Pagination<T> {
    fn answers() -> Vec<ArgumentAnswer> {
        let mut answers = vec![ArgumentAnswer::new(INVALID_PAGINATION, refusal(Self::PAGING))];
        if Self::PAGING.page_style() == PageStyle::Cursor {
            answers.push(ArgumentAnswer::new(INVALID_CURSOR, invalid_cursor()));
        }
        answers
    }

    fn describe(operation: &mut Operation) {
        add_parameters(parameters(Self::PAGING), operation);
        add_links(operation, Self::PAGING.page_style(), Self::PAGING.default_per_page());
    }
}

/// A page as an answer, where the user wrote none.
pub(crate) fn add_page<T: ToSchema>(operation: &mut Operation) {
    let inline = || Page::<T>::compose(Vec::new());
    let schema = name_of_page::<T>().map_or_else(inline, |name| Ref::from_schema_name(name).into());
    add_success(operation, schema);
}

/// A page of rows of which nothing is known.
pub(crate) fn add_page_of_anything<T>(operation: &mut Operation) {
    let anything = ObjectBuilder::new().schema_type(SchemaType::AnyValue).into();
    add_success(operation, page_schema(anything, style_of::<T>()));
}

/// The component of a page, and those that it refers to.
pub(crate) fn add_page_schemas<T: ToSchema>(schemas: &mut Schemas) {
    schemas.extend(name_of_page::<T>().map(|name| (name, Page::<T>::compose(Vec::new()))));
    components::add::<T>(schemas);
}

/// As utoipa names it.
fn name_of_page<T: ToSchema>() -> Option<String> {
    components::name_of::<T>().map(|item| format!("{}_{item}", Page::<T>::name()))
}

fn add_success(operation: &mut Operation, schema: RefOr<Schema>) {
    if operation.responses.responses.keys().any(|status| status.starts_with('2')) {
        return;
    }
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new().description("A page.").content("application/json", content);
    operation.responses.responses.insert("200".to_owned(), response.build().into());
}

/// `Link` on every success that lacks it, where nothing is known of how pages are asked for.
pub(crate) fn add_any_links(operation: &mut Operation) {
    add_links(operation, PageStyle::Page, 20);
}

fn add_links(operation: &mut Operation, style: PageStyle, size: u32) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with('2')
        {
            response.headers.entry("Link".to_owned()).or_insert_with(|| link(style, size).into());
        }
    }
}

fn link(style: PageStyle, size: u32) -> Header {
    let query = match style {
        PageStyle::Page => "page=2&per_page",
        PageStyle::Offset => "offset=20&limit",
        PageStyle::Cursor => "cursor=AQ&limit",
    };
    let example = format!("</items?{query}={size}>; rel=\"next\"");
    header(
        Type::String,
        "The links of the body (RFC 8288), unless they are longer than 8 KiB together.",
        example,
    )
}

fn refusal(paging: &Paging) -> Problem {
    let detail = format!("must be a whole number from 1 to {}", paging.max_per_page());
    invalid_pagination(vec![Fault::new(size_name(paging.page_style()), "range", detail)])
}

const fn size_name(style: PageStyle) -> &'static str {
    match style {
        PageStyle::Page => "per_page",
        PageStyle::Offset | PageStyle::Cursor => "limit",
    }
}

fn parameters(paging: &'static Paging) -> Vec<Parameter> {
    let mut parameters = vec![window(paging), size(paging), sort(paging)];
    parameters.extend(paging.fields().iter().filter(|field| field.is_filterable()).map(filter));
    parameters
}

fn parameter(name: &str, description: &str, schema: impl Into<RefOr<Schema>>) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
}

fn integer(min: impl Into<Number>, max: impl Into<Number>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(min)).maximum(Some(max))
}

fn window(paging: &Paging) -> Parameter {
    let most = paging.largest_offset();
    match paging.page_style() {
        PageStyle::Page => {
            let description = format!(
                "The number of the page. No more than {most} rows are skipped, so the last one depends on `per_page`."
            );
            let schema = integer(1_u64, most.saturating_add(1)).default(Some(json!(1)));
            parameter("page", &description, schema).build()
        }
        PageStyle::Offset => {
            let schema = integer(0_u64, most).default(Some(json!(0)));
            parameter("offset", "The rows before the page.", schema).build()
        }
        PageStyle::Cursor => {
            let schema = ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(MOST_CHARS));
            let description = "Where the page begins: taken from a link, never made up. It holds order and filters, which may be \
                               left out with it, and cannot be others.";
            parameter("cursor", description, schema).build()
        }
    }
}

fn size(paging: &Paging) -> Parameter {
    let schema = integer(1_u32, paging.max_per_page()).default(Some(json!(paging.default_per_page())));
    parameter(size_name(paging.page_style()), "The rows that the page has at most.", schema).build()
}

fn sort(paging: &'static Paging) -> Parameter {
    let fields = paging.fields().iter().filter(|field| field.is_sortable()).map(FieldSpec::name);
    let words: Vec<Value> = fields.flat_map(|name| [json!(name), json!(format!("-{name}"))]).collect();
    let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    let list = ArrayBuilder::new().items(word).min_items(Some(1)).unique_items(true);
    let description = format!(
        "The fields to sort by, the most important one first; `-` puts the greatest first. Absent values are last in either \
         direction. `{}` breaks ties.",
        paging.fields()[paging.key()].name()
    );
    parameter("sort", &description, list).style(Some(ParameterStyle::Form)).explode(Some(false)).build()
}

fn filter(field: &FieldSpec) -> Parameter {
    let description = format!("Only rows whose `{}` is this.", field.name());
    parameter(field.name(), &description, value_schema(field.field_type())).build()
}

fn value_schema(kind: PageFieldType) -> ObjectBuilder {
    let schema = ObjectBuilder::new();
    match kind {
        PageFieldType::Integer { min, max } => {
            schema.schema_type(Type::Integer).minimum(Some(number(min))).maximum(Some(number(max)))
        }
        PageFieldType::Number => {
            schema.schema_type(Type::Number).format(Some(SchemaFormat::KnownFormat(KnownFormat::Double)))
        }
        PageFieldType::Boolean => schema.schema_type(Type::Boolean),
        PageFieldType::Text => schema.schema_type(Type::String),
    }
}

/// The bounds of integers that Rust has, and the nearest ones of others.
fn number(bound: i128) -> Number {
    match (i64::try_from(bound), u64::try_from(bound)) {
        (Ok(bound), _) => bound.into(),
        (Err(_), Ok(bound)) => bound.into(),
        (Err(_), Err(_)) if bound < 0 => i64::MIN.into(),
        (Err(_), Err(_)) => u64::MAX.into(),
    }
}

/// So that an operation can name it: `#[utoipa::path(.., responses((status = 200, body = Page<Airport>)))]`.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Page".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        components::add::<T>(schemas);
    }
}

/// This is how utoipa puts the schema of an item into that of a page. An item that is a component is referred to.
impl<T: ToSchema> ComposeSchema for Page<T> {
    fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let given = generics.into_iter().next().filter(|_| components::name_of::<T>().is_none());
        page_schema(given.unwrap_or_else(components::schema_of::<T>), style_of::<T>())
    }
}

fn page_schema(item: RefOr<Schema>, style: Option<PageStyle>) -> RefOr<Schema> {
    let links = ObjectBuilder::new()
        .description(Some("Where the other pages are; those that lead nowhere are absent."));
    ObjectBuilder::new()
        .property("data", ArrayBuilder::new().items(item).description(Some("The rows of the page.")))
        .property("meta", meta(style))
        .property("links", with_links(links))
        .required("data")
        .required("meta")
        .required("links")
        .into()
}

/// How pages of an item are asked for, where the linker knows it. What a page was mapped to says nothing of that.
fn style_of<T>() -> Option<PageStyle> {
    let path = type_name::<T>();
    PAGE_TYPES.iter().find(|item| item.is(path)).map(PageType::style)
}

fn meta(style: Option<PageStyle>) -> RefOr<Schema> {
    if let Some(style) = style {
        return meta_of(style).into();
    }
    let all = [PageStyle::Page, PageStyle::Offset, PageStyle::Cursor].map(meta_of);
    let any = all.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item);
    Schema::AnyOf(any.description(Some("Which page it is, by number, offset or cursor.")).build()).into()
}

fn meta_of(style: PageStyle) -> ObjectBuilder {
    let count = |least: u64, description: &str| {
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).description(Some(description))
    };
    let size = || count(1, "The rows that it has at most.");
    let meta = ObjectBuilder::new().description(Some("Which page it is."));
    match style {
        PageStyle::Page => counted(
            meta.property("page", count(1, "Its number."))
                .required("page")
                .property("per_page", size())
                .required("per_page")
                .property("pages", count(0, "How many pages there are; absent where nobody counted.")),
        ),
        PageStyle::Offset => counted(
            meta.property("offset", count(0, "The rows before it."))
                .required("offset")
                .property("limit", size())
                .required("limit"),
        ),
        PageStyle::Cursor => meta.property("limit", size()).required("limit"),
    }
}

fn counted(meta: ObjectBuilder) -> ObjectBuilder {
    let is_estimate = ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .description(Some("Whether the total is an estimate; absent where it is not."));
    meta.property("total", total()).required("total").property("total_is_estimate", is_estimate)
}

fn total() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Integer, Type::Null]))
        .minimum(Some(0_u64))
        .description(Some("The rows on all pages; `null` where nobody counted."))
}

fn with_links(links: ObjectBuilder) -> ObjectBuilder {
    let all = [
        ("first", "The first page."),
        ("last", "The last page; absent where nobody counted, or it is out of reach."),
        ("next", "The next page; absent on the last one."),
        ("prev", "The page before; absent on the first one."),
        ("self", "This page."),
    ];
    all.into_iter().fold(links, |links, (name, description)| {
        let link = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("uri-reference".to_owned())))
            .description(Some(description));
        links.property(name, link)
    })
}
