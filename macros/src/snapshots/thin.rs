//! Whether an expansion is thin.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprLit, ExprMethodCall, File, ItemFn, Lit, Local, LocalInit, Pat, Path, Stmt};

use crate::function::Function;
use crate::paths::is_of_runtime;

/// Attributes of the compiler, and of `linkme`.
const ATTRIBUTES: &[&str] = &["doc", "allow", "linkme", "automatically_derived"];
/// Builders of constants, questions about arguments, and what an error that occurred takes with it.
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
    "prefix",
    "algorithm",
    "tiers",
    "charge_on",
    "on_store_error",
    "lease",
    "share",
    "cached",
    "stale_while_revalidate",
    "stale_if_error",
    "public",
    "vary",
    "max_body",
    "keyed",
    "built_as",
    "invalidates",
    "site",
    "fallback",
    "circuit_breaker",
    "bulkhead",
    "timeout",
    // Versions, the handlers that answer them, and what is converted between.
    "versioned",
    "since",
    "before",
    "only",
    "deprecated",
    "sunset",
    "link",
    "gone",
    "preview",
    "version",
    "answer",
    "request",
    "response",
    "map_err",
    "and_then",
    "__tollgate_place",
    // How a circuit breaker and a bulkhead are built.
    "consecutive_failures",
    "failure_rate",
    "slow_calls",
    "open_for",
    "open_for_growth",
    "jitter",
    "half_open_calls",
    "half_open_rate",
    "half_open_wait",
    "metrics_only",
    "judged_by",
    "queue",
    "tollgate_head",
    "tollgate_last",
    "check",
    // Sites of calls, and the keys of one call.
    "entries",
    "wait",
    "limited_by",
    "part",
    // What is kept, and what is thrown away, by the arguments.
    "add",
    // The same of a call.
    "by",
    "controlled",
    "add_typed",
    "add_text",
    "of_type",
    "tag",
    "marked",
    "ttl",
    "ttl_of",
    "or_make",
    "kept",
    "tollgate_kept",
    "fetch",
    "fetch_here",
    "shape",
    "and_errors",
    "and_none",
    "rest",
    "is_success",
    "is_failure",
    // What a call goes through, and what stands between its attempts.
    "within_total",
    "retry",
    "backoff",
    "budget",
    "broken_by",
    "guarded",
    "in_time",
    "retries",
    "over",
    "prepared",
    // Kinds of errors.
    "uri",
    "exposed",
    "log",
    "example",
    "description",
    "extensions",
    "headers",
    "extension",
    "header",
    "problem",
    // Fields of pages.
    "key",
    "sortable",
    "filterable",
    "schema",
    "nullable",
    "cast",
    "style",
    "per_page",
    "max_offset",
];
/// What the signatures of derived functions name.
const SIGNATURES: &[&str] = &["self", "Self", "str", "usize"];

/// What stands beside a handler under its name.
const BESIDE: &[&str] = &["__gate_", "__versions_", "__path_"];

/// What an expansion of `source` names or does that it must not.
pub(super) fn faults(source: &str, expanded: &str) -> Vec<String> {
    let mut file: File = syn::parse_str(expanded).unwrap();
    let body = syn::parse_str::<Function>(source).map(|function| spelling(&function.body));
    let mut declared = Declared::default();
    declared.visit_file_mut(&mut file);
    let mut known = words(source.parse().unwrap());
    known.extend(declared.0);
    known.extend(SIGNATURES.iter().chain(ATTRIBUTES).map(|name| (*name).to_owned()));
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
        visit_mut::visit_item_const_mut(self, item);
    }

    fn visit_item_fn_mut(&mut self, item: &mut ItemFn) {
        self.0.insert(item.sig.ident.to_string());
        visit_mut::visit_item_fn_mut(self, item);
    }

    fn visit_item_type_mut(&mut self, item: &mut syn::ItemType) {
        self.0.insert(item.ident.to_string());
    }

    fn visit_type_param_mut(&mut self, parameter: &mut syn::TypeParam) {
        self.0.insert(parameter.ident.to_string());
        visit_mut::visit_type_param_mut(self, parameter);
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
            (Some(_), Some("core" | "std")) => true,
            (Some(_), Some("tollgate")) => is_of_runtime(path),
            (None, Some(root)) if is_of_runtime(path) => self.known.contains(root),
            _ => names.iter().all(|name| self.known.contains(name) || self.is_beside(name)),
        }
    }

    /// Whether it is what our attributes have put beside a handler of the user's.
    fn is_beside(&self, name: &str) -> bool {
        BESIDE
            .iter()
            .filter_map(|prefix| name.strip_prefix(prefix))
            .any(|handler| self.known.contains(handler))
    }
}

impl VisitMut for Reader {
    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        if spelling(&function.block) != self.body {
            visit_mut::visit_item_fn_mut(self, function);
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        if spelling(block) != self.body {
            visit_mut::visit_block_mut(self, block);
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

    /// What each attempt takes anew, and what stands between them, are expressions that have a name.
    fn visit_local_mut(&mut self, local: &mut Local) {
        if !matches!((&local.pat, &local.init), (Pat::Ident(_), Some(LocalInit { diverge: None, .. }))) {
            self.fault("a binding", local);
        }
        visit_mut::visit_local_mut(self, local);
    }
}

/// Whether an expression decides nothing: constants, calls, one `.await`, and `if false` around what is asked of the compiler alone.
fn is_thin(expression: &Expr) -> bool {
    match expression {
        // Which variant, or which field: all that a derive asks.
        Expr::Match(question) => matches!(*question.expr, Expr::Path(_) | Expr::Unary(_)),
        Expr::Index(index) => matches!(*index.index, Expr::Lit(_)),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)),
        Expr::If(branch) => {
            branch.else_branch.is_none() && (is_false(&branch.cond) || is_last_attempt(branch))
        }
        Expr::Let(question) => matches!(&*question.expr, Expr::MethodCall(call) if call.method == "over"),
        Expr::Array(_)
        | Expr::Async(_)
        | Expr::Await(_)
        | Expr::Block(_)
        | Expr::Break(_)
        | Expr::Call(_)
        | Expr::Closure(_)
        | Expr::Field(_)
        | Expr::Lit(_)
        | Expr::Loop(_)
        | Expr::Macro(_)
        | Expr::MethodCall(_)
        | Expr::Paren(_)
        | Expr::Path(_)
        | Expr::Reference(_)
        | Expr::Repeat(_)
        | Expr::Return(_)
        | Expr::Struct(_)
        | Expr::Tuple(_) => true,
        _ => false,
    }
}

/// `if let Some(answer) = retries.over(..) { break answer; }`: the runtime has decided.
fn is_last_attempt(branch: &syn::ExprIf) -> bool {
    matches!(*branch.cond, Expr::Let(_))
        && matches!(&*branch.then_branch.stmts, [Stmt::Expr(Expr::Break(_), _)])
}

fn is_false(condition: &Expr) -> bool {
    matches!(condition, Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) if !value.value)
}
