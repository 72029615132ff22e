//! What `derive(Paginate)` declares, for all shapes of items.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and helpers have none

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use tollgate::pages::{FieldSpec, PageFieldType, PageStyle};
use tollgate::{PageField, PageValue, Paginate};

/// In capitals, however it is asked for.
#[derive(Clone, Debug)]
struct Code(String);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Code {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        (text.len() == 2).then(|| Self(text.to_uppercase())).ok_or(())
    }
}

#[derive(Paginate)]
#[paginate(key = iata, sort(name, elevation, iata), filter(country, r#type, elevation))]
#[paginate(style = offset, default_per_page = 50, max_per_page = 500, max_offset = 10_000)]
struct Airport {
    #[paginate(column = "airports.iata_code", cast = "char(3)")]
    iata: String,
    name: &'static str,
    elevation: Option<i32>,
    #[paginate(text, rename = "country-code")]
    country: Option<Code>,
    r#type: u8,
    #[allow(dead_code)]
    runways: Vec<String>,
}

fn airport() -> Airport {
    let country = Some(Code("FR".to_owned()));
    Airport {
        iata: "CDG".to_owned(),
        name: "Roissy",
        elevation: Some(119),
        country,
        r#type: 1,
        runways: Vec::new(),
    }
}

fn text(text: &str) -> PageValue<'_> {
    PageValue::Text(text.into())
}

#[test]
fn it_declares_sizes_and_style() {
    let paging = Airport::PAGING;
    assert_eq!((paging.name(), paging.page_style()), ("Airport", PageStyle::Offset));
    assert_eq!(
        (paging.default_per_page(), paging.max_per_page(), paging.largest_offset()),
        (50, 500, 10_000)
    );
    assert_eq!(paging.fields()[paging.key()].name(), "iata");
}

#[test]
fn the_key_comes_first_then_what_is_sorted_by_then_what_is_filtered_by_alone() {
    let said = |field: &FieldSpec| {
        (field.name(), field.column(), field.is_sortable(), field.is_filterable(), field.is_nullable())
    };
    let fields: Vec<_> = Airport::PAGING.fields().iter().map(said).collect();
    assert_eq!(
        fields,
        [
            ("iata", "airports.iata_code", true, false, false),
            ("name", "name", true, false, false),
            ("elevation", "elevation", true, true, true),
            ("country-code", "country", false, true, true),
            ("type", "type", false, true, false),
        ]
    );
    assert_eq!(Airport::PAGING.fields()[0].cast_to(), Some("char(3)"));
    assert_eq!(Airport::PAGING.fields()[4].field_type(), PageFieldType::Integer { min: 0, max: 255 });
}

#[test]
fn values_are_those_of_the_fields() {
    let airport = airport();
    let values: Vec<_> = (0..6).map(|place| airport.field(place)).collect();
    let expected =
        [text("CDG"), text("Roissy"), PageValue::Int(119), text("FR"), PageValue::Int(1), PageValue::Null];
    assert_eq!(values, expected);
    let nowhere = Airport { country: None, elevation: None, ..airport };
    assert_eq!((nowhere.field(2), nowhere.field(3)), (PageValue::Null, PageValue::Null));
}

#[test]
fn filters_are_read_as_their_fields_are_and_nothing_else_is() {
    for (place, asked, expected) in [
        (2, "-5", Some(PageValue::Int(-5))),
        (2, "high", None),
        (3, "fr", Some(text("FR"))),
        (3, "France", None),
        (4, "256", None),
        (0, "CDG", None),
        (1, "Roissy", None),
        (9, "", None),
    ] {
        assert_eq!(Airport::parse(place, asked), expected, "{place} {asked}");
    }
}

#[derive(Paginate)]
#[paginate(key = id, max_per_page = 10)]
struct Note {
    id: u64,
}

#[test]
fn by_default_pages_are_numbered_and_have_20_rows_of_100() {
    #[derive(Paginate)]
    #[paginate(key = id)]
    struct Local {
        id: char,
    }
    let paging = Local::PAGING;
    assert_eq!(
        (paging.page_style(), paging.default_per_page(), paging.max_per_page()),
        (PageStyle::Page, 20, 100)
    );
    assert_eq!(paging.largest_offset(), 100_000);
    assert_eq!((Note::PAGING.default_per_page(), Note::PAGING.max_per_page()), (10, 10));
    assert_eq!((Local { id: 'a' }.field(0), Note { id: 7 }.field(0)), (text("a"), PageValue::Int(7)));
}

