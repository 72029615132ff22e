//! Fields that an answer carries: `extension(iata, limit = max)`, `headers(retry_after = after)`.

use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use syn::LitStr;

use crate::args::{Named, span_of, spelling, split};
use crate::data::{Field, Fields, any_word, name_after_type, snake};
use crate::errors::Errors;

/// One field, under the name that it has on the wire.
pub(super) struct Sent {
    pub(super) name: String,
    pub(super) field: usize,
    /// Where the user names it.
    pub(super) place: Span,
}

/// One entry of a list: `field`, or `name = field`.
struct Entry {
    name: Option<TokenStream>,
    field: TokenStream,
    whole: TokenStream,
}

pub(super) fn extensions(named: &Named, fields: &Fields<'_>, errors: &Errors) -> Vec<Sent> {
    let entries = entries(named, "extension(iata)", errors);
    let sent = entries.iter().filter_map(|entry| extension(entry, fields, errors));
    each_once(sent, "member", errors)
}

pub(super) fn headers(named: &Named, fields: &Fields<'_>, errors: &Errors) -> Vec<Sent> {
    let entries = entries(named, "headers(retry_after = field)", errors);
    let sent = entries.iter().filter_map(|entry| header(entry, fields, errors));
    each_once(sent, "header field", errors)
}

fn entries(named: &Named, example: &str, errors: &Errors) -> Vec<Entry> {
    let Some(list) = &named.value else {
        errors.at(&named.key, format!("`{}` needs a list of fields: write `{example}`", named.key));
        return Vec::new();
    };
    let entries: Vec<_> = split(list.clone()).into_iter().map(Entry::of).collect();
    for entry in &entries {
        entry.check_joint(errors);
    }
    if entries.is_empty() {
        errors.at(&named.key, format!("`{}` names no field: write `{example}`, or take it away", named.key));
    }
    entries
}

impl Entry {
    fn of(whole: TokenStream) -> Self {
        let tokens: Vec<_> = whole.clone().into_iter().collect();
        match tokens.iter().position(joins) {
            Some(place) => Self {
                name: Some(tokens[..place].iter().cloned().collect()),
                field: tokens[place + 1..].iter().cloned().collect(),
                whole,
            },
            None => Self { name: None, field: whole.clone(), whole },
        }
    }

    /// A name and a field are joined by `=`.
    fn check_joint(&self, errors: &Errors) {
        let joint = self.whole.clone().into_iter().find(joins);
        if let (Some(TokenTree::Punct(punct)), Some(name)) = (joint, &self.name)
            && punct.as_char() == ':'
        {
            let instead = format!("{} = {}", spelling(name), spelling(&self.field));
            errors.at(&self.whole, format!("a name and its field are joined by `=`: write `{instead}`"));
        }
    }

    /// The field that it names.
    fn field(&self, fields: &Fields<'_>, key: &str, errors: &Errors) -> Option<usize> {
        let name = self.name.as_ref().map(|name| format!("{} = ", spelling(name))).unwrap_or_default();
        let first = fields.all.first().map_or_else(|| "field".to_owned(), Field::name);
        let instead = format!("write the name of one, as in `{key}({name}{first})`");
        let tokens = if self.field.is_empty() { &self.whole } else { &self.field };
        fields.find(tokens, &instead, errors)
    }
}

/// What stands between a name and a field; people also write `:`.
fn joins(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '=' | ':') && punct.spacing() == Spacing::Alone)
}

fn extension(entry: &Entry, fields: &Fields<'_>, errors: &Errors) -> Option<Sent> {
    let place = entry.field(fields, "extension", errors);
    let field = place.map(|place| &fields.all[place]);
    let name = match (&entry.name, field) {
        (Some(name), _) => written_name(name, errors)?,
        (None, Some(field)) if field.is_named() => field.name(),
        (None, Some(field)) => {
            let (name, number) = (name_after_type(field.ty), field.name());
            errors.at(
                &entry.whole,
                format!("a field without a name needs one here: write `extension({name} = {number})`"),
            );
            return None;
        }
        (None, None) => return None,
    };
    if let Some(fault) = fault_of_member(&name, &entry.field, fields) {
        errors.at(entry.name.as_ref().unwrap_or(&entry.whole), fault);
        return None;
    }
    Some(Sent { name, field: place?, place: span_of(&entry.field) })
}

