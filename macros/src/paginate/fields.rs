//! The fields that pages are sorted and filtered by: which, and what clients and databases call them.

use proc_macro2::{Span, TokenStream};
use syn::{GenericArgument, PathArguments, Type};

use super::serde_names::Case;
use super::vocabulary::FIELD;
use crate::args::{Arguments, Named, span_of, split};
use crate::data::{Field, Fields, helper_tokens, helpers, ungrouped};
use crate::derive::Derive;
use crate::errors::Errors;

/// A field as pages see it.
pub(super) struct Paged {
    /// Its place in the struct.
    pub(super) field: usize,
    pub(super) is_key: bool,
    pub(super) sorts: bool,
    pub(super) filters: bool,
    /// Where the user names it.
    pub(super) place: Span,
    pub(super) names: Names,
}

/// What a field says of itself.
#[derive(Default)]
pub(super) struct Names {
    pub(super) name: String,
    pub(super) column: String,
    pub(super) cast: Option<String>,
    pub(super) text: bool,
}

/// The key first, then what is sorted by, then what is filtered by alone; `None` without a key.
pub(super) fn parse(
    arguments: &mut Arguments,
    fields: &Fields<'_>,
    case: Case,
    errors: &Errors,
) -> Option<Vec<Paged>> {
    let key = key(arguments.take("key"), fields, errors);
    let sort = list(arguments.take("sort"), "sort(name, elevation)", fields, errors);
    let filter = list(arguments.take("filter"), "filter(country)", fields, errors);
    let mut paged: Vec<Paged> = Vec::new();
    for &(field, place) in key.iter().chain(&sort).chain(&filter) {
        if !paged.iter().any(|known| known.field == field) {
            let among = |list: &[(usize, Span)]| list.iter().any(|(other, _)| *other == field);
            let is_key = key.is_some_and(|(key, _)| key == field);
            let (sorts, filters) = (among(&sort), among(&filter));
            let names = Names::parse(&fields.all[field], case, errors);
            paged.push(Paged { field, is_key, sorts, filters, place, names });
        }
    }
    check_names(&paged, errors);
    check_idle(&paged, fields, case, errors);
    key.map(|_| paged)
}

fn key(named: Option<Named>, fields: &Fields<'_>, errors: &Errors) -> Option<(usize, Span)> {
    let Some(named) = named else {
        if errors.is_empty() {
            errors.at(fields.owner, no_key(fields));
        }
        return None;
    };
    let example = format!("key = {}", likely_key(fields));
    let value = named.value(&example, errors)?;
    let place = fields.find(value, &format!("write `{example}`"), errors)?;
    let ty = fields.all[place].ty;
    if inner_of_option(ty).is_some() {
        errors.at(ty, "the key tells each row from all others, and an `Option` can be absent from several: make another field the key");
    }
    Some((place, span_of(value)))
}

fn no_key(fields: &Fields<'_>) -> String {
    let (owner, key) = (fields.owner, likely_key(fields));
    format!(
        "say what tells one `{owner}` from all others, so that every order is certain: `#[paginate(key = {key})]`"
    )
}

/// A field that is called like a key, or the first.
fn likely_key(fields: &Fields<'_>) -> String {
    let names: Vec<_> = fields.all.iter().map(Field::name).collect();
    let id = names.iter().find(|name| ["id", "uuid", "key", "slug"].contains(&name.as_str()));
    id.or(names.first()).cloned().unwrap_or_else(|| "id".to_owned())
}

/// The fields of `sort(..)` or `filter(..)`, each once.
fn list(named: Option<Named>, example: &str, fields: &Fields<'_>, errors: &Errors) -> Vec<(usize, Span)> {
    let Some(Named { key, value }) = named else { return Vec::new() };
    let entries = value.map(split).unwrap_or_default();
    if entries.is_empty() {
        errors.at(&key, format!("`{key}` names no field: write `{example}`, or take it away"));
    }
    let mut found: Vec<(usize, Span)> = Vec::new();
    for entry in entries {
        let Some(place) = find(&entry, fields, errors) else { continue };
        if found.iter().any(|(other, _)| *other == place) {
            let name = fields.all[place].name();
            errors.at(&entry, format!("`{name}` stands in `{key}` twice: keep one"));
        } else {
            found.push((place, span_of(&entry)));
        }
    }
    found
}

/// A field by its name; `-name` and `"name"` are what clients and other libraries write.
fn find(entry: &TokenStream, fields: &Fields<'_>, errors: &Errors) -> Option<usize> {
    let text = entry.to_string().to_ascii_lowercase();
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let word = text.trim_start_matches(|c| !is_letter(c)).split(|c| !is_letter(c)).next().unwrap_or_default();
    let directions = ["-", "+"].iter().any(|sign| text.starts_with(sign))
        || text.ends_with("asc")
        || text.ends_with("desc");
    let instead = match word {
        "" => "write its name".to_owned(),
        word if directions => format!("write `{word}`; clients choose the direction"),
        word => format!("write `{word}`"),
    };
    fields.find(entry, &instead, errors)
}