#[derive(Paginate)]
#[paginate(key = id, sort(value), filter(word), style = cursor)]
struct Row<'a, K: PageField, T, const LENGTH: usize>
where
    T: fmt::Debug,
{
    id: K,
    value: Option<T>,
    #[paginate(text)]
    word: T,
    #[allow(dead_code)]
    rest: [&'a str; LENGTH],
}

#[test]
fn an_item_may_have_parameters() {
    let row = Row { id: 7_u8, value: None, word: 'x', rest: ["a", "b"] };
    assert_eq!([row.field(0), row.field(1), row.field(2)], [PageValue::Int(7), PageValue::Null, text("x")]);
    assert_eq!(Row::<'_, u8, char, 2>::parse(2, "y"), Some(text("y")));
    assert_eq!(Row::<'_, u8, char, 2>::PAGING.page_style(), PageStyle::Cursor);
}

/// Names as serde writes them.
#[derive(Serialize, Paginate)]
#[paginate(key = row_id, sort(how_much, how_far, how_old), filter(how_long, from))]
#[serde(rename_all = "camelCase")]
struct Trip {
    row_id: u8,
    how_much: u8,
    #[serde(rename = "distance")]
    how_far: u8,
    #[serde(rename(serialize = "age", deserialize = "years"))]
    #[paginate(rename = "years_of_age")]
    how_old: u8,
    #[cfg_attr(all(), serde(rename = "duration"))]
    #[paginate(column = "trips.minutes")]
    how_long: u8,
    #[serde(rename(deserialize = "origin"))]
    from: u8,
}

#[test]
fn clients_sort_by_the_names_that_they_read_and_databases_by_those_of_the_fields() {
    let trip = Trip { row_id: 1, how_much: 2, how_far: 3, how_old: 4, how_long: 5, from: 6 };
    let row = serde_json::to_value(&trip).unwrap();
    let fields = Trip::PAGING.fields();
    let names: Vec<_> = fields.iter().map(|field| (field.name(), field.column())).collect();
    assert_eq!(
        names,
        [
            ("rowId", "row_id"),
            ("howMuch", "how_much"),
            ("distance", "how_far"),
            ("years_of_age", "how_old"),
            ("duration", "trips.minutes"),
            ("from", "from"),
        ]
    );
    for (place, field) in fields.iter().enumerate().filter(|(_, field)| field.name() != "years_of_age") {
        assert_eq!(trip.field(place), PageValue::Int(row[field.name()].as_u64().unwrap().into()));
    }
}

/// Each rule of serde, beside what it writes.
macro_rules! rules {
    ($($rule:literal $item:ident)*) => {
        $(
            #[derive(Serialize, Paginate)]
            #[paginate(key = how_much, sort(iata2, a_b_c, trailing_))]
            #[serde(rename_all = $rule)]
            struct $item { how_much: u8, iata2: u8, a_b_c: u8, trailing_: u8 }
        )*

        #[test]
        fn every_rule_of_serde_is_followed() {
            $(
                let item = $item { how_much: 0, iata2: 1, a_b_c: 2, trailing_: 3 };
                let row = serde_json::to_value(&item).unwrap();
                for (place, field) in $item::PAGING.fields().iter().enumerate() {
                    assert_eq!(row[field.name()], place, "{} {}", $rule, field.name());
                }
            )*
        }
    };
}

rules! {
    "lowercase" Lower
    "UPPERCASE" Upper
    "PascalCase" Pascal
    "camelCase" Camel
    "snake_case" Snake
    "SCREAMING_SNAKE_CASE" ScreamingSnake
    "kebab-case" Kebab
    "SCREAMING-KEBAB-CASE" ScreamingKebab
}

macro_rules! items {
    ($($name:ident { $key:ident: $kind:ty, $self_:ident: $other:ty })*) => {
        $(
            #[derive(Paginate)]
            #[paginate(key = $key, sort($self_), filter($self_))]
            struct $name {
                $key: $kind,
                #[paginate(text)]
                $self_: Option<$other>,
            }
        )*
    };
}

items! {
    First { text: String, place: u16 }
    Second { place: i8, text: Code }
}

#[test]
fn a_macro_may_write_several_items() {
    let first = First { text: "a".to_owned(), place: Some(7) };
    assert_eq!((first.field(0), first.field(1)), (text("a"), text("7")));
    let second = Second { place: -1, text: None };
    assert_eq!((second.field(0), second.field(1)), (PageValue::Int(-1), PageValue::Null));
    assert_eq!((First::parse(1, "7"), Second::parse(1, "x")), (Some(text("7")), None));
}

mod facade {
    pub(crate) use tollgate as gate;
}

#[derive(facade::gate::Paginate)]
#[paginate(key = id, crate = facade::gate)]
struct Elsewhere {
    id: bool,
}

#[test]
fn the_runtime_may_be_another_crates() {
    assert_eq!(Elsewhere { id: true }.field(0), PageValue::Bool(true));
}
