//! `derive(Paginate)`: by what an item is sorted and filtered, and how large its pages are,
//! `#[paginate(key = iata, sort(name), filter(country))]`.

mod emit;
mod fields;
mod serde_names;
mod vocabulary;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Data, DeriveInput, LitInt};

pub(crate) use self::emit::stand_in;
use self::fields::Paged;
use self::serde_names::Case;
use self::vocabulary::ITEM;
use crate::args::{Arguments, Named, root_of};
use crate::data::{Fields, helper_tokens};
use crate::derive::Derive;
use crate::errors::Errors;

/// An item of pages, valid by construction.
pub(crate) struct Model<'a> {
    input: &'a DeriveInput,
    fields: Fields<'a>,
    paged: Vec<Paged>,
    style: Style,
    sizes: Option<(u32, u32)>,
    max_offset: Option<u64>,
}

/// How pages are asked for.
#[derive(Clone, Copy)]
enum Style {
    Page,
    Offset,
    Cursor,
}

const STYLES: &[(&str, Style)] =
    &[("page", Style::Page), ("offset", Style::Offset), ("cursor", Style::Cursor)];

const ATTRIBUTE: &str = Derive::Paginate.attribute();

/// The rows of a page where nothing else is said, and the most that may be asked for.
const DEFAULT: u32 = 20;
const MAX: u32 = 100;

impl<'a> Model<'a> {
    pub(crate) fn parse(input: &'a DeriveInput, errors: &Errors) -> Option<Self> {
        let fields = fields_of(input, errors)?;
        let mut arguments = Arguments::parse(helper_tokens(&input.attrs, ATTRIBUTE), &ITEM, errors);
        if let Some(root) = arguments.take("crate") {
            let _ = root.path("crate = my_facade::tollgate", errors);
        }
        let paged = fields::parse(&mut arguments, &fields, Case::of(&input.attrs), errors);
        let style =
            arguments.take("style").and_then(|named| named.word(STYLES, errors)).unwrap_or(Style::Page);
        let (default, max) = (arguments.take("default_per_page"), arguments.take("max_per_page"));
        let sizes = sizes(default.as_ref(), max.as_ref(), errors);
        let max_offset = arguments.take("max_offset").and_then(|named| max_offset(&named, style, errors));
        Some(Self { input, fields, paged: paged?, style, sizes, max_offset })
    }
}

/// The fields of a struct that has names for them.
fn fields_of<'a>(input: &'a DeriveInput, errors: &Errors) -> Option<Fields<'a>> {
    const NAMED: &str = "an item of pages is a `struct` with named fields, by which clients sort and filter";
    let (tokens, message): (TokenStream, _) = match &input.data {
        Data::Struct(data) if matches!(data.fields, syn::Fields::Named(_)) => {
            return Some(Fields::of(&input.ident, &data.fields));
        }
        Data::Struct(data) => {
            let written = data.fields.to_token_stream();
            let tokens = if written.is_empty() { input.ident.to_token_stream() } else { written };
            (tokens, format!("{NAMED}: give them names"))
        }
        Data::Enum(data) => {
            (data.enum_token.to_token_stream(), format!("{NAMED}: put this `enum` into a field of one"))
        }
        Data::Union(data) => (data.union_token.to_token_stream(), format!("{NAMED}: make this `union` one")),
    };
    errors.at(tokens, message);
    None
}

/// The default is no more than the maximum, whichever of them is written.
fn sizes(default: Option<&Named>, max: Option<&Named>, errors: &Errors) -> Option<(u32, u32)> {
    let most = max.and_then(|named| named.positive("max_per_page = 100", errors));
    let usual = default.and_then(|named| named.positive("default_per_page = 20", errors));
    if (max.is_some() && most.is_none())
        || (default.is_some() && usual.is_none())
        || (most, usual) == (None, None)
    {
        return None;
    }
    let max = most.unwrap_or(MAX);
    if let (true, Some(named)) = (usual.is_some_and(|usual| usual > max), default) {
        let whose = if most.is_some() { "" } else { " unless `max_per_page` says more" };
        errors.at(&named.value, format!("a page has at most {max} rows{whose}, and so no more than that by default: lower this, or raise `max_per_page`"));
    }
    Some((usual.unwrap_or(DEFAULT.min(max)), max))
}

/// How many rows may be skipped; pages by cursor skip none.
fn max_offset(named: &Named, style: Style, errors: &Errors) -> Option<u64> {
    const EXAMPLE: &str = "max_offset = 100_000";
    if matches!(style, Style::Cursor) {
        errors.at(&named.key, "pages by cursor skip no rows: take `max_offset` away");
    }
    let value = named.value(EXAMPLE, errors)?;
    let rows =
        syn::parse2::<LitInt>(value.clone()).ok().and_then(|literal| literal.base10_parse::<u64>().ok());
    if rows.is_none() {
        errors.at(value, format!("`max_offset` is a whole number of rows, written out: write `{EXAMPLE}`"));
    }
    rows
}

/// The `crate = path` that stands above the type.
pub(crate) fn root(input: &DeriveInput) -> Option<syn::Path> {
    root_of(&helper_tokens(&input.attrs, ATTRIBUTE))
}
