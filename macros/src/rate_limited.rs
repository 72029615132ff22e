//! `#[rate_limited("100/minute", burst = 200, key = ip)]`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{LitInt, LitStr, Path, Type};

use crate::args::{
    Arguments, Named, RateModel, Vocabulary, is_rate, parse_rates, quoted, span_of, split, text_literal,
};
use crate::attribute::Attribute;
use crate::errors::Errors;
use crate::paths::Runtime;

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    attribute: Attribute::RateLimited,
    keys: &["burst", "key", "missing", "cost", "shadow"],
    foreign: &[
        ("ip", "write `key = ip`"),
        ("global", "write `key = global`"),
        ("header", "write `key = header(\"x-api-key\")`"),
        ("by", "write `key`"),
        ("key_by", "write `key`"),
        ("key_func", "write `key = path::to::Type`, a type that implements `tollgate::RateLimitKey`"),
        ("key_extractor", "write `key = path::to::Type`, a type that implements `tollgate::RateLimitKey`"),
        ("burst_size", "write `burst`"),
        ("capacity", "write `burst`"),
        ("max_burst", "write `burst`"),
        ("weight", "write `cost`"),
        ("permits", "write `cost`"),
        ("tokens", "write `cost`"),
        ("dry_run", "write `shadow`"),
        ("report_only", "write `shadow`"),
    ],
    foreign_positional: &[
        ("requests_per_second", "write the rate first, as in `\"100/second\"`"),
        ("requests_per_minute", "write the rate first, as in `\"100/minute\"`"),
        ("requests_per_hour", "write the rate first, as in `\"100/hour\"`"),
        ("per_second", "write the rate first, as in `\"100/second\"`"),
        ("per_minute", "write the rate first, as in `\"100/minute\"`"),
        ("per_millisecond", "write the rate first, as in `\"1/5ms\"`"),
        ("requests", "write the rate first, as in `\"100/minute\"`"),
        ("max_requests", "write the rate first, as in `\"100/minute\"`"),
        ("limit", "write the rate first, as in `\"100/minute\"`"),
        ("limit_for_period", "write the rate first, as in `\"100/minute\"`"),
        ("limit_refresh_period", "the period is part of the rate, as in `\"100/minute\"`"),
        ("rate", "the rate stands first and alone, as in `\"100/minute\"`"),
        ("rps", "write the rate first, as in `\"100/second\"`"),
        ("quota", "write the rate first, as in `\"100/minute\"`"),
        ("period", "the period is part of the rate, as in `\"100/minute\"`"),
        ("window", "the period is part of the rate, as in `\"100/10s\"`"),
        ("interval", "the period is part of the rate, as in `\"100/10s\"`"),
    ],
    takes_positional: true,
};

/// One `#[rate_limited]`, valid by construction.
pub(crate) struct Model {
    rates: Vec<RateModel>,
    burst: Option<u32>,
    key: KeyModel,
    missing: Option<Missing>,
    cost: Option<Cost>,
    shadow: bool,
    places: Places,
}

/// Where the parts stand, for errors that another attribute brings up.
struct Places {
    attribute: Ident,
    rates: Option<LitStr>,
    /// `None` where the key is the default.
    key: Option<TokenStream>,
}

/// What a limit counts by.
enum KeyModel {
    Address,
    Everyone,
    Header(String),
    Custom(Box<Type>),
    Joined(Vec<Self>),
}

#[derive(Clone, Copy)]
enum Missing {
    Anonymous,
    Reject,
    Skip,
}

enum Cost {
    Fixed(u32),
    Of(Path),
}

