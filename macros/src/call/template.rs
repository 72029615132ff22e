//! `key = "{tenant}"`: a format string over the function's own bindings, which rustc checks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt;
use syn::parse::Parser;

use crate::args::{Named, quoted, spelling};
use crate::errors::Errors;

/// A template with at least one binding.
pub(super) struct Template {
    text: LitStr,
    /// What stands in braces, with them.
    parts: Vec<String>,
}

const EXAMPLE: &str = "key = \"{tenant}\"";

impl Template {
    pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        let value = named.value(EXAMPLE, errors)?;
        let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
            errors.at(value, no_text(value));
            return None;
        };
        match parts(&text.value()) {
            Ok(parts) => Some(Self { text, parts }),
            Err(why) => {
                errors.at(&text, why);
                None
            }
        }
    }

    /// As it is written.
    pub(super) fn words(&self) -> String {
        self.text.value()
    }

    /// The parts of a key, each a format string of its own where the user's stands.
    pub(super) fn emit(&self) -> TokenStream {
        let parts = self.parts.iter().map(|part| LitStr::new(part, self.text.span()));
        // The user may call a binding anything.
        let key = Ident::new("key", Span::mixed_site());
        quote!(|#key| #key #(.part(::core::format_args!(#parts)))*)
    }
}

fn no_text(value: &TokenStream) -> String {
    let written = spelling(value);
    let why = "a key is a text that names arguments of the function";
    match (quoted(value), written.as_str()) {
        (None, "ip" | "principal") => {
            format!("`{written}` is a key of handlers, which have a request; {why}: write `{EXAMPLE}`")
        }
        (None, "global") => "all calls share one budget anyhow: take `key` away".to_owned(),
        (None, _) if syn::parse2::<Ident>(value.clone()).is_ok() => {
            format!("{why}: write `key = \"{{{written}}}\"`")
        }
        _ => format!("{why}: write `{EXAMPLE}`"),
    }
}

/// What stands in braces, in order; `{{` and `}}` are braces themselves.
fn parts(text: &str) -> Result<Vec<String>, String> {
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
        check_name(inside.split(':').next().unwrap_or_default().trim(), inside)?;
        parts.push(format!("{{{inside}}}"));
        rest = behind;
    }
    if parts.is_empty() {
        return Err(format!(
            "`{text}` is the same for every call, and all calls share one budget without a key: name an argument, as in `{EXAMPLE}`, or take it away"
        ));
    }
    Ok(parts)
}

fn check_name(name: &str, inside: &str) -> Result<(), String> {
    if name.is_empty() || name.chars().all(|c| c.is_ascii_digit()) {
        return Err(format!(
            "`{{{inside}}}` names nothing: a key names the bindings of the function, as in `{EXAMPLE}`"
        ));
    }
    if let Some((binding, field)) = name.split_once('.') {
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
        return Err(format!("`{{{inside}}}` is a field, and a key names bindings: {instead}"));
    }
    // A keyword stands for the raw identifier of that name.
    if Ident::parse_any.parse_str(name).is_ok() {
        Ok(())
    } else {
        Err(format!(
            "`{{{inside}}}` is an expression, and a key names bindings: pass it as an argument and name that, as in `{EXAMPLE}`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_braces_is_a_part_of_its_own() {
        let cases: &[(&str, &[&str])] = &[
            ("{tenant}", &["{tenant}"]),
            ("{a}{b}", &["{a}", "{b}"]),
            ("airport:{iata}/{lang:?}", &["{iata}", "{lang:?}"]),
            ("{{{a}}}", &["{a}"]),
            ("{{}} {self}", &["{self}"]),
            ("{type}", &["{type}"]),
        ];
        for (text, expected) in cases {
            let expected = expected.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(parts(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_rustc_could_not_check_is_refused_with_the_reason() {
        let cases = [
            ("tenant", "the same for every call"),
            ("", "the same for every call"),
            ("{{tenant}}", "the same for every call"),
            ("{}", "names nothing"),
            ("{0}", "names nothing"),
            ("{:?}", "names nothing"),
            ("{tenant", "a brace is missing"),
            ("tenant}", "a brace is missing"),
            ("{a} {", "a brace is missing"),
            ("{tenant.id}", "as in `Type { id, .. }: Type`, and write `{id}`"),
            ("{self.tenant}", "take `tenant` as an argument"),
            ("{tenant()}", "is an expression"),
            ("{a + b}", "is an expression"),
        ];
        for (text, reason) in cases {
            let error = parts(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
