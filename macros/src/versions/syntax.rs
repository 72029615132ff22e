//! What stands within `versions! { .. }`.

use proc_macro2::{Ident, TokenStream};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token, Visibility, bracketed, parenthesized};

use super::Conversion;
use crate::args::nearest;
use crate::errors::Errors;

/// One item as it is written.
pub(super) struct Written {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    pub(super) members: Vec<Path>,
    pub(super) holes: Vec<Ident>,
    pub(super) conversions: Vec<Conversion>,
}

/// What an item says behind its handlers.
const OPTIONS: &[&str] = &["holes"];

/// All items, divided by `;` or by nothing.
pub(super) fn parse(tokens: TokenStream, errors: &Errors) -> Vec<Written> {
    let is_empty = tokens.is_empty();
    let items = |input: ParseStream<'_>| {
        let mut items = Vec::new();
        skip_root(input)?;
        while !input.is_empty() {
            items.push(input.parse::<Written>()?);
            while input.parse::<Option<Token![;]>>()?.is_some() {}
        }
        Ok(items)
    };
    match items.parse2(tokens) {
        Ok(_) if is_empty => {
            let place = proc_macro2::Span::call_site();
            errors.at_span(place, "there is nothing here: write `pub airport = [airport_v1, airport_v2]`");
            Vec::new()
        }
        Ok(items) => items,
        Err(error) => {
            errors.push(error);
            Vec::new()
        }
    }
}

/// `crate = path;` in front of all, which was read before.
fn skip_root(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    if ahead.parse::<Token![crate]>().is_ok() && ahead.parse::<Token![=]>().is_ok() {
        Path::parse_mod_style(&ahead)?;
        ahead.parse::<Token![;]>()?;
        input.advance_to(&ahead);
    }
    Ok(())
}

/// The `crate = path;` in front of all.
pub(crate) fn root_of(tokens: &TokenStream) -> Option<Path> {
    let root = |input: ParseStream<'_>| {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        let path = Path::parse_mod_style(input)?;
        input.parse::<TokenStream>()?;
        Ok(path)
    };
    root.parse2(tokens.clone()).ok()
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let name: Ident = input.parse()?;
        if !input.peek(Token![=]) {
            return Err(input
                .error(format!("the handlers of `{name}` follow: write `{name} = [{name}_v1, {name}_v2]`")));
        }
        input.parse::<Token![=]>()?;
        if !input.peek(syn::token::Bracket) {
            return Err(
                input.error(format!("handlers stand in a list: write `{name} = [{name}_v1, {name}_v2]`"))
            );
        }
        let members;
        bracketed!(members in input);
        let members = Punctuated::<Path, Token![,]>::parse_terminated_with(&members, Path::parse_mod_style)?;
        let mut written = Self {
            attrs,
            vis,
            name,
            members: members.into_iter().collect(),
            holes: Vec::new(),
            conversions: Vec::new(),
        };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() && !input.peek(Token![;]) {
            written.option(input)?;
        }
        Ok(written)
    }
}

impl Written {
    fn option(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key: Ident = input.parse()?;
        let is_version = key.to_string().starts_with(char::is_uppercase);
        if is_version {
            self.conversions.push(Conversion::of(key, input)?);
            return Ok(());
        }
        if key != "holes" {
            let instead = match nearest(&key.to_string(), OPTIONS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "it knows `holes = [V1]`, for versions that nothing answers, and `V1 = convert(..)`"
                    .to_owned(),
            };
            return Err(syn::Error::new(key.span(), format!("`versions` has no `{key}`: {instead}")));
        }
        input.parse::<Token![=]>()?;
        if !input.peek(syn::token::Bracket) {
            return Err(input.error("`holes` takes a list of versions: write `holes = [V1]`"));
        }
        let holes;
        bracketed!(holes in input);
        let by_variants = "`holes` names versions by their variants alone: write `holes = [V1]`";
        let holes = Punctuated::<Ident, Token![,]>::parse_terminated(&holes)
            .map_err(|error| syn::Error::new(error.span(), by_variants))?;
        self.holes.extend(holes);
        Ok(())
    }
}

impl Conversion {
    /// What follows the version: `= convert(request = up, response = down)`.
    fn of(version: Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let example = format!("{version} = convert(request = up, response = down)");
        let wrong = |span| {
            syn::Error::new(span, format!("a version without a handler is converted: write `{example}`"))
        };
        input.parse::<Token![=]>().map_err(|error| wrong(error.span()))?;
        let word: Ident = input.parse().map_err(|error| wrong(error.span()))?;
        if word != "convert" || !input.peek(syn::token::Paren) {
            return Err(wrong(word.span()));
        }
        let arguments;
        parenthesized!(arguments in input);
        let mut conversion = Self { version, request: None, response: None };
        while !arguments.is_empty() {
            conversion.argument(&arguments, &example)?;
            if arguments.parse::<Option<Token![,]>>()?.is_none() && !arguments.is_empty() {
                return Err(arguments.error("a comma is missing in front of this"));
            }
        }
        if conversion.request.is_none() && conversion.response.is_none() {
            return Err(syn::Error::new(
                word.span(),
                format!("nothing is converted here: write `{example}`"),
            ));
        }
        Ok(conversion)
    }

    fn argument(&mut self, input: ParseStream<'_>, example: &str) -> syn::Result<()> {
        let key: Ident = input.parse()?;
        let place = match key.to_string().as_str() {
            "request" => &mut self.request,
            "response" => &mut self.response,
            other => {
                let near = nearest(other, ["request", "response"]);
                let instead = near
                    .map_or_else(|| format!("write `{example}`"), |near| format!("did you mean `{near}`?"));
                return Err(syn::Error::new(key.span(), format!("`convert` has no `{other}`: {instead}")));
            }
        };
        if place.is_some() {
            return Err(syn::Error::new(key.span(), format!("`{key}` is given twice: keep one")));
        }
        input.parse::<Token![=]>()?;
        *place = Some(input.call(Path::parse_mod_style).map_err(|error| {
            syn::Error::new(error.span(), format!("`{key}` takes the path of a function: write `{example}`"))
        })?);
        Ok(())
    }
}
