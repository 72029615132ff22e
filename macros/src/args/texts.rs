//! Values that are a list of texts: `tags = ["airports", "airport:{iata}"]`.

use proc_macro2::{Delimiter, TokenStream};
use syn::{Ident, LitStr};

use super::{Named, inside, quoted, spelling, split, text_literal};
use crate::errors::Errors;

impl Named {
    /// A list of texts, of which there is at least one; `None` where any of it is none, which is reported.
    pub(crate) fn texts(&self, example: &str, errors: &Errors) -> Option<Vec<LitStr>> {
        let value = self.value(example, errors)?;
        let Some(list) = inside(value, Delimiter::Bracket) else {
            errors.at(value, self.no_list(value, example));
            return None;
        };
        let elements = split(list);
        if elements.is_empty() {
            let key = &self.key;
            errors.at(value, format!("an empty list says nothing: write `{example}`, or take `{key}` away"));
            return None;
        }
        let mut texts: Vec<LitStr> = Vec::new();
        for element in &elements {
            let Some(text) = text_literal(element, errors, |element| self.no_text(element, example)) else {
                continue;
            };
            if texts.iter().any(|other| other.value() == text.value()) {
                errors.at(element, format!("`{}` stands in this list twice: keep one", text.value()));
            }
            texts.push(text);
        }
        (texts.len() == elements.len()).then_some(texts)
    }

    /// One text needs its brackets as well.
    fn no_list(&self, value: &TokenStream, example: &str) -> String {
        let key = &self.key;
        let brackets = [Delimiter::Parenthesis, Delimiter::Brace];
        let within = brackets.into_iter().find_map(|brackets| inside(value, brackets));
        let texts: Vec<_> =
            within.map_or_else(|| vec![value.clone()], split).iter().filter_map(quoted).collect();
        let instead = if texts.is_empty() { example.to_owned() } else { format!("{key} = {texts:?}") };
        format!("`{key}` takes a list of texts in brackets: write `{instead}`")
    }

    fn no_text(&self, element: &TokenStream, example: &str) -> String {
        let word = syn::parse2::<Ident>(element.clone()).map(|word| spelling(&word));
        let instead =
            word.map_or_else(|_| format!("write `{example}`"), |word| format!("write `\"{word}\"`"));
        format!("`{}` takes texts: {instead}", self.key)
    }
}