fn written_name(name: &TokenStream, errors: &Errors) -> Option<String> {
    if let Some(word) = any_word(name) {
        return Some(word);
    }
    let text = syn::parse2::<LitStr>(name.clone()).map(|text| snake(&text.value())).unwrap_or_default();
    let instead = if text.is_empty() { "iata".to_owned() } else { text };
    errors.at(name, format!("a member is named by a word: write `extension({instead} = ..)`"));
    None
}

/// The members of every problem, those that we add included.
const RESERVED: &[&str] =
    &["type", "title", "status", "detail", "instance", "code", "errors", "request_id", "trace_id"];

/// What is wrong with the name of a member: RFC 9457 asks for three letters, digits or `_`, a letter first.
fn fault_of_member(name: &str, field: &TokenStream, fields: &Fields<'_>) -> Option<String> {
    let (owner, field) = (snake(&fields.owner.to_string()), spelling(field));
    if RESERVED.contains(&name) {
        return Some(format!(
            "`{name}` is a member of every problem: write another name, as in `extension({owner}_{name} = {field})`"
        ));
    }
    let is_name = name.len() >= 3
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (!is_name).then(|| {
        let suffix = snake(name);
        format!(
            "`{name}` is no name of a member, which has a letter and at least two more letters, digits or `_` (RFC 9457): \
             write another, as in `extension({owner}_{suffix} = {field})`"
        )
    })
}

fn header(entry: &Entry, fields: &Fields<'_>, errors: &Errors) -> Option<Sent> {
    let place = entry.field(fields, "headers", errors);
    let field = place.map(|place| &fields.all[place]);
    let written = match (&entry.name, field) {
        (Some(name), _) => header_name(name),
        (None, Some(field)) if field.is_named() => Some(field.name().replace('_', "-")),
        (None, Some(field)) => {
            let number = field.name();
            errors.at(
                &entry.whole,
                format!("say which header field it is: write `headers(retry_after = {number})`"),
            );
            return None;
        }
        (None, None) => return None,
    };
    let name = written.unwrap_or_default().to_ascii_lowercase();
    if let Some(fault) = fault_of_header(&name) {
        errors.at(entry.name.as_ref().unwrap_or(&entry.whole), fault);
        return None;
    }
    Some(Sent { name, field: place?, place: span_of(&entry.field) })
}

/// A word whose `_` stand for `-`, or a text.
fn header_name(tokens: &TokenStream) -> Option<String> {
    let text = syn::parse2::<LitStr>(tokens.clone()).map(|text| text.value());
    text.ok().or_else(|| Some(any_word(tokens)?.replace('_', "-")))
}

/// What says how the answer itself is to be read.
const WRITTEN_BY_US: &[&str] =
    &["connection", "content-encoding", "content-length", "content-type", "transfer-encoding"];

fn fault_of_header(name: &str) -> Option<String> {
    if WRITTEN_BY_US.contains(&name) {
        return Some(format!("`{name}` is written with the answer itself: take it away"));
    }
    let is_token =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c));
    (!is_token).then(|| {
        "this is no name of a header field: write `headers(retry_after = ..)`, or `headers(\"retry-after\" = ..)`".to_owned()
    })
}

/// Two of one name would be one on the wire.
fn each_once(sent: impl Iterator<Item = Sent>, what: &str, errors: &Errors) -> Vec<Sent> {
    let mut all: Vec<Sent> = Vec::new();
    for sent in sent {
        if all.iter().any(|other| other.name == sent.name) {
            errors.at_span(sent.place, format!("the {what} `{}` is sent twice: keep one", sent.name));
        } else {
            all.push(sent);
        }
    }
    all
}