impl Model {
    pub(crate) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let literals = literals(arguments, attribute, errors);
        let rates = rates(&literals, errors);
        let burst = arguments.take("burst").and_then(|named| burst(&named, &rates, errors));
        let capacity = rates.iter().map(|rate| burst.unwrap_or(rate.quota)).min();
        let missing = arguments.take("missing").and_then(|named| named.word(MISSING, errors));
        let cost = arguments.take("cost").and_then(|named| Cost::parse(&named, capacity, errors));
        let shadow = arguments.take("shadow").is_some_and(|named| named.flag(errors));
        let key = arguments.take("key");
        let places = Places {
            attribute: attribute.clone(),
            rates: literals.into_iter().next(),
            key: key.as_ref().and_then(|key| key.value.clone()),
        };
        let key = key.map_or(Some(KeyModel::Address), |named| KeyModel::parse(&named, errors))?;
        (!rates.is_empty()).then_some(Self { rates, burst, key, missing, cost, shadow, places })
    }
}

impl Places {
    fn key(&self) -> TokenStream {
        self.key.clone().unwrap_or_else(|| self.attribute.to_token_stream())
    }

    fn rates(&self) -> TokenStream {
        self.rates.as_ref().map_or_else(|| self.attribute.to_token_stream(), ToTokens::to_token_stream)
    }
}

fn literals(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Vec<LitStr> {
    let positional = arguments.take_positional();
    if positional.as_ref().is_some_and(Vec::is_empty) {
        errors.at(attribute, "`rate_limited` needs a rate: write `#[rate_limited(\"100/minute\")]`");
    }
    let positional = positional.unwrap_or_default();
    positional.iter().filter_map(|tokens| text_literal(tokens, errors, no_text)).collect()
}

/// A rate without its quotes is written with them, everything else is answered with an example.
fn no_text(tokens: &TokenStream) -> String {
    let written: String = tokens.to_string().split_whitespace().collect();
    let example = if is_rate(&written) { written.as_str() } else { "100/minute" };
    format!("a rate is a text: write `\"{example}\"`")
}

fn rates(literals: &[LitStr], errors: &Errors) -> Vec<RateModel> {
    let mut rates: Vec<RateModel> = Vec::new();
    for literal in literals {
        for rate in parse_rates(literal, errors) {
            match rates.iter().find(|other| other.nanos == rate.nanos) {
                Some(_) => errors.at(literal, same_period(&rate)),
                None => rates.push(rate),
            }
        }
    }
    rates
}

fn same_period(rate: &RateModel) -> String {
    format!("two rates have one period, {}: the lower one alone would count, so keep that one", rate.period)
}

fn burst(named: &Named, rates: &[RateModel], errors: &Errors) -> Option<u32> {
    let burst = named.positive("burst = 200", errors)?;
    if rates.len() > 1 {
        errors.at(
            &named.key,
            "`burst` belongs to one rate, and there are several: take it away, or write one rate",
        );
    } else if rates.iter().any(|rate| !rate.can_refill(burst)) {
        errors.at(&named.value, "this burst takes more than a century to refill at this rate: lower it");
    }
    Some(burst)
}

const MISSING: &[(&str, Missing)] =
    &[("anonymous", Missing::Anonymous), ("reject", Missing::Reject), ("skip", Missing::Skip)];

impl Cost {
    /// `capacity` is what the lowest of the rates admits at once: a cost above it would refuse every request.
    fn parse(named: &Named, capacity: Option<u32>, errors: &Errors) -> Option<Self> {
        const EXAMPLE: &str = "cost = 5";
        let value = named.value(EXAMPLE, errors)?;
        if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
            return Some(Self::Of(path));
        }
        if syn::parse2::<LitInt>(value.clone()).is_err() {
            errors.at(
                value,
                "`cost` is a number, or the path of a `fn(&RequestFacts<'_>) -> u32`: write `cost = 5`, or `cost = path::to::function`",
            );
            return None;
        }
        let cost = named.positive(EXAMPLE, errors)?;
        if let Some(capacity) = capacity.filter(|capacity| cost > *capacity) {
            errors.at(value, format!("a cost of {cost} never fits where {capacity} are admitted at once: lower it, or raise the rate or its `burst`"));
        }
        Some(Self::Fixed(cost))
    }
}

