//! A query, taken apart: the parameters of pages, the filters, and all others as they may stand in a link.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::fault::Fault;
use super::links::push_component;
use super::paging::{Paging, RESERVED};
use crate::http::decoded;

/// A parameter of pages, by its place in [`RESERVED`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Page,
    PerPage,
    Offset,
    Limit,
    Cursor,
    Sort,
}

/// A query, taken apart.
#[derive(Debug, Default)]
pub(super) struct Query<'q> {
    params: [Option<Cow<'q, str>>; RESERVED.len()],
    /// By the place of the field.
    pub(super) filters: SmallVec<[(u8, Cow<'q, str>); 4]>,
    /// Parameters that are none of ours, as they may stand in a link.
    pub(super) others: String,
    pub(super) faults: Vec<Fault>,
}

impl<'q> Query<'q> {
    /// Takes a query apart. What is wrong with it so far is that a parameter is repeated, or no text.
    pub(super) fn of(query: Option<&'q str>, paging: &'static Paging) -> Self {
        let mut parts = Self::default();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parts.sort_in(&decoded(name).unwrap_or_default(), pair, value, paging);
        }
        parts
    }

    fn sort_in(&mut self, name: &str, pair: &'q str, value: &'q str, paging: &'static Paging) {
        if let Some(place) = RESERVED.iter().position(|reserved| *reserved == name) {
            let value = self.text(RESERVED[place], value, self.params[place].is_some());
            self.params[place] = value.or(self.params[place].take());
            return;
        }
        let fields = (0_u8..).zip(paging.fields());
        match fields.into_iter().find(|(_, field)| field.is_filterable() && field.name() == name) {
            Some((place, field)) => {
                let is_repeated = self.filters.iter().any(|(other, _)| *other == place);
                let value = self.text(field.name(), value, is_repeated);
                self.filters.extend(value.map(|value| (place, value)));
            }
            None => self.keep(pair),
        }
    }

    fn text(&mut self, name: &'static str, value: &'q str, is_repeated: bool) -> Option<Cow<'q, str>> {
        let value = decoded(value).filter(|text| !text.contains('\0'));
        let fault = match value {
            Some(_) if is_repeated => Fault::new(name, "duplicate", "is given more than once: give it once"),
            Some(_) => return value,
            // One answer for whatever is no cursor.
            None if name == Parameter::Cursor.name() && !is_repeated => return Some(Cow::Borrowed("")),
            None => Fault::new(name, "encoding", "is no text: percent-encode it as UTF-8 without NUL"),
        };
        // Once is enough, however often it is repeated.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        None
    }

    fn keep(&mut self, pair: &str) {
        if !self.others.is_empty() {
            self.others.push('&');
        }
        push_component(&mut self.others, pair);
    }

    pub(super) fn param(&self, parameter: Parameter) -> Option<&str> {
        self.params[parameter as usize].as_deref()
    }

    /// Refuses parameters that other styles have.
    pub(super) fn refuse(&mut self, parameters: &[Parameter], instead: &'static str) {
        for parameter in parameters {
            if self.param(*parameter).is_some() {
                self.faults.push(Fault::new(
                    parameter.name(),
                    "unsupported",
                    format!("is not how these pages are asked for: {instead}"),
                ));
            }
        }
    }
}

impl Parameter {
    pub(super) const fn name(self) -> &'static str {
        RESERVED[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::paging::FieldSpec;
    use super::*;

    const PAGING: Paging = Paging::new(
        "Airport",
        &[FieldSpec::new("iata", "iata").key(), FieldSpec::new("country", "country").filterable()],
    );

    fn query(text: &str) -> Query<'_> {
        Query::of(Some(text), &PAGING)
    }

    fn faults(text: &str) -> Vec<Fault> {
        query(text).faults
    }

    #[test]
    fn a_query_is_taken_apart_whatever_the_spelling_of_names_and_values() {
        for text in ["page=2&country=FR&q=1", "&p%61ge=2&&countr%79=F%52&q=1&", "q=1&country=%46R&page=%32"] {
            let query = query(text);
            assert_eq!(query.param(Parameter::Page), Some("2"), "{text}");
            assert_eq!(query.filters.as_slice(), [(1, Cow::Borrowed("FR"))], "{text}");
            assert_eq!(query.others, "q=1", "{text}");
            assert!(query.faults.is_empty());
        }
    }

    #[test]
    fn a_plus_is_a_blank_and_a_missing_value_an_empty_one() {
        assert_eq!(query("country=a+b%2B").filters[0].1, "a b+");
        assert_eq!(query("country").filters[0].1, "");
        assert_eq!(query("sort").param(Parameter::Sort), Some(""));
    }

    #[test]
    fn fields_that_are_no_filters_are_none_of_ours() {
        assert_eq!(query("iata=CDG&Page=3").others, "iata=CDG&Page=3");
    }

    #[test]
    fn a_repeated_parameter_is_told_once() {
        for text in ["page=1&page=1&page=2", "country=FR&country=FR", "sort=&sort="] {
            let faults = faults(text);
            assert_eq!(faults.len(), 1, "{text}: {faults:?}");
            assert_eq!(faults[0].code, "duplicate");
        }
    }

    #[test]
    fn what_is_no_text_is_told_and_names_that_are_none_are_kept() {
        for text in ["country=%ff", "sort=%c0%8a", "page=%ed%a0%80", "country=a%00b"] {
            assert_eq!(faults(text).len(), 1, "{text}");
        }
        assert_eq!((query("cursor=%ff").param(Parameter::Cursor), faults("cursor=%00").len()), (Some(""), 0));
        let query = query("%ff=1&%00=2");
        assert_eq!((query.others.as_str(), query.faults.len()), ("%ff=1&%00=2", 0));
    }
}
