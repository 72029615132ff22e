//! The user's function: its signature parsed, its body left as it is.
//!
//! A body that is half typed is still a body: editors go on helping in it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, GenericArgument, GenericParam, PathArguments, ReturnType, Safety, Signature, Token,
    Type, Visibility,
};

use crate::errors::Errors;

/// As many as axum passes.
const MAX_ARGUMENTS: usize = 16;

pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        if input.peek(Token![;]) {
            return Err(input.error("a handler is a free function with a body: write `{ .. }`"));
        }
        Ok(Self { attrs, vis, sig, body: braced(input.parse()?)?.to_token_stream() })
    }
}

/// A body, which as a fragment of a `macro_rules!` stands in an invisible group.
fn braced(token: TokenTree) -> syn::Result<Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Ok(group),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            braced(syn::parse2(group.stream())?)
        }
        other => {
            Err(syn::Error::new(other.span(), "a handler is a free function with a body: write `{ .. }`"))
        }
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, sig, body } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

impl Function {
    /// Its name, without `r#`.
    pub(crate) fn name(&self) -> String {
        self.sig.ident.unraw().to_string()
    }

    /// The types of its arguments.
    pub(crate) fn argument_types(&self) -> impl Iterator<Item = &Type> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        })
    }

    /// The types of those arguments that mean the same outside of the function: they mention none of its parameters.
    pub(crate) fn plain_argument_types(&self) -> impl Iterator<Item = &Type> {
        self.argument_types().filter(|ty| self.is_plain(ty))
    }

    /// Whether a type means the same outside of the function.
    fn is_plain(&self, ty: &Type) -> bool {
        let mut parameters = self.sig.generics.params.iter().map(name_of_parameter);
        !mentions_impl(ty) && !parameters.any(|name| find_word(ty.to_token_stream(), &name).is_some())
    }

    /// Its return type as documents need it: of `Result<impl IntoResponse, E>` the error counts, which is as plain as ever.
    pub(crate) fn plain_return_type(&self) -> Option<TokenStream> {
        let ty = self.return_type()?;
        if self.is_plain(ty) {
            return Some(ty.to_token_stream());
        }
        let error = error_of_result(ty).filter(|error| self.is_plain(error))?;
        Some(quote!(::core::result::Result<(), #error>))
    }

    /// Its return type where it was written.
    pub(crate) fn return_type(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ty),
        }
    }

    /// The word `Self` of its signature, which says that it stands in an `impl` block or a trait.
    fn mentions_self(&self) -> Option<Ident> {
        let Signature { inputs, output, .. } = &self.sig;
        find_word(quote!(#inputs #output), "Self")
    }

    /// Whether it certainly stands in an `impl` block or a trait.
    pub(crate) fn is_associated(&self) -> bool {
        self.sig.receiver().is_some() || self.mentions_self().is_some()
    }

    /// The place of the attribute that is being expanded, as if the user had written what is reported there: the
    /// compiler then leaves out that the error "originates in the attribute macro".
    pub(crate) fn attribute_span(&self) -> Span {
        Span::call_site().resolved_at(self.sig.ident.span())
    }

    /// Checks that it can be a handler. An attribute that functions have which are none is called `elsewhere`.
    pub(crate) fn check(&self, elsewhere: Option<&str>, errors: &Errors) {
        let elsewhere = elsewhere.map(in_the_other_form).unwrap_or_default();
        self.check_qualifiers(errors);
        self.check_arguments(&elsewhere, errors);
        if let Some(word) = self.mentions_self() {
            let message = "a handler is a free function and knows no `Self`: move it out of the `impl` block";
            errors.at(word, format!("{message}{elsewhere}"));
        }
    }

    fn check_qualifiers(&self, errors: &Errors) {
        let Signature { constness, asyncness, safety, abi, fn_token, ident, .. } = &self.sig;
        if let Some(constness) = constness {
            errors.at(constness, "a handler runs per request: take `const` away");
        }
        if let Safety::Unsafe(token) = safety {
            errors.at(token, "a handler is called by axum, which promises nothing: take `unsafe` away");
        }
        if let Some(abi) = abi {
            errors.at(abi, "a handler is called by axum: take `extern` away");
        }
        if asyncness.is_none() {
            errors.at(fn_token, format!("a handler is an `async fn`: write `async fn {ident}(..)`"));
        }
    }

    fn check_arguments(&self, elsewhere: &str, errors: &Errors) {
        let Signature { inputs, variadic, .. } = &self.sig;
        if let Some(variadic) = variadic {
            errors.at(variadic, "a handler has a fixed list of arguments");
        }
        inputs.iter().for_each(|input| check_argument(input, elsewhere, errors));
        if let Some(extra) = inputs.iter().nth(MAX_ARGUMENTS) {
            errors.at(extra, format!("axum passes at most {MAX_ARGUMENTS} arguments to a handler: put some of them into a tuple, which is one extractor"));
        }
    }
}

fn name_of_parameter(parameter: &GenericParam) -> String {
    match parameter {
        GenericParam::Type(ty) => ty.ident.to_string(),
        GenericParam::Const(constant) => constant.ident.to_string(),
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.ident.to_string(),
    }
}

fn in_the_other_form(attribute: &str) -> String {
    format!(
        "; where this is no handler, but a function that other code calls, write `#[tollgate::{attribute}]`"
    )
}

fn check_argument(input: &FnArg, elsewhere: &str, errors: &Errors) {
    match input {
        FnArg::Receiver(receiver) => {
            let message = "a handler is a free function and has no `self`: move it out of the `impl` block and take what \
                           `self` holds as `State(..): State<..>`";
            errors.at(receiver, format!("{message}{elsewhere}"));
        }
        FnArg::Typed(typed) => {
            if let Some(cfg) = typed.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
                errors.at(cfg, "an argument of an annotated handler is there always: write the handler twice, each behind its `cfg`");
            }
            if let Type::Reference(reference) = &*typed.ty {
                errors.at(reference, no_reference(&reference.elem) + elsewhere);
            }
        }
    }
}

