//! `#[authorize(role = "editor", scope = "airports:write", check = path::to::function)]`.

mod roles;
mod scope;
mod unnamed;
mod vocabulary;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{ExprPath, LitStr};

use self::roles::Roles;
use self::scope::Scope;
pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, FunctionPath, span_of};
use crate::errors::Errors;
use crate::paths::Runtime;

/// One `#[authorize]`; what is `None` is not asked for, and without any of it a principal is enough.
pub(crate) struct Model {
    roles: Option<Roles>,
    scope: Option<Scope>,
    check: Option<ExprPath>,
}

impl Model {
    pub(crate) fn parse(arguments: &mut Arguments, errors: &Errors) -> Self {
        unnamed::report(&arguments.take_positional().unwrap_or_default(), errors);
        let roles = Roles::parse(arguments, errors);
        let scope = arguments.take("scope").and_then(|named| Scope::parse(&named, errors));
        let check = arguments.take("check").and_then(|named| CHECK_PATH.parse(&named, errors));
        Self { roles, scope, check }
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { roles, scope, check } = self;
        let authorize = runtime.item("Authorize");
        let roles = roles.as_ref().map(Roles::emit);
        let scope = scope.as_ref().map(Scope::emit);
        // On the user's path, where the compiler says that its signature is another.
        let check = check.as_ref().map(|path| quote_spanned!(span_of(path)=> .check(#path)));
        quote!(#authorize::new() #roles #scope #check)
    }
}

const CHECK: &str = "check = path::to::function";

const CHECK_PATH: FunctionPath = FunctionPath {
    key: "check",
    signature: "fn(&Principal, &RequestFacts<'_>) -> bool",
    example: ("fn may_edit(principal: &Principal, facts: &RequestFacts<'_>) -> bool", "may_edit"),
};

/// All texts among some tokens, however deep: what somebody meant who wrote them in another form.
fn texts_in(tokens: TokenStream) -> Vec<String> {
    let texts = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => texts_in(group.stream()),
        TokenTree::Literal(_) => syn::parse2::<LitStr>(token.into()).iter().map(LitStr::value).collect(),
        TokenTree::Ident(_) | TokenTree::Punct(_) => Vec::new(),
    });
    texts.filter(|text| !text.trim().is_empty()).collect()
}

/// How roles are written: `role = "one"`, or `any_role = ["one", "another"]`.
fn spelled(roles: &[String]) -> String {
    match roles {
        [] => "role = \"editor\"".to_owned(),
        [role] => format!("role = {role:?}"),
        roles => format!("any_role = {roles:?}"),
    }
}

/// Whether a value is a list, in whatever brackets.
fn is_list(value: &TokenStream) -> bool {
    [Delimiter::Bracket, Delimiter::Parenthesis, Delimiter::Brace]
        .into_iter()
        .any(|brackets| crate::args::inside(value, brackets).is_some())
}
