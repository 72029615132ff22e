//! What a limit counts by: `key = ip`, `key = (ip, header("x-tenant"))`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{LitStr, Type, TypePath};

use crate::args::{Named, is_field_name, quoted, span_of, spelling, split};
use crate::errors::Errors;
use crate::paths::Runtime;

/// What a limit counts by.
pub(super) enum KeyModel {
    Address,
    Everyone,
    Principal,
    Header(String),
    Custom(Box<Type>),
    Joined(Vec<Self>),
}

const KEY_WORDS: &[&str] = &["ip", "global", "principal", "header"];

/// Words of other libraries for the same things.
const ELSEWHERE: &[(&str, &str)] = &[
    ("user", "principal"),
    ("user_id", "principal"),
    ("username", "principal"),
    ("current_user", "principal"),
    ("subject", "principal"),
    ("sub", "principal"),
    ("identity", "principal"),
    ("api_key", HEADER),
    ("apikey", HEADER),
    ("x_api_key", HEADER),
    ("addr", "ip"),
    ("address", "ip"),
    ("ip_address", "ip"),
    ("client_ip", "ip"),
    ("remote_addr", "ip"),
    ("remote_address", "ip"),
    ("peer", "ip"),
    ("peer_ip", "ip"),
    ("all", "global"),
    ("everyone", "global"),
];

const HEADER: &str = "header(\"x-api-key\")";

impl KeyModel {
    pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        let value = named.value("key = ip", errors)?;
        Self::of_tokens(value, errors)
    }

    fn of_tokens(value: &TokenStream, errors: &Errors) -> Option<Self> {
        let tokens: Vec<_> = value.clone().into_iter().collect();
        match tokens.as_slice() {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
                Self::joined(group.stream(), value, errors)
            }
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
                Self::of_tokens(&group.stream(), errors)
            }
            [TokenTree::Group(group)] => {
                let tuple = group.stream();
                errors.at(value, format!("keys are joined in parentheses: write `({tuple})`"));
                None
            }
            [TokenTree::Ident(word), rest @ ..] if word == "header" => {
                header(rest, value, errors).map(Self::Header)
            }
            [TokenTree::Ident(word)] => Self::of_word(word, errors),
            [TokenTree::Ident(word), TokenTree::Group(_)] => {
                errors.at(value, no_key(&value.to_string(), &word.to_string()));
                None
            }
            _ => Self::custom(value, errors),
        }
    }

    fn of_word(word: &Ident, errors: &Errors) -> Option<Self> {
        match word.to_string().as_str() {
            "ip" => Some(Self::Address),
            "global" => Some(Self::Everyone),
            "principal" => Some(Self::Principal),
            lower if lower.starts_with(char::is_lowercase) => {
                errors.at(word, no_key(lower, lower));
                None
            }
            _ => Self::custom(&word.to_token_stream(), errors),
        }
    }

    fn custom(value: &TokenStream, errors: &Errors) -> Option<Self> {
        let message = match syn::parse2::<Type>(value.clone()) {
            Ok(Type::Path(path)) if names_function(&path) => no_type(&path),
            Ok(ty @ Type::Path(_)) => return Some(Self::Custom(Box::new(ty))),
            _ => no_key_but_text(value).unwrap_or_else(|| format!("this is no key: write {KEYS}")),
        };
        errors.at(value, message);
        None
    }

    fn joined(inside: TokenStream, value: &TokenStream, errors: &Errors) -> Option<Self> {
        let parts = split(inside);
        if parts.len() < 2 {
            errors.at(value, no_tuple(parts.first()));
            return None;
        }
        let mut keys: Vec<Self> = Vec::new();
        for part in &parts {
            let Some(key) = Self::of_tokens(part, errors) else { continue };
            if keys.iter().any(|other| other.words() == key.words()) {
                errors.at(part, format!("{} stands in this tuple twice: keep one", key.words()));
            }
            keys.push(key);
        }
        (keys.len() == parts.len()).then_some(Self::Joined(keys))
    }

    /// Its name on the wire and in metrics.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Address => "ip".to_owned(),
            Self::Everyone => "global".to_owned(),
            Self::Principal => "principal".to_owned(),
            Self::Header(name) => name.clone(),
            Self::Custom(ty) => type_label(ty),
            Self::Joined(keys) => keys.iter().map(Self::label).collect::<Vec<_>>().join("-"),
        }
    }

    /// The same for equal keys.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Address => "ip".to_owned(),
            Self::Everyone => "global".to_owned(),
            Self::Principal => "principal".to_owned(),
            Self::Header(name) => format!("header {name}"),
            Self::Custom(ty) => spelling(ty),
            Self::Joined(keys) => keys.iter().map(Self::words).collect::<Vec<_>>().join(" and "),
        }
    }

    /// The order of limits with different keys, whatever the order of their attributes.
    pub(super) const fn rank(&self) -> u8 {
        match self {
            Self::Address => 0,
            Self::Everyone => 1,
            Self::Principal => 2,
            Self::Header(_) => 3,
            Self::Custom(_) => 4,
            Self::Joined(_) => 5,
        }
    }

    /// Whether it needs to know the principal, so that the limit stands behind `authorize`.
    pub(super) fn names_principal(&self) -> bool {
        match self {
            Self::Principal => true,
            Self::Joined(keys) => keys.iter().any(Self::names_principal),
            Self::Address | Self::Everyone | Self::Header(_) | Self::Custom(_) => false,
        }
    }

    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let source = runtime.item("KeySource");
        match self {
            Self::Address => quote!(#source::Address),
            Self::Everyone => quote!(#source::Everyone),
            Self::Principal => quote!(#source::Principal),
            Self::Header(name) => {
                let header_name = runtime.item("HeaderName");
                quote!(#source::Header({
                    const NAME: #header_name = #header_name::from_static(#name);
                    || NAME
                }))
            }
            Self::Custom(ty) => {
                let key = runtime.item_at("RateLimitKey", span_of(ty));
                quote_spanned!(span_of(ty)=> #source::Custom(<#ty as #key>::key))
            }
            Self::Joined(keys) => {
                let keys = keys.iter().map(|key| key.emit(runtime));
                quote!(#source::Joined(&[#(#keys),*]))
            }
        }
    }
}

const KEYS: &str = "ip, global, principal, header(\"..\"), the path of a type that implements `tollgate::RateLimitKey`, or a tuple of those";

fn no_key(written: &str, word: &str) -> String {
    let near = crate::args::nearest(word, KEY_WORDS.iter().copied());
    match (elsewhere(word), near) {
        (Some(key), _) => format!("`{written}` is no key: write `{key}`"),
        (None, Some("header")) => format!("`{written}` is no key: did you mean `{HEADER}`?"),
        (None, Some(near)) => format!("`{written}` is no key: did you mean `{near}`?"),
        (None, None) => {
            let ty = type_name(word);
            format!("`{written}` is no key: write {KEYS}; a type begins with a capital letter, as in `{ty}`")
        }
    }
}

fn elsewhere(word: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(foreign, _)| *foreign == word).map(|(_, key)| *key)
}

