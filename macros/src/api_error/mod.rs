//! `derive(ApiError)`: how each variant of an error is answered, `#[api_error(status = 404, code = "not_found")]`.

mod emit;
mod kind;
mod sent;
mod status;
mod unnamed;
mod vocabulary;

use proc_macro2::Ident;
use syn::{Attribute, Data, DeriveInput, Fields as SynFields};

pub(crate) use self::emit::stand_in;
use self::kind::Kind;
use self::vocabulary::{ENUM, STRUCT, VARIANT};
use crate::args::{Arguments, Vocabulary, root_of};
use crate::data::{Fields, helper_tokens, helpers};
use crate::derive::Derive;
use crate::errors::Errors;

/// A type of errors, valid by construction.
pub(crate) struct Model<'a> {
    input: &'a DeriveInput,
    cases: Vec<Case<'a>>,
}

/// A variant, or a struct as a whole.
struct Case<'a> {
    variant: Option<&'a Ident>,
    fields: Fields<'a>,
    answer: Answer,
}

enum Answer {
    Kind(Box<Kind>),
    /// As the field at that place answers.
    Transparent(usize),
}

const ATTRIBUTE: &str = Derive::ApiError.attribute();

impl<'a> Model<'a> {
    pub(crate) fn parse(input: &'a DeriveInput, errors: &Errors) -> Option<Self> {
        let cases = match &input.data {
            Data::Enum(data) => {
                check_enum(&input.attrs, errors);
                let cases = data.variants.iter().map(|variant| {
                    let name = &variant.ident;
                    Case::parse(Some(name), name, &variant.fields, &variant.attrs, &VARIANT, errors)
                });
                cases.collect::<Vec<_>>()
            }
            Data::Struct(data) => {
                vec![Case::parse(None, &input.ident, &data.fields, &input.attrs, &STRUCT, errors)]
            }
            Data::Union(data) => {
                errors.at(
                    data.union_token,
                    "an error is an `enum` or a `struct`: a `union` has no text to show",
                );
                return None;
            }
        };
        let count = cases.len();
        let cases: Vec<_> = cases.into_iter().flatten().collect();
        check_codes(&cases, errors);
        (cases.len() == count).then_some(Self { input, cases })
    }
}

impl<'a> Case<'a> {
    fn parse(
        variant: Option<&'a Ident>,
        owner: &'a Ident,
        fields: &'a SynFields,
        attrs: &[Attribute],
        vocabulary: &Vocabulary,
        errors: &Errors,
    ) -> Option<Self> {
        let own = Errors::new();
        let fields = Fields::of(owner, fields);
        check_fields(&fields, &own);
        let mut arguments = Arguments::parse(helper_tokens(attrs, ATTRIBUTE), vocabulary, &own);
        unnamed::report(&arguments.take_positional().unwrap_or_default(), &own);
        take_root(&mut arguments, &own);
        let answer = match arguments.take("transparent") {
            Some(named) => transparent(&named.key, &arguments, &fields, &own)
                .filter(|_| named.flag(&own))
                .map(Answer::Transparent),
            None => {
                Kind::parse(&mut arguments, &fields, attrs, &own).map(|kind| Answer::Kind(Box::new(kind)))
            }
        };
        errors.absorb(&own);
        Some(Self { variant, fields, answer: answer? })
    }
}

/// The one field that answers instead.
fn transparent(word: &Ident, rest: &Arguments, fields: &Fields<'_>, errors: &Errors) -> Option<usize> {
    let owner = fields.owner;
    for key in rest.rest() {
        errors.at(
            key,
            format!("`transparent` leaves everything to the field of `{owner}`: take `{key}` away, or `transparent`"),
        );
    }
    match fields.all.len() {
        1 => return Some(0),
        0 => errors.at(
            word,
            format!("`{owner}` has no field that could answer: write `{owner}(#[from] Inner)`, or a status and a code"),
        ),
        count => errors.at(
            word,
            format!("`transparent` needs exactly one field, which answers, and `{owner}` has {count}: write a status and a code"),
        ),
    }
    None
}

/// What stands above an enum is for all variants.
fn check_enum(attrs: &[Attribute], errors: &Errors) {
    let mut arguments = Arguments::parse(helper_tokens(attrs, ATTRIBUTE), &ENUM, errors);
    take_root(&mut arguments, errors);
}

/// It was read already, and may be wrong.
fn take_root(arguments: &mut Arguments, errors: &Errors) {
    if let Some(root) = arguments.take("crate") {
        let _ = root.path("crate = my_facade::tollgate", errors);
    }
}

/// Nothing stands on a field.
fn check_fields(fields: &Fields<'_>, errors: &Errors) {
    for field in &fields.all {
        for attribute in helpers(field.attrs, ATTRIBUTE) {
            let (owner, name) = (fields.owner, field.name());
            let extension = if field.is_named() { name.clone() } else { format!("name = {name}") };
            errors.at(
                attribute,
                format!("`api_error` stands above `{owner}`, and names its fields there: write `extension({extension})`, or `headers(name = {name})`"),
            );
        }
    }
}

/// A code tells one kind from all others.
fn check_codes(cases: &[Case<'_>], errors: &Errors) {
    let mut seen: Vec<(String, &Ident)> = Vec::new();
    for case in cases {
        let Answer::Kind(kind) = &case.answer else { continue };
        let (code, owner) = (kind.code.value(), case.fields.owner);
        match seen.iter().find(|(other, _)| *other == code) {
            Some((_, other)) => errors.at(
                &kind.code,
                format!(
                    "`{code}` is the code of `{other}` already: write another, such as `{}`",
                    free_code(owner, &code)
                ),
            ),
            None => seen.push((code, owner)),
        }
    }
}

/// A code after the name of the variant, where that is another.
fn free_code(owner: &Ident, taken: &str) -> String {
    let code = crate::data::snake(&owner.to_string());
    if code == taken { format!("other_{code}") } else { code }
}

/// The `crate = path` that stands above the type.
pub(crate) fn root(input: &DeriveInput) -> Option<syn::Path> {
    root_of(&helper_tokens(&input.attrs, ATTRIBUTE))
}
