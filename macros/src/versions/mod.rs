//! `versions! { pub airport = [airport_v1, airport_v2] }`: items that are handlers, each of several for some versions of an API.

mod emit;
mod syntax;

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Path, Visibility};

pub(crate) use self::emit::stand_in;
use self::syntax::Written;
pub(crate) use self::syntax::root_of;
use crate::args::spelling;
use crate::errors::Errors;
use crate::paths::Runtime;

/// All items of one `versions!`.
pub(crate) struct Model {
    items: Vec<Item>,
}

/// One item, valid by construction.
pub(crate) struct Item {
    attrs: Vec<Attribute>,
    vis: Visibility,
    name: Ident,
    /// Its handlers, of which there is one.
    members: Vec<Path>,
    /// The versions that it says it does not answer.
    holes: Vec<Ident>,
    /// The versions that are answered by conversion, the newest first.
    conversions: Vec<Conversion>,
}

/// `V1 = convert(request = up_v1, response = down_v1)`: how the version is made of the next.
pub(crate) struct Conversion {
    version: Ident,
    request: Option<Path>,
    response: Option<Path>,
}

impl Model {
    pub(crate) fn parse(tokens: TokenStream, errors: &Errors) -> Self {
        let written = syntax::parse(tokens, errors);
        Self { items: written.into_iter().filter_map(|item| item.checked(errors)).collect() }
    }

    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        self.items.iter().map(|item| item.emit(runtime)).collect()
    }
}

impl Written {
    fn checked(self, errors: &Errors) -> Option<Item> {
        let Self { attrs, vis, name, members, holes, conversions } = self;
        if members.is_empty() {
            errors.at(&name, format!("`{name}` has no handlers: write `{name} = [{name}_v1, {name}_v2]`"));
            return None;
        }
        for (place, member) in members.iter().enumerate() {
            if members.iter().take(place).any(|other| spelling(other) == spelling(member)) {
                errors.at(member, "this handler is in the list already: keep one");
            }
            if member.is_ident(&name) {
                errors.at(member, format!("`{name}` cannot be one of its own handlers: give the handler another name, such as `{name}_v1`"));
            }
        }
        let converted: Vec<_> = conversions.iter().map(|conversion| &conversion.version).collect();
        for (place, version) in converted.iter().enumerate() {
            if converted.iter().take(place).any(|other| other == version) {
                errors.at(version, "this version is converted already: keep one");
            }
            if holes.contains(version) {
                errors.at(version, "this version is converted, and so it is no hole: take it out of `holes`");
            }
        }
        for (place, hole) in holes.iter().enumerate() {
            if holes.iter().take(place).any(|other| other == hole) {
                errors.at(hole, "this version is in the list already: keep one");
            }
        }
        Some(Item { attrs, vis, name, members, holes, conversions })
    }
}
