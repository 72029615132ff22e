//! Whether an expansion is thin.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, ExprMethodCall, File, ItemFn, Lit, Local, Path};

use crate::function::Function;
use crate::paths::is_of_runtime;

/// Attributes of the compiler, and of `linkme`.
const ATTRIBUTES: &[&str] = &["doc", "allow", "linkme"];
/// Builders of constants, and questions about arguments.
const METHODS: &[&str] = &[
    "with_metrics",
    "authorize",
    "role",
    "any_role",
    "scope",
    "rate_limited",
    "burst",
    "missing",
    "cost",
    "after_authorize",
    "shadow",
    "tollgate_head",
    "tollgate_last",
    "check",
];

/// What an expansion of `source` names or does that it must not.
pub(super) fn faults(source: &str, expanded: &str) -> Vec<String> {
    let mut file: File = syn::parse_str(expanded).unwrap();
    let body = syn::parse_str::<Function>(source).map(|function| spelling(&function.body));
    let mut declared = Declared::default();
    declared.visit_file_mut(&mut file);
    let mut known = words(source.parse().unwrap());
    known.extend(declared.0);
    known.extend(ATTRIBUTES.iter().map(|name| (*name).to_owned()));
    let mut reader = Reader { known, body: body.unwrap_or_default(), faults: Vec::new() };
    reader.visit_file_mut(&mut file);
    reader.faults
}

/// Tokens without the blanks between them, which depend on where they come from.
fn spelling(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().split_whitespace().collect()
}

/// All words, however deep.
fn words(tokens: TokenStream) -> HashSet<String> {
    let words = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => words(group.stream()),
        TokenTree::Ident(word) => HashSet::from([word.to_string()]),
        TokenTree::Punct(_) | TokenTree::Literal(_) => HashSet::new(),
    });
    words.flatten().collect()
}

/// The names that an expansion gives.
#[derive(Default)]
struct Declared(HashSet<String>);

impl VisitMut for Declared {
    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_item_static_mut(&mut self, item: &mut syn::ItemStatic) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_item_const_mut(&mut self, item: &mut syn::ItemConst) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
        self.0.insert(pattern.ident.to_string());
    }
}

/// Reads everything but the user's own body.
struct Reader {
    known: HashSet<String>,
    body: String,
    faults: Vec<String>,
}

impl Reader {
    fn fault(&mut self, what: &str, tokens: &impl ToTokens) {
        self.faults.push(format!("{what}: {}", tokens.to_token_stream()));
    }

    fn knows(&self, path: &Path) -> bool {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        match (path.leading_colon, names.first().map(String::as_str)) {
            (Some(_), Some("core")) => true,
            (Some(_), Some("tollgate")) => is_of_runtime(path),
            (None, Some(root)) if is_of_runtime(path) => self.known.contains(root),
            _ => names.iter().all(|name| self.known.contains(name)),
        }
    }
}

impl VisitMut for Reader {
    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        if spelling(&function.block) != self.body {
            visit_mut::visit_item_fn_mut(self, function);
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        if !self.knows(path) {
            self.fault("a foreign name", path);
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if !is_thin(expression) {
            self.fault("logic", expression);
        }
        visit_mut::visit_expr_mut(self, expression);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        if !METHODS.iter().any(|method| call.method == method) {
            self.fault("a call", &call.method);
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        self.fault("a binding", local);
    }
}

/// Whether an expression decides nothing: constants, calls, one `.await`, and `if false` around the probes.
fn is_thin(expression: &Expr) -> bool {
    match expression {
        Expr::If(branch) => branch.else_branch.is_none() && is_false(&branch.cond),
        Expr::Array(_)
        | Expr::Await(_)
        | Expr::Block(_)
        | Expr::Call(_)
        | Expr::Closure(_)
        | Expr::Lit(_)
        | Expr::Macro(_)
        | Expr::MethodCall(_)
        | Expr::Paren(_)
        | Expr::Path(_)
        | Expr::Reference(_)
        | Expr::Struct(_)
        | Expr::Tuple(_) => true,
        _ => false,
    }
}

fn is_false(condition: &Expr) -> bool {
    matches!(condition, Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) if !value.value)
}