impl Names {
    /// Clients read the names that serde writes, and databases those of the fields, unless it is said otherwise.
    fn parse(field: &Field<'_>, serde: Case, errors: &Errors) -> Self {
        let tokens = helper_tokens(field.attrs, Derive::Paginate.attribute());
        let mut arguments = Arguments::parse(tokens, &FIELD, errors);
        let name =
            arguments.take("rename").and_then(|named| text(&named, "rename = \"iataCode\"", is_name, errors));
        let column = arguments
            .take("column")
            .and_then(|named| text(&named, "column = \"iata_code\"", is_column, errors));
        let cast = arguments.take("cast").and_then(|named| text(&named, "cast = \"uuid\"", is_type, errors));
        let is_text = arguments.take("text").is_some_and(|named| named.flag(errors));
        let name = name.unwrap_or_else(|| serde.name_of(field));
        Self { name, column: column.unwrap_or_else(|| field.name()), cast, text: is_text }
    }
}

/// A text of certain letters, so that it can stand where it is put without being quoted.
fn text(named: &Named, example: &str, fits: impl Fn(&str) -> bool, errors: &Errors) -> Option<String> {
    let literal = named.text(example, errors)?;
    let text = literal.value();
    if fits(&text) {
        return Some(text);
    }
    let what = what_fits(&named.key.to_string());
    errors.at(literal, format!("{text:?} is no {what}: write one such as `{example}`"));
    None
}

fn what_fits(key: &str) -> &'static str {
    match key {
        "rename" => "name of a parameter, which has letters, digits, `_`, `.` and `-`, a letter or `_` first",
        "column" => {
            "name of a column, which has letters, digits and `_`, a letter or `_` first, and may have a table in front"
        }
        _ => "type of a database",
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

fn is_column(text: &str) -> bool {
    text.split('.').all(|part| is_name(part) && !part.contains('-'))
}

/// `uuid`, `timestamp with time zone`, `numeric(10, 2)`, `public.airport_kind`.
fn is_type(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_. (),[]".contains(c))
}

/// The parameters of pages, which no filter may be called.
const RESERVED: &[&str] = &["page", "per_page", "offset", "limit", "cursor", "sort"];

fn check_names(paged: &[Paged], errors: &Errors) {
    for (place, field) in paged.iter().enumerate() {
        let name = &field.names.name;
        if field.filters && RESERVED.contains(&name.as_str()) {
            errors.at_span(
                field.place,
                format!("`{name}` is a parameter of pages already: write `#[paginate(rename = \"..\")]` above the field"),
            );
        }
        if !is_name(name) {
            errors.at_span(
                field.place,
                format!("`{name}` cannot stand in a URI as it is: write `#[paginate(rename = \"..\")]` above the field"),
            );
        }
        if paged.iter().take(place).any(|other| other.names.name == *name) {
            errors.at_span(
                field.place,
                format!("two fields are called `{name}` by clients: rename one of them"),
            );
        }
    }
}

/// What stands on a field that nothing is done with would seem to do something.
fn check_idle(paged: &[Paged], fields: &Fields<'_>, case: Case, errors: &Errors) {
    for (place, field) in fields.all.iter().enumerate() {
        if paged.iter().any(|known| known.field == place) {
            continue;
        }
        for attribute in helpers(field.attrs, Derive::Paginate.attribute()) {
            let (own, name) = (Errors::new(), field.name());
            let _ = Names::parse(field, case, &own);
            if own.is_empty() {
                own.at(
                    attribute,
                    format!("pages are neither sorted nor filtered by `{name}`: name it in `sort({name})` or `filter({name})`, or take this away"),
                );
            }
            errors.absorb(&own);
        }
    }
}

/// `T` of `Option<T>`, as it is written.
pub(super) fn inner_of_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ungrouped(ty) else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match (arguments.args.first()?, arguments.args.len()) {
        (GenericArgument::Type(ty), 1) => Some(ty),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_stand_where_they_are_put() {
        for name in ["iata", "iataCode", "address.city", "iata-code", "_id"] {
            assert!(is_name(name), "{name}");
        }
        for text in ["", "-iata", "1st", "a b", "a,b", "größe", "a&b"] {
            assert!(!is_name(text), "{text:?}");
        }
        for column in ["iata_code", "airports.iata", "public.airports.iata"] {
            assert!(is_column(column), "{column}");
        }
        for text in ["", "a b", "a;b", "a\"b", "a.", ".a", "a-b", "lower(name)"] {
            assert!(!is_column(text), "{text:?}");
        }
        for kind in ["uuid", "timestamp with time zone", "numeric(10, 2)", "text[]"] {
            assert!(is_type(kind), "{kind}");
        }
        for text in ["", "a;b", "a'b", "uuid--", "\"x\""] {
            assert!(!is_type(text), "{text:?}");
        }
    }
}
