//! What the patterns of a function's arguments bind, and those patterns for whoever looks at the arguments before they move.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, Pat, PatIdent};

use crate::args::nearest;
use crate::errors::Errors;
use crate::function::Function;
use crate::template::Template;

/// The bindings of a function.
pub(crate) struct Bindings {
    arguments: Vec<Argument>,
}

/// One argument.
struct Argument {
    /// Without `mut`, `ref` and `&`: it is matched against a reference.
    pattern: Pat,
    names: Vec<String>,
    /// Whether a macro in it may bind what we do not see.
    has_macro: bool,
}

impl Bindings {
    pub(crate) fn of(function: &Function) -> Self {
        let patterns = function.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.pat),
            FnArg::Receiver(_) => None,
        });
        Self { arguments: patterns.map(Argument::of).collect() }
    }

    /// Tells of what a template names and the function has not.
    pub(crate) fn check(&self, template: &Template, errors: &Errors) {
        if self.arguments.iter().any(|argument| argument.has_macro) {
            return;
        }
        if let Some(part) = template.measured_by_a_binding() {
            errors.at(
                template.text(),
                format!(
                    "`{part}` takes its width from an argument, which is borrowed here: write the number out"
                ),
            );
            return;
        }
        let known = || self.arguments.iter().flat_map(|argument| &argument.names);
        for name in template.names() {
            // A constant is none of the function's, and the compiler knows whether it is there.
            let is_constant = name.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_');
            if !is_constant && !known().any(|known| known == name) {
                errors.at(template.text(), no_binding(name, known().map(String::as_str)));
            }
        }
    }

    /// The names that an argument of one of these types binds.
    pub(crate) fn names_of<'a>(
        &'a self,
        function: &'a Function,
        is_one: impl Fn(&syn::Type) -> bool + 'a,
    ) -> impl Iterator<Item = &'a str> {
        let arguments = self.arguments.iter().zip(function.argument_types());
        arguments
            .filter(move |(_, ty)| is_one(ty))
            .flat_map(|(argument, _)| argument.names.iter().map(String::as_str))
    }

    /// A pattern for a tuple of all arguments, which binds what the templates name; `None` where that is nothing.
    pub(crate) fn pattern<'a>(&self, templates: impl Iterator<Item = &'a Template>) -> Option<TokenStream> {
        let wanted: Vec<_> = templates.flat_map(Template::names).collect();
        let is_wanted = |argument: &Argument| {
            argument.has_macro || argument.names.iter().any(|name| wanted.contains(&name.as_str()))
        };
        if !self.arguments.iter().any(is_wanted) {
            return None;
        }
        let patterns = self.arguments.iter().map(|argument| {
            let pattern = &argument.pattern;
            if is_wanted(argument) { quote!(#pattern) } else { quote!(_) }
        });
        Some(quote!((#(#patterns,)*)))
    }
}

impl Argument {
    fn of(pattern: &Pat) -> Self {
        let mut reader = Reader::default();
        let mut pattern = pattern.clone();
        reader.visit_pat_mut(&mut pattern);
        Self { pattern, names: reader.names, has_macro: reader.has_macro }
    }
}

#[derive(Default)]
struct Reader {
    names: Vec<String>,
    has_macro: bool,
}

impl VisitMut for Reader {
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        if let Pat::Reference(reference) = pattern {
            *pattern = (*reference.pat).clone();
            return self.visit_pat_mut(pattern);
        }
        self.has_macro |= matches!(pattern, Pat::Macro(_));
        visit_mut::visit_pat_mut(self, pattern);
    }

    fn visit_pat_ident_mut(&mut self, pattern: &mut PatIdent) {
        (pattern.by_ref, pattern.mutability) = (None, None);
        self.names.push(pattern.ident.unraw().to_string());
        visit_mut::visit_pat_ident_mut(self, pattern);
    }
}

fn no_binding<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.collect();
    let instead = match (nearest(name, known.iter().copied()), known.as_slice()) {
        (Some(near), _) => format!("did you mean `{{{near}}}`?"),
        (None, []) => {
            format!("the function has none, so take one that gives it, as in `Path({name}): Path<String>`")
        }
        (None, known) => {
            let known: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
            format!("there are {}", known.join(", "))
        }
    };
    format!("no argument of the function is called `{name}`: {instead}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings(source: &str) -> Bindings {
        Bindings::of(&syn::parse_str(source).unwrap())
    }

    #[test]
    fn patterns_bind_by_reference_what_they_bound_by_value() {
        let bindings = bindings(
            "async fn f(Path((mut a, ref b)): P, Query(Search { c, d: Some(e), .. }): Q, x @ Y(_): Y, &z: Z, r#type: T, _: W) {}",
        );
        let written: Vec<_> =
            bindings.arguments.iter().map(|Argument { pattern, .. }| quote!(#pattern).to_string()).collect();
        let expected =
            ["Path ((a , b))", "Query (Search { c , d : Some (e) , .. })", "x @ Y (_)", "z", "r#type", "_"];
        assert_eq!(written, expected);
        let names: Vec<_> = bindings.arguments.iter().flat_map(|argument| &argument.names).collect();
        assert_eq!(names, ["a", "b", "c", "e", "x", "z", "type"]);
    }

    #[test]
    fn what_nobody_is_called_is_told_with_what_there_is() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("itaa", &["db", "iata"], "did you mean `{iata}`?"),
            ("id", &[], "as in `Path(id): Path<String>`"),
            ("name", &["db", "iata"], "there are `db`, `iata`"),
        ];
        for (name, known, expected) in cases {
            let message = no_binding(name, known.iter().copied());
            assert!(message.contains(expected), "{message}");
        }
    }
}
