//! `"airport:{iata}"`: a format string over the function's own bindings, which rustc checks.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt;
use syn::parse::Parser;

use crate::errors::Errors;

/// What a template is, where something is wrong with it.
pub(crate) struct Wording {
    /// `a key`
    pub(crate) noun: &'static str,
    /// `key = "{tenant}"`
    pub(crate) example: &'static str,
}

/// A format string that names bindings, or none.
pub(crate) struct Template {
    text: LitStr,
    parts: Vec<Part>,
}

/// What stands in braces.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    /// With its braces.
    whole: String,
    /// The bindings that it names: its own, and those of its width and precision.
    names: Vec<String>,
}

impl Template {
    pub(crate) fn parse(text: LitStr, wording: &Wording, errors: &Errors) -> Option<Self> {
        match parts(&text.value(), wording) {
            Ok(parts) => Some(Self { text, parts }),
            Err(why) => {
                errors.at(&text, why);
                None
            }
        }
    }

    /// As it is written.
    pub(crate) const fn text(&self) -> &LitStr {
        &self.text
    }

    /// What it says.
    pub(crate) fn words(&self) -> String {
        self.text.value()
    }

    /// Whether it names nothing, and is the same always.
    pub(crate) fn is_constant(&self) -> bool {
        self.parts.is_empty()
    }

    /// The bindings that it names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| part.names.iter().map(String::as_str))
    }

    /// The first part whose width or precision is a binding, which cannot be one that is borrowed.
    pub(crate) fn measured_by_a_binding(&self) -> Option<&str> {
        self.parts.iter().find(|part| part.names.len() > 1).map(|part| part.whole.as_str())
    }

    /// All of it, as `format_args!`.
    pub(crate) fn emit(&self) -> TokenStream {
        let text = &self.text;
        quote!(::core::format_args!(#text))
    }

    /// Each of its parts, as a format string of its own that stands where the user's does.
    pub(crate) fn emit_parts(&self) -> impl Iterator<Item = TokenStream> {
        self.parts.iter().map(|part| {
            let part = LitStr::new(&part.whole, self.text.span());
            quote!(::core::format_args!(#part))
        })
    }
}

/// What stands in braces, in order; `{{` and `}}` are braces themselves.
fn parts(text: &str, wording: &Wording) -> Result<Vec<Part>, String> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(place) = rest.find(['{', '}']) {
        let (brace, behind) = (&rest[place..=place], &rest[place + 1..]);
        if let Some(behind) = behind.strip_prefix(brace) {
            rest = behind;
            continue;
        }
        let (true, Some((inside, behind))) = (brace == "{", behind.split_once('}')) else {
            return Err(format!(
                "a brace is missing in `{text}`: what stands in `{{` and `}}` is the name of a binding, and `{{{{` is a brace"
            ));
        };
        let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
        check_name(name.trim(), inside, wording)?;
        let names = [name.trim().to_owned()].into_iter().chain(names_in(spec)).collect();
        parts.push(Part { whole: format!("{{{inside}}}"), names });
        rest = behind;
    }
    Ok(parts)
}

/// The bindings of a width or a precision: `{name:>width$}`.
fn names_in(spec: &str) -> Vec<String> {
    let mut pieces: Vec<_> = spec.split('$').collect();
    pieces.pop();
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let name = |piece: &&str| piece.rsplit(|c| !is_letter(c)).next().unwrap_or_default().to_owned();
    // A zero in front fills with zeros, and a number alone is a place.
    let names =
        pieces.iter().map(name).map(|name| name.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

fn check_name(name: &str, inside: &str, wording: &Wording) -> Result<(), String> {
    let Wording { noun, example } = wording;
    if name.is_empty() || name.chars().all(|c| c.is_ascii_digit()) {
        return Err(format!(
            "`{{{inside}}}` names nothing: {noun} names the bindings of the function, as in `{example}`"
        ));
    }
    let is_name = |word: &str| Ident::parse_any.parse_str(word).is_ok();
    if let Some((binding, field)) = name.split_once('.').filter(|(_, field)| field.split('.').all(is_name)) {
        let last = field.rsplit('.').next().unwrap_or(field);
        let instead = if binding == "self" {
            format!(
                "take `{last}` as an argument and write `{{{last}}}`, or write `{{self}}` where the type implements `Display`"
            )
        } else {
            format!(
                "take the field out where the argument is named, as in `Type {{ {last}, .. }}: Type`, and write `{{{last}}}`"
            )
        };
        return Err(format!("`{{{inside}}}` is a field, and {noun} names bindings: {instead}"));
    }
    // A keyword stands for the raw identifier of that name.
    if is_name(name) {
        Ok(())
    } else {
        Err(format!(
            "`{{{inside}}}` is an expression, and {noun} names bindings: pass it as an argument and name that, as in `{example}`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Wording = Wording { noun: "a key", example: "key = \"{tenant}\"" };

    #[test]
    fn what_stands_in_braces_is_a_part_of_its_own() {
        let cases: &[(&str, &[&str])] = &[
            ("{tenant}", &["{tenant}"]),
            ("{a}{b}", &["{a}", "{b}"]),
            ("airport:{iata}/{lang:?}", &["{iata}", "{lang:?}"]),
            ("{{{a}}}", &["{a}"]),
            ("{{}} {self}", &["{self}"]),
            ("{type}", &["{type}"]),
            ("airports", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = parts(text, &KEY).unwrap().into_iter().map(|part| part.whole).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn widths_and_precisions_name_bindings_too() {
        let cases: &[(&str, &[&str])] = &[
            ("{a:?}", &["a"]),
            ("{a:>width$}", &["a", "width"]),
            ("{a:0width$.precision$}", &["a", "width", "precision"]),
            ("{a:é<w$.2}", &["a", "w"]),
            ("{a:5.1$}", &["a"]),
        ];
        for (text, expected) in cases {
            let parts = parts(text, &KEY).unwrap();
            let found: Vec<_> = parts.iter().flat_map(|part| &part.names).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn what_rustc_could_not_check_is_refused_with_the_reason() {
        let cases = [
            ("{}", "names nothing"),
            ("{0}", "names nothing"),
            ("{:?}", "names nothing"),
            ("{tenant", "a brace is missing"),
            ("tenant}", "a brace is missing"),
            ("{a} {", "a brace is missing"),
            ("{tenant.id}", "as in `Type { id, .. }: Type`, and write `{id}`"),
            ("{self.tenant}", "take `tenant` as an argument"),
            ("{tenant()}", "is an expression"),
            ("{tenant.len()}", "is an expression"),
            ("{a + b}", "is an expression"),
        ];
        for (text, reason) in cases {
            let error = parts(text, &KEY).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
