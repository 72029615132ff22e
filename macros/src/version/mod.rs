//! `derive(ApiVersion)`: the versions of an API, `#[version("v1", deprecated = "2026-01-01", sunset = "2026-12-31")]`.

mod emit;
mod number;
mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Data, DataEnum, DeriveInput, LitStr, Path, Variant};

pub(crate) use self::emit::stand_in;
use self::number::{Day, Number};
use self::vocabulary::{ENUM, VARIANT};
use crate::args::{Arguments, Named, root_of, text_literal};
use crate::data::helper_tokens;
use crate::derive::Derive;
use crate::errors::Errors;

const ATTRIBUTE: &str = Derive::ApiVersion.attribute();

/// The versions of an API, valid by construction.
pub(crate) struct Model<'a> {
    input: &'a DeriveInput,
    versions: Vec<Version<'a>>,
    /// The place of the version that a request without one asks for; `None` where it has to say.
    default: Option<usize>,
}

/// One version.
struct Version<'a> {
    variant: &'a Ident,
    name: String,
    deprecated: Option<u64>,
    sunset: Option<u64>,
    link: Option<String>,
    is_gone: bool,
    is_preview: bool,
}

/// One version as it is written.
struct Written<'a> {
    version: Version<'a>,
    number: Number,
    literal: LitStr,
    default: Option<Ident>,
}

impl<'a> Model<'a> {
    pub(crate) fn parse(input: &'a DeriveInput, errors: &Errors) -> Option<Self> {
        let mut arguments = Arguments::parse(helper_tokens(&input.attrs, ATTRIBUTE), &ENUM, errors);
        let _ = arguments.take("crate").map(|root| root.path("crate = my_facade::tollgate", errors));
        let required = arguments.take("required").filter(|named| named.flag(errors));
        let data = enum_of(input, errors)?;
        let written: Vec<_> =
            data.variants.iter().filter_map(|variant| parse_variant(variant, errors)).collect();
        check_order(&written, errors);
        let is_whole = written.len() == data.variants.len();
        let default = default_of(input, &written, required.as_ref(), is_whole, errors);
        Some(Self { input, versions: written.into_iter().map(|written| written.version).collect(), default })
    }
}

/// An enum without parameters that has variants.
fn enum_of<'a>(input: &'a DeriveInput, errors: &Errors) -> Option<&'a DataEnum> {
    const ENUM: &str = "the versions of an API are an `enum` with a variant for each";
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, format!("{ENUM}, and nothing else varies: take the parameters away"));
        return None;
    }
    match &input.data {
        Data::Enum(data) if !data.variants.is_empty() => return Some(data),
        Data::Enum(_) => {
            errors.at(&input.ident, format!("{ENUM}: write `#[version(\"v1\", default)] V1`"));
        }
        Data::Struct(data) => errors.at(data.struct_token, format!("{ENUM}: make this `struct` one")),
        Data::Union(data) => errors.at(data.union_token, format!("{ENUM}: make this `union` one")),
    }
    None
}

fn parse_variant<'a>(variant: &'a Variant, errors: &Errors) -> Option<Written<'a>> {
    if !variant.fields.is_empty() {
        errors.at(&variant.fields, "a version is a name and holds nothing: take the fields away");
    }
    let mut arguments = Arguments::parse(helper_tokens(&variant.attrs, ATTRIBUTE), &VARIANT, errors);
    let (deprecated, sunset) = (arguments.take("deprecated"), arguments.take("sunset"));
    let (gone, preview, default) =
        (arguments.take("gone"), arguments.take("preview"), arguments.take("default"));
    let link = arguments.take("link").and_then(|named| link_of(&named, errors));
    let days = days_of(deprecated.as_ref(), sunset.as_ref(), errors);
    for flag in [&gone, &preview, &default].into_iter().flatten() {
        let _ = flag.flag(errors);
    }
    if let (Some(gone), None) = (&gone, &sunset) {
        errors.at(
            &gone.key,
            "a version is gone after its sunset, and this one has none: add `sunset = \"2026-12-31\"`",
        );
    }
    if let (Some(preview), Some(default)) = (&preview, &default) {
        let _ = preview;
        errors.at(&default.key, "a preview may change at any time, and is for those who ask for it: make another version the `default`");
    }
    let (literal, number) = name_of(variant, &mut arguments, errors)?;
    let (deprecated, sunset) = days?;
    let version = Version {
        variant: &variant.ident,
        name: literal.value(),
        deprecated,
        sunset,
        link,
        is_gone: gone.is_some(),
        is_preview: preview.is_some(),
    };
    Some(Written { version, number, literal, default: default.map(|named| named.key) })
}