fn no_reference(to: &Type) -> String {
    let to = to.to_token_stream().to_string();
    let instead = match to.as_str() {
        "str" => "`Path<String>`, or another extractor of a `String`".to_owned(),
        "[u8]" => "`Bytes` as the last argument".to_owned(),
        _ => format!("`State<{to}>` for shared state, or the extractor itself"),
    };
    format!("an extractor hands over what it extracts, so a handler takes no references: write {instead}")
}

/// The second type of what is written as `Result<_, E>`.
pub(crate) fn error_of_result(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.iter().collect::<Vec<_>>()[..] {
        [GenericArgument::Type(_), GenericArgument::Type(error)] => Some(error),
        _ => None,
    }
}

/// The `T` of what is written as `Result<T, ..>` or `Option<T>`.
pub(crate) fn value_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Result" || last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(value) => Some(value),
        _ => None,
    }
}

/// Whether a type holds `impl Trait`, which can be written in a signature alone.
pub(crate) fn mentions_impl(ty: &Type) -> bool {
    find_word(ty.to_token_stream(), "impl").is_some()
}

/// The first place of a word, however deep.
fn find_word(tokens: TokenStream, word: &str) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => find_word(group.stream(), word),
        TokenTree::Ident(ident) => (ident == word).then_some(ident),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

/// The item without its attributes, where it is none that can be parsed as a function with a signature.
pub(crate) fn other_item(tokens: &TokenStream) -> Option<TokenStream> {
    const IN_FRONT: &[&str] = &["pub", "const", "async", "unsafe", "extern"];
    let parse = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<TokenStream>()
    };
    let item = parse.parse2(tokens.clone()).ok()?;
    let in_front = |token: &TokenTree| match token {
        TokenTree::Ident(word) => IN_FRONT.iter().any(|known| word == known),
        TokenTree::Group(_) | TokenTree::Literal(_) => true,
        TokenTree::Punct(_) => false,
    };
    let first = item.clone().into_iter().find(|token| !in_front(token));
    let is_function = matches!(first, Some(TokenTree::Ident(word)) if word == "fn");
    (!is_function).then_some(item)
}

/// The place of a function's answer: its return type, or its name where it has none.
pub(crate) fn answer_span(function: &Function) -> Span {
    function.return_type().map_or_else(|| function.sig.ident.span(), Spanned::span)
}