/// Other limiters take a function, and functions are in lower case.
fn names_function(path: &TypePath) -> bool {
    let last = path.path.segments.last().filter(|segment| segment.arguments.is_none());
    path.qself.is_none() && last.is_some_and(|last| last.ident.to_string().starts_with(char::is_lowercase))
}

fn no_type(path: &TypePath) -> String {
    let mut ty = path.path.clone();
    if let Some(last) = ty.segments.last_mut() {
        last.ident = Ident::new(&type_name(&last.ident.unraw().to_string()), last.ident.span());
    }
    let (written, ty) = (spelling(path), spelling(&ty));
    format!(
        "`{written}` is no type, and a key of your own is a type that implements `tollgate::RateLimitKey`: write `{ty}`"
    )
}

/// `by_tenant` as a type: `ByTenant`.
fn type_name(word: &str) -> String {
    let capitalized = word.split('_').map(|part| {
        let mut letters = part.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    capitalized.collect()
}

fn no_tuple(only: Option<&TokenStream>) -> String {
    only.map_or_else(
        || "a tuple of keys has at least two: write `key = (ip, header(\"x-api-key\"))`".to_owned(),
        |only| format!("one key stands without parentheses: write `key = {only}`"),
    )
}

/// A text is a word in quotes, or the name of a header field.
fn no_key_but_text(value: &TokenStream) -> Option<String> {
    let text = quoted(value)?;
    if text.contains('{') {
        return Some(no_template(&text));
    }
    let key = match elsewhere(&text) {
        Some(key) => key.to_owned(),
        None if text == "header" => HEADER.to_owned(),
        None if KEY_WORDS.contains(&text.as_str()) => text,
        None if is_field_name(&text) => format!("header(\"{text}\")"),
        None => return Some(format!("a key is no text: write {KEYS}")),
    };
    Some(format!("a key is no text: write `{key}`"))
}

/// A template names the function's own bindings, which are not there yet.
fn no_template(text: &str) -> String {
    let name: String = text.split(['{', '}', ':']).nth(1).unwrap_or_default().replace('_', "-");
    let header = if is_field_name(&name) { format!("x-{name}") } else { "x-tenant".to_owned() };
    format!(
        "a limit is charged before the extractors run, so its key cannot name what they extract: write `header(\"{header}\")` or \
         the path of a type that implements `tollgate::RateLimitKey`; on a function that is no handler, \
         `#[tollgate::call::rate_limited]` takes such a text"
    )
}

/// The name of a header field, in the lower case that HTTP compares it in.
fn header(rest: &[TokenTree], value: &TokenStream, errors: &Errors) -> Option<String> {
    const EXAMPLE: &str = "write `header(\"x-api-key\")`";
    let literal = match rest {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            syn::parse2::<LitStr>(group.stream()).ok()
        }
        _ => None,
    };
    let Some(literal) = literal else {
        errors.at(value, format!("`header` takes the name of one field: {EXAMPLE}"));
        return None;
    };
    let name = literal.value().to_ascii_lowercase();
    if !is_field_name(&name) {
        errors.at(&literal, format!("\"{name}\" is no name of a header field: {EXAMPLE}"));
        return None;
    }
    Some(name)
}

/// The last word of a type's path, as far as it can stand in a header field.
fn type_label(ty: &Type) -> String {
    let last = match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.unraw().to_string()),
        _ => None,
    };
    let ascii = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
    last.unwrap_or_default().chars().map(ascii).collect()
}