/// What stands first: the name, which is a version.
fn name_of(variant: &Variant, arguments: &mut Arguments, errors: &Errors) -> Option<(LitStr, Number)> {
    const WHAT: &str = "a version is `v2`, `2.1`, `2026-08-06`, or one of these with a status: `v3-preview`";
    let example = format!("#[version(\"{}\")]", example_of(&variant.ident));
    let mut unnamed = arguments.take_positional()?.into_iter();
    let Some(first) = unnamed.next() else {
        if !arguments.is_misunderstood() {
            errors.at(
                &variant.ident,
                format!("this version has no name that clients write: put `{example}` above it"),
            );
        }
        return None;
    };
    for further in unnamed {
        errors.at(further, "a version has one name: keep one");
    }
    let literal =
        text_literal(&first, errors, |_| format!("the name of a version is a text: write `{example}`"))?;
    let number = Number::parse(&literal.value());
    if number.is_none() {
        errors.at(&literal, format!("`{}` is no version: {WHAT}", literal.value().escape_debug()));
    }
    Some((literal, number?))
}

/// What a variant called `V2` could be called by clients.
fn example_of(variant: &Ident) -> String {
    let word = variant.to_string().to_lowercase();
    if Number::parse(&word).is_some() { word } else { "v1".to_owned() }
}

/// The first seconds of both days; `None` where one is wrong, which has been reported.
fn days_of(
    deprecated: Option<&Named>,
    sunset: Option<&Named>,
    errors: &Errors,
) -> Option<(Option<u64>, Option<u64>)> {
    let deprecation = second_of(deprecated, "deprecated = \"2026-01-01\"", errors)?;
    let end = second_of(sunset, "sunset = \"2026-12-31\"", errors)?;
    if let (Some(from), Some(until), Some(named)) = (deprecation, end, sunset)
        && until < from
    {
        errors.at(&named.value, "the sunset comes before the version is deprecated (RFC 9745, section 4): give a later day, or deprecate it earlier");
        return None;
    }
    Some((deprecation, end))
}

#[allow(clippy::option_option, reason = "nothing stands there, and something wrong does")]
fn second_of(named: Option<&Named>, example: &str, errors: &Errors) -> Option<Option<u64>> {
    let Some(named) = named else { return Some(None) };
    let text = named.text(example, errors)?;
    let second = Day::parse(text.value().trim()).and_then(Day::second);
    if second.is_none() {
        errors
            .at(&text, format!("`{}` is no day since 1970: write `{example}`", text.value().escape_debug()));
    }
    second.map(Some)
}

fn link_of(named: &Named, errors: &Errors) -> Option<String> {
    const EXAMPLE: &str = "link = \"https://example.com/v1\"";
    let text = named.text(EXAMPLE, errors)?;
    let link = text.value();
    let begins = ["https://", "http://", "/"].iter().any(|front| link.starts_with(front));
    let is_plain = link.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"'));
    if !begins || !is_plain {
        errors.at(
            &text,
            format!("`link` is the URI of a page that explains it, percent-encoded: write `{EXAMPLE}`"),
        );
        return None;
    }
    Some(link)
}

/// Oldest first, each newer than the one before, and all of one kind.
fn check_order(written: &[Written<'_>], errors: &Errors) {
    for pair in written.windows(2) {
        let [older, newer] = pair else { continue };
        let (one, other) = (&older.version.name, &newer.version.name);
        if older.number.is_dated() != newer.number.is_dated() {
            errors.at(
                &newer.literal,
                format!("`{one}` and `{other}` cannot be compared: name all versions by days, or none"),
            );
        } else if older.number.compared(&newer.number).is_eq() {
            errors.at(&newer.literal, format!("`{other}` is the same version as `{one}`: keep one"));
        } else if older.number.compared(&newer.number).is_gt() {
            errors.at(
                &newer.literal,
                format!("`{other}` is older than `{one}`: versions stand in their order, the oldest first"),
            );
        }
    }
}

/// The place of the default; `None` where a request has to say.
fn default_of(
    input: &DeriveInput,
    written: &[Written<'_>],
    required: Option<&Named>,
    is_whole: bool,
    errors: &Errors,
) -> Option<usize> {
    let defaults = written.iter().enumerate().filter_map(|(place, one)| Some((place, one.default.as_ref()?)));
    let defaults: Vec<_> = defaults.collect();
    match (defaults.as_slice(), required) {
        ([], None) if is_whole => errors.at(
            &input.ident,
            "what does a request ask for that says no version? Write `default` on a version, as in `#[version(\"v1\", default)]`, or \
             `#[version(required)]` above the enum",
        ),
        ([(_, default), ..], Some(_)) => errors.at(
            default,
            "every request has to say its version, because the enum is `required`: take one of the two away",
        ),
        ([_, further @ ..], None) => {
            for (_, default) in further {
                errors.at(default, "there is one default, and an earlier version is that: keep one");
            }
        }
        ([], _) => {}
    }
    defaults.first().map(|(place, _)| *place)
}

/// The `crate = path` that stands above the type.
pub(crate) fn root(input: &DeriveInput) -> Option<Path> {
    root_of(&helper_tokens(&input.attrs, ATTRIBUTE))
}

/// The names of the variants of what may be an enum.
fn variants_of(input: &DeriveInput) -> Vec<TokenStream> {
    match &input.data {
        Data::Enum(data) => data.variants.iter().map(|variant| variant.ident.to_token_stream()).collect(),
        Data::Struct(_) | Data::Union(_) => Vec::new(),
    }
}
