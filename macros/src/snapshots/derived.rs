//! What the derives expand to.

use syn::DeriveInput;

use super::{review, thin};
use crate::corridor;
use crate::derive::Derive;

expansions! {
    version_every_option: r#"
/// The versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
#[version(crate = my_facade::tollgate)]
pub enum Version {
    #[version("v1", deprecated = "2026-01-01", sunset = "2026-12-31", link = "https://example.com/v1", gone)]
    V1,
    #[version("v2", default)]
    r#V2,
    #[version("v3-preview", preview)]
    V3,
}
"#

    version_required: r#"
#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
#[version(required)]
enum Version {
    #[version("2026-08-06")]
    First,
}
"#

    version_wrong: r#"
#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v2")]
    V2,
    #[version("v1", sunset = "soon")]
    V1,
}
"#

    api_error_enum: r#"
/// What can go wrong with airports.
#[derive(Debug, thiserror::Error, ApiError)]
pub enum AirportError {
    /// There is no such airport.
    ///
    /// It may have been closed.
    #[error("there is no airport {iata}")]
    #[api_error(status = 404, code = "airport_not_found", extension(iata, asked = at))]
    NotFound { iata: Iata, at: Timestamp },
    #[error("{{full}}: try again after {after:?}")]
    #[api_error(status = 503, code = "busy", expose, log = warn, headers(retry_after = after, "X-After" = after), extension(after))]
    Busy { after: Duration },
    #[error("the runway is {0} m long")]
    #[api_error(status = 409, title = "Too short", code = "short", type = "https://example.com/short", extension(length = 0))]
    Short(u32, u32),
    #[error("closed")]
    #[api_error(status = 410, code = "closed", log = off)]
    #[deprecated]
    Closed,
    #[error(transparent)]
    #[api_error(transparent)]
    Store(#[from] store::Error),
}
"#

    api_error_struct: r#"
#[derive(Debug, thiserror::Error, ApiError)]
#[error("{r#type} is gone")]
#[api_error(status = 410, code = "gone", extension(what = r#type), crate = my_facade::tollgate)]
#[api_error(title = "Gone")]
struct Gone {
    r#type: String,
}
"#

    api_error_transparent_struct: "
#[derive(Debug, thiserror::Error, ApiError)]
#[error(transparent)]
#[api_error(transparent)]
struct Wrapped(AirportError);
"

    api_error_generic: r#"
#[derive(Debug, thiserror::Error, ApiError)]
pub enum Failure<'a, E: ApiError + 'static, T = String, const N: usize = 3>
where
    T: Debug,
{
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(what, name), headers(x_what = what))]
    One { what: Vec<T>, name: &'a str, bytes: [u8; N] },
    #[error(transparent)]
    #[api_error(transparent)]
    Other(E),
}
"#

    api_error_empty: "
#[derive(Debug, thiserror::Error, ApiError)]
enum Never {}
"

    api_error_wrong: r#"
#[derive(Debug, thiserror::Error, ApiError)]
enum Failure<E> {
    #[error("one")]
    #[api_error(status = 200, code = "one")]
    One(E),
    #[error("two")]
    Two,
}
"#

    paginate_key_alone: "
#[derive(Paginate)]
#[paginate(key = id)]
pub struct Note {
    id: u64,
    text: String,
}
"

    paginate_every_option: r#"
#[derive(Paginate)]
#[paginate(key = iata, sort(name, elevation, iata), filter(country, r#type, elevation), crate = my_facade::tollgate)]
#[paginate(default_per_page = 50, max_per_page = 500, max_offset = 10_000, style = offset)]
pub(crate) struct Airport {
    #[paginate(text, column = "airports.iata_code")]
    iata: Iata,
    name: String,
    elevation: Option<i32>,
    #[paginate(text, rename = "country-code", cast = "char(2)")]
    country: Option<Country>,
    r#type: Kind,
    runways: Vec<Runway>,
}
"#

    paginate_names_of_serde: r#"
#[derive(serde::Serialize, Paginate)]
#[paginate(key = id, sort(how_much, how_far), filter(how_old))]
#[serde(rename_all = "camelCase")]
struct Trip {
    id: u64,
    how_much: u32,
    #[serde(rename(serialize = "distance"))]
    how_far: u32,
    #[serde(rename = "age")]
    #[paginate(rename = "years", column = "trips.age")]
    how_old: u8,
}
"#

    paginate_generic: "
#[derive(Paginate)]
#[paginate(key = id, sort(value), filter(text), style = cursor)]
struct Row<'a, K: PageField, T> {
    id: K,
    value: Option<T>,
    #[paginate(text)]
    text: T,
    name: &'a str,
}
"

    paginate_wrong: "
#[derive(Paginate)]
#[paginate(key = iata, style = pages)]
struct Airport {
    id: u64,
}
"
}

#[test]
fn expansions_name_what_they_may_and_decide_nothing() {
    for source in CASES {
        let found = thin::faults(source, &expand(source));
        assert!(found.is_empty(), "{found:#?} in the expansion of {source}");
    }
}

/// Expands the derive of ours that stands on the item, as the compiler would.
fn expand(source: &str) -> String {
    let item: DeriveInput = syn::parse_str(source).unwrap();
    let kinds = [Derive::ApiError, Derive::ApiVersion, Derive::Paginate];
    let kind = kinds.into_iter().find(|kind| source.contains(&format!("{})]", kind.name()))).unwrap();
    let expanded = corridor::derive(kind, quote::quote!(#item));
    prettyplease::unparse(&syn::parse2(expanded).unwrap())
}
