//! `role = "editor"` and `any_role = ["reader", "editor"]`.

use proc_macro2::{Delimiter, TokenStream};
use quote::quote;
use syn::{Ident, LitStr};

use super::{is_list, spelled, texts_in};
use crate::args::{Arguments, Named, inside, spelling, split, text_literal};
use crate::errors::Errors;

/// The roles of which a principal has to have one.
pub(super) enum Roles {
    One(String),
    Any(Vec<String>),
}

const ONE: &str = "role = \"editor\"";
const ANY: &str = "any_role = [\"reader\", \"editor\"]";

impl Roles {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Option<Self> {
        let (one, any) = (arguments.take("role"), arguments.take("any_role"));
        let role = one.as_ref().and_then(|named| one_role(named, errors));
        let roles = any.as_ref().and_then(|named| any_role(named, errors));
        if let (Some(one), Some(_)) = (&one, &any) {
            errors.at(&one.key, both(role.as_ref(), roles.as_ref()));
        }
        role.map(Self::One).or_else(|| roles.map(Self::Any))
    }

    pub(super) fn emit(&self) -> TokenStream {
        match self {
            Self::One(role) => quote!(.role(#role)),
            Self::Any(roles) => quote!(.any_role(&[#(#roles),*])),
        }
    }
}

/// `role` would have to hold as well, which is not what somebody means who lists others.
fn both(role: Option<&String>, roles: Option<&Vec<String>>) -> String {
    let list = match (role, roles) {
        (Some(role), Some(roles)) => {
            let others = roles.iter().filter(|other| *other != role);
            format!("any_role = {:?}", [role].into_iter().chain(others).collect::<Vec<_>>())
        }
        _ => ANY.to_owned(),
    };
    format!(
        "`role` does not stand beside `any_role`: put it into the list, as in `{list}`; where both have to hold, \
         look for one of them in a `check = path::to::function`"
    )
}

fn one_role(named: &Named, errors: &Errors) -> Option<String> {
    let value = named.value(ONE, errors)?;
    if is_list(value) {
        let instead = spelled(&texts_in(value.clone()));
        errors.at(value, format!("`role` is one role, and no list: write `{instead}`"));
        return None;
    }
    role(&named.text(ONE, errors)?, errors)
}

fn any_role(named: &Named, errors: &Errors) -> Option<Vec<String>> {
    let value = named.value(ANY, errors)?;
    let Some(list) = inside(value, Delimiter::Bracket) else {
        errors.at(value, no_list(value));
        return None;
    };
    let elements = split(list);
    if elements.is_empty() {
        errors.at(
            value,
            format!(
                "an empty list admits nobody: write `{ANY}`, or `#[authorize]` alone to admit every principal"
            ),
        );
    }
    let mut roles: Vec<String> = Vec::new();
    for element in &elements {
        let literal = text_literal(element, errors, no_text);
        let Some(role) = literal.and_then(|literal| role(&literal, errors)) else { continue };
        if roles.contains(&role) {
            errors.at(element, format!("`{role}` stands in this list twice: keep one"));
        }
        roles.push(role);
    }
    (roles.len() == elements.len()).then_some(roles)
}

/// A text is a list without its brackets, as other libraries write it.
fn no_list(value: &TokenStream) -> String {
    let texts = texts_in(value.clone());
    let roles: Vec<_> = texts.iter().flat_map(|text| pieces(text)).collect();
    if roles.is_empty() {
        return format!("`any_role` takes a list of texts, written out: write `{ANY}`");
    }
    format!("`any_role` takes a list in brackets: write `any_role = {roles:?}`")
}

fn no_text(element: &TokenStream) -> String {
    let example =
        syn::parse2::<Ident>(element.clone()).map_or_else(|_| "editor".to_owned(), |word| spelling(&word));
    format!("a role is a text: write `\"{example}\"`")
}

/// A role may stand in a header field, and is compared letter by letter.
fn role(literal: &LitStr, errors: &Errors) -> Option<String> {
    let role = literal.value();
    if role.trim().is_empty() {
        errors.at(literal, "a role has at least one character: write `\"editor\"`");
        return None;
    }
    if !is_role(&role) {
        errors.at(literal, no_role(&role));
        return None;
    }
    Some(role)
}

fn is_role(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic())
}

fn no_role(role: &str) -> String {
    let roles = pieces(role);
    if roles.len() > 1 && roles.iter().all(|role| is_role(role)) {
        return format!("these are several roles in one text: write `any_role = {roles:?}`");
    }
    if is_role(role.trim()) {
        return format!("a role is written without blanks around it: write `{:?}`", role.trim());
    }
    let joined = role.split_whitespace().collect::<Vec<_>>().join("-");
    let instead = if is_role(&joined) { joined } else { "editor".to_owned() };
    format!(
        "{role:?} is no role: it may stand in a header field, so it is visible ASCII without spaces: write `{instead:?}`, \
         and call it so where the principal is made"
    )
}

/// What stands between commas.
fn pieces(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_visible_ascii() {
        for role in ["editor", "ROLE_ADMIN", "airports:write", "cn=admins,ou=groups", "a\"b\\c", "~"] {
            assert!(is_role(role), "{role}");
        }
        for text in ["", " ", "site admin", "a\tb", "a\n", "rédacteur", "\u{7f}", "a\u{a0}b", "\0"] {
            assert!(!is_role(text), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_role_is_refused_with_what_to_write() {
        let cases = [
            ("site admin", "write `\"site-admin\"`"),
            (" editor ", "write `\"editor\"`"),
            ("reader, editor", "write `any_role = [\"reader\", \"editor\"]`"),
            ("rédacteur", "write `\"editor\"`"),
            ("a\u{7f}", "\"a\\u{7f}\" is no role"),
        ];
        for (text, instead) in cases {
            assert!(no_role(text).contains(instead), "{}", no_role(text));
        }
    }
}
