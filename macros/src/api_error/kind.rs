//! What one variant says of its answer: `status = 404, code = "airport_not_found", title = "..", log = warn`.

use syn::{Attribute, LitStr};

use super::sent::{self, Sent};
use super::status;
use crate::args::{Arguments, Named};
use crate::data::{Fields, documentation, helpers, snake};
use crate::errors::Errors;

/// A kind of error, valid by construction.
pub(super) struct Kind {
    pub(super) status: u16,
    pub(super) code: LitStr,
    pub(super) title: String,
    pub(super) uri: Option<String>,
    pub(super) expose: bool,
    pub(super) log: Option<Log>,
    pub(super) example: Option<String>,
    pub(super) description: String,
    pub(super) extensions: Vec<Sent>,
    pub(super) headers: Vec<Sent>,
}

/// How it is logged when it is answered.
#[derive(Clone, Copy)]
pub(super) enum Log {
    Warn,
    Error,
    Off,
}

const LOG: &[(&str, Log)] = &[("warn", Log::Warn), ("error", Log::Error), ("off", Log::Off)];

impl Kind {
    /// `None` where something was reported.
    pub(super) fn parse(
        arguments: &mut Arguments,
        fields: &Fields<'_>,
        attrs: &[Attribute],
        errors: &Errors,
    ) -> Option<Self> {
        let (status, code) = (arguments.take("status"), arguments.take("code"));
        report_missing(status.is_some(), code.is_some(), fields, errors);
        let status = status.and_then(|named| status::parse(&named, errors));
        let code = code.and_then(|named| parse_code(&named, fields, errors));
        let title = arguments.take("title").and_then(|named| parse_title(&named, errors));
        let uri = arguments.take("type").and_then(|named| parse_uri(&named, errors));
        let expose = arguments.take("expose").is_some_and(|named| parse_expose(&named, status, errors));
        let log = arguments.take("log").and_then(|named| named.word(LOG, errors));
        let extensions = arguments.take("extension").map(|named| sent::extensions(&named, fields, errors));
        let headers = arguments.take("headers").map(|named| sent::headers(&named, fields, errors));
        let (status, code) = (status?, code?);
        let title = title.unwrap_or_else(|| title_of(&code.value()));
        let (extensions, headers) = (extensions.unwrap_or_default(), headers.unwrap_or_default());
        let (example, description) = (text_of_thiserror(attrs), documentation(attrs));
        Some(Self { status, code, title, uri, expose, log, example, description, extensions, headers })
    }
}

/// Says once what a declaration lacks, where nothing else is wrong with it.
fn report_missing(has_status: bool, has_code: bool, fields: &Fields<'_>, errors: &Errors) {
    let (owner, code) = (fields.owner, snake(&fields.owner.to_string()));
    let message = match (has_status, has_code) {
        _ if !errors.is_empty() => return,
        (true, true) => return,
        (true, false) => format!(
            "`{owner}` has no code, by which programs tell it from other errors: write `code = \"{code}\"`"
        ),
        (false, true) => format!("`{owner}` has no status: write `status = 404`, or another from 400 to 599"),
        (false, false) if holds_error(fields) => format!(
            "say how `{owner}` is answered: `#[api_error(transparent)]` as the error within is, or \
             `#[api_error(status = .., code = \"{code}\")]`"
        ),
        (false, false) => {
            format!("say how `{owner}` is answered: `#[api_error(status = .., code = \"{code}\")]`")
        }
    };
    errors.at(owner, message);
}

/// Whether the one field is another error, by the attribute of thiserror.
fn holds_error(fields: &Fields<'_>) -> bool {
    matches!(fields.all.as_slice(), [only] if helpers(only.attrs, "from").next().is_some())
}

fn parse_code(named: &Named, fields: &Fields<'_>, errors: &Errors) -> Option<LitStr> {
    let suggested = snake(&fields.owner.to_string());
    let literal = named.text(&format!("code = \"{suggested}\""), errors)?;
    let code = literal.value();
    if is_code(&code) {
        return Some(literal);
    }
    let instead = Some(snake(&code)).filter(|code| is_code(code)).unwrap_or(suggested);
    errors.at(
        literal,
        format!(
            "a code is a word of small letters, digits and `_`, a letter first: write `code = \"{instead}\"`"
        ),
    );
    None
}

fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The same for every occurrence, so nothing of the occurrence is in it.
fn parse_title(named: &Named, errors: &Errors) -> Option<String> {
    const EXAMPLE: &str = "title = \"Airport not found\"";
    let literal = named.text(EXAMPLE, errors)?;
    let title = literal.value();
    let fault = if title.trim().is_empty() {
        format!("a title has at least one character: write `{EXAMPLE}`")
    } else if title.trim() != title {
        format!("a title is written without blanks around it: write `title = {:?}`", title.trim())
    } else if title.chars().any(char::is_control) {
        format!("a title is one line of text: write `{EXAMPLE}`")
    } else if title.contains(['{', '}']) {
        "a title is the same for every occurrence: what differs belongs into `#[error(\"..\")]` of thiserror"
            .to_owned()
    } else {
        return Some(title);
    };
    errors.at(literal, fault);
    None
}

/// A URI reference (RFC 3986), as far as its letters go.
fn parse_uri(named: &Named, errors: &Errors) -> Option<String> {
    const EXAMPLE: &str = "type = \"https://example.com/problems/not-found\"";
    let literal = named.text(EXAMPLE, errors)?;
    let uri = literal.value();
    let is_uri = !uri.is_empty() && uri.chars().all(|c| c.is_ascii_graphic() && !"<>\"{}|\\^`".contains(c));
    if !is_uri {
        errors.at(literal, format!("{uri:?} is no URI: write one such as `{EXAMPLE}`"));
    }
    is_uri.then_some(uri)
}

fn parse_expose(named: &Named, status: Option<u16>, errors: &Errors) -> bool {
    if status.is_some_and(|status| status < 500) {
        errors.at(&named.key, "below 500 the client is told the text anyhow: take `expose` away");
    }
    named.flag(errors)
}

/// `airport_not_found` as `Airport not found`.
fn title_of(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.trim().chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The text of `#[error("there is no airport {iata}")]`, as documents show it.
fn text_of_thiserror(attrs: &[Attribute]) -> Option<String> {
    let attribute = attrs.iter().find(|attribute| attribute.path().is_ident("error"))?;
    let first = attribute.meta.require_list().ok()?.tokens.clone().into_iter().next()?;
    let text = syn::parse2::<LitStr>(first.into()).ok()?.value();
    Some(text.replace("{{", "{").replace("}}", "}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_made_of_the_code() {
        for (code, title) in [("airport_not_found", "Airport not found"), ("busy", "Busy"), ("e_2_", "E 2")] {
            assert_eq!(title_of(code), title);
        }
    }

    #[test]
    fn a_code_is_a_word_of_small_letters() {
        for code in ["busy", "not_found", "e2e", "a"] {
            assert!(is_code(code), "{code}");
        }
        for text in ["", "Busy", "not-found", "not found", "2e", "_a", "größe", "a\n"] {
            assert!(!is_code(text), "{text:?}");
        }
    }
}