const KEY_WORDS: &[&str] = &["ip", "global", "header"];

impl KeyModel {
    fn parse(named: &Named, errors: &Errors) -> Option<Self> {
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
            lower if lower.starts_with(char::is_lowercase) => {
                errors.at(word, no_key(lower, lower));
                None
            }
            _ => Self::custom(&word.to_token_stream(), errors),
        }
    }

    fn custom(value: &TokenStream, errors: &Errors) -> Option<Self> {
        if let Ok(ty @ Type::Path(_)) = syn::parse2::<Type>(value.clone()) {
            return Some(Self::Custom(Box::new(ty)));
        }
        errors.at(value, no_key_but_text(value).unwrap_or_else(|| format!("this is no key: {KEYS}")));
        None
    }

    fn joined(inside: TokenStream, value: &TokenStream, errors: &Errors) -> Option<Self> {
        let parts = split(inside);
        if parts.len() < 2 {
            errors.at(value, "a tuple of keys has at least two: write `key = (ip, header(\"x-api-key\"))`");
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
    fn label(&self) -> String {
        match self {
            Self::Address => "ip".to_owned(),
            Self::Everyone => "global".to_owned(),
            Self::Header(name) => name.clone(),
            Self::Custom(ty) => type_label(ty),
            Self::Joined(keys) => keys.iter().map(Self::label).collect::<Vec<_>>().join("-"),
        }
    }

    /// The same for equal keys.
    fn words(&self) -> String {
        match self {
            Self::Address => "ip".to_owned(),
            Self::Everyone => "global".to_owned(),
            Self::Header(name) => format!("header {name}"),
            Self::Custom(ty) => ty.to_token_stream().to_string().replace(' ', ""),
            Self::Joined(keys) => keys.iter().map(Self::words).collect::<Vec<_>>().join(" and "),
        }
    }

    /// The order of limits with different keys, whatever the order of their attributes.
    const fn rank(&self) -> u8 {
        match self {
            Self::Address => 0,
            Self::Everyone => 1,
            Self::Header(_) => 2,
            Self::Custom(_) => 3,
            Self::Joined(_) => 4,
        }
    }

    fn emit(&self, runtime: &Runtime) -> TokenStream {
        let source = runtime.item("KeySource");
        match self {
            Self::Address => quote!(#source::Address),
            Self::Everyone => quote!(#source::Everyone),
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

const KEYS: &str = "write ip, global, header(\"..\"), the path of a type that implements `tollgate::RateLimitKey`, or a tuple of those";

fn no_key(written: &str, word: &str) -> String {
    match crate::args::nearest(word, KEY_WORDS.iter().copied()) {
        Some("header") => format!("`{written}` is no key: did you mean `header(\"x-api-key\")`?"),
        Some(near) => format!("`{written}` is no key: did you mean `{near}`?"),
        None => format!("`{written}` is no key: {KEYS}"),
    }
}

/// A text is a word in quotes, or the name of a header field.
fn no_key_but_text(value: &TokenStream) -> Option<String> {
    let text = quoted(value)?;
    let key = if KEY_WORDS.contains(&text.as_str()) { text } else { format!("header(\"{text}\")") };
    Some(format!("a key is no text: write `{key}`"))
}

/// The name of a header field, in the lower case that HTTP compares it in.
fn header(rest: &[TokenTree], value: &TokenStream, errors: &Errors) -> Option<String> {
    const EXAMPLE: &str = "write `header(\"x-api-key\")`";
    let literal = match rest {
        [TokenTree::Group(group)] => syn::parse2::<LitStr>(group.stream()).ok(),
        _ => None,
    };
    let Some(literal) = literal else {
        errors.at(value, format!("`header` takes the name of one field: {EXAMPLE}"));
        return None;
    };
    let name = literal.value().to_ascii_lowercase();
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
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

/// Puts the limits of one function into their order and checks them against each other.
pub(crate) fn settle(limits: &mut [Model], errors: &Errors) {
    limits.sort_by_key(|limit| (limit.key.rank(), limit.key.words()));
    for (place, limit) in limits.iter().enumerate() {
        let before = &limits[..place];
        if let Some(other) = before.iter().find(|other| other.key.words() == limit.key.words()) {
            errors.at(limit.places.key(), limit.same_key(other));
        } else if before.iter().any(|other| other.key.label() == limit.key.label()) {
            errors.at(limit.places.key(), limit.same_label());
        }
    }
    let rates: usize = limits.iter().map(|limit| limit.rates.len()).sum();
    if let Some(last) = limits.last().filter(|_| rates > MAX_RATES) {
        errors.at(
            last.places.rates(),
            format!("a function has at most {MAX_RATES} rates in all, and here are {rates}: take some away"),
        );
    }
}

impl Model {
    fn same_key(&self, other: &Self) -> String {
        let is_default = self.places.key.is_none() || other.places.key.is_none();
        let (words, default) = (self.key.words(), if is_default { ", which is the default" } else { "" });
        format!(
            "two `rate_limited` of one function count by {words}{default}: write their rates into one, as in `#[rate_limited(\"5/second\", \"100/minute\")]`"
        )
    }

    fn same_label(&self) -> String {
        format!(
            "two keys of one function are both called `{}` on the wire: count one of them by a type of another name",
            self.key.label()
        )
    }
}

/// As many as the runtime keeps without an allocation.
const MAX_RATES: usize = 8;

/// The limits as a constant expression.
pub(crate) fn emit(limits: &[Model], runtime: &Runtime) -> TokenStream {
    let emitted = limits.iter().enumerate().map(|(place, limit)| limit.emit(place, limits.len(), runtime));
    quote!(&[#(#emitted),*])
}

impl Model {
    fn emit(&self, place: usize, of: usize, runtime: &Runtime) -> TokenStream {
        let Self { rates, burst, key, missing, cost, shadow, places: _ } = self;
        let [limit, rate] = ["Limit", "Rate"].map(|name| runtime.item(name));
        let attribute = Attribute::RateLimited.name();
        let label = if place == 0 { attribute.to_owned() } else { format!("{attribute}:{}", key.label()) };
        let prefix = if of > 1 { format!("{}-", key.label()) } else { String::new() };
        let rates = rates.iter().map(|model| {
            let name = if rates.len() == 1 && of == 1 { "default" } else { model.period.as_str() };
            let (name, RateModel { quota, nanos, .. }) = (format!("{prefix}{name}"), model);
            let burst = burst.map(|burst| quote!(.burst(#burst)));
            quote!(#rate::new(#name, #quota, #nanos) #burst)
        });
        let words = key.words();
        let key = key.emit(runtime);
        let missing = missing.map(|missing| missing.emit(runtime));
        let cost = cost.as_ref().map(|cost| cost.emit(runtime));
        let shadow = shadow.then(|| quote!(.shadow()));
        quote!(#limit::new(#label, #words, #key, &[#(#rates),*]) #missing #cost #shadow)
    }
}

impl Missing {
    fn emit(self, runtime: &Runtime) -> TokenStream {
        let missing = runtime.item("Missing");
        match self {
            Self::Anonymous => quote!(.missing(#missing::Anonymous)),
            Self::Reject => quote!(.missing(#missing::Reject)),
            Self::Skip => quote!(.missing(#missing::Skip)),
        }
    }
}

impl Cost {
    fn emit(&self, runtime: &Runtime) -> TokenStream {
        match self {
            Self::Fixed(number) => {
                let cost = runtime.item("Cost");
                quote!(.cost(#cost::Fixed(#number)))
            }
            Self::Of(path) => {
                let cost = runtime.item_at("Cost", span_of(path));
                quote_spanned!(span_of(path)=> .cost(#cost::Of(#path)))
            }
        }
    }
}
