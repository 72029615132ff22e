//! What a function that is tried several times takes each time: its own of what it takes by value, and the same of what it borrows.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, Pat, PatIdent, Receiver, ReceiverKind, Signature, Type};

use super::form::{Body, Form};
use crate::function::Function;
use crate::paths::Runtime;

/// The arguments of one attempt.
pub(super) struct Repeated {
    /// In front of it: `let station = repeated(&station);`
    pub(super) before: TokenStream,
    /// Within it: `let mut station = station;`
    pub(super) within: TokenStream,
}

impl Repeated {
    pub(super) fn of(function: &Function, form: &Form, runtime: &Runtime) -> Self {
        let (mut before, mut within) = (TokenStream::new(), TokenStream::new());
        for input in &function.sig.inputs {
            let FnArg::Typed(typed) = input else { continue };
            for binding in Binding::all(&typed.pat, &typed.ty) {
                if !is_used(&binding.name, form) {
                    continue;
                }
                let Some(again) = binding.again(typed.ty.span(), runtime) else { continue };
                let Binding { name, is_mut, .. } = &binding;
                let mutable = is_mut.then(|| quote!(mut));
                // The names are the user's, who neither shadows nor uses them here.
                let allowed = quote!(#[allow(clippy::shadow_reuse, clippy::shadow_same, clippy::used_underscore_binding)]);
                before.extend(quote!(#allowed let #name = #again;));
                within.extend(quote!(#allowed let #mutable #name = #name;));
            }
        }
        Self { before, within }
    }
}

/// Whether an attempt has an argument at all: where a future is returned, what stands in front of it may have used it up.
fn is_used(name: &Ident, form: &Form) -> bool {
    match &form.body {
        Body::Returned { block, .. } => mentions(block.stream(), &name.to_string()),
        Body::Plain => true,
    }
}

/// Also in a text, which may be a template.
fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(word) => word == name,
        TokenTree::Literal(literal) => literal.to_string().contains(name),
        TokenTree::Punct(_) => false,
    })
}

/// How an attempt has a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Owned,
    Shared,
    Exclusive,
}

/// What a pattern binds.
struct Binding {
    name: Ident,
    mode: Mode,
    is_mut: bool,
}

impl Binding {
    fn all(pattern: &Pat, ty: &Type) -> Vec<Self> {
        let mut reader = Reader { mode: mode_of(ty), bindings: Vec::new() };
        reader.visit_pat_mut(&mut pattern.clone());
        reader.bindings
    }

    /// What another attempt has for it; `None` where that is the same.
    fn again(&self, place: Span, runtime: &Runtime) -> Option<TokenStream> {
        let mut name = self.name.clone();
        match self.mode {
            Mode::Shared if !self.is_mut => None,
            Mode::Exclusive => Some(quote!(&mut *#name)),
            // Reported on the type, which is what has no clones.
            Mode::Owned | Mode::Shared => {
                let repeated = runtime.item_at("repeated", place);
                name.set_span(place.resolved_at(name.span()));
                Some(quote_spanned!(place=> #repeated(&#name)))
            }
        }
    }
}

fn mode_of(ty: &Type) -> Mode {
    match ty {
        Type::Reference(reference) if reference.mutability.is_some() => Mode::Exclusive,
        Type::Reference(_) => Mode::Shared,
        Type::Group(group) => mode_of(&group.elem),
        Type::Paren(paren) => mode_of(&paren.elem),
        _ => Mode::Owned,
    }
}

struct Reader {
    mode: Mode,
    bindings: Vec<Binding>,
}

impl VisitMut for Reader {
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        let outside = self.mode;
        if matches!(pattern, Pat::Reference(_)) {
            // What is behind it is copied.
            self.mode = Mode::Owned;
        }
        visit_mut::visit_pat_mut(self, pattern);
        self.mode = outside;
    }

    fn visit_pat_ident_mut(&mut self, pattern: &mut PatIdent) {
        let PatIdent { by_ref, mutability, ident, .. } = &*pattern;
        let (mode, is_mut) = match (by_ref, mutability) {
            (Some(_), Some(_)) => (Mode::Exclusive, false),
            (Some(_), None) => (Mode::Shared, false),
            (None, mutability) => (self.mode, mutability.is_some()),
        };
        // A word in capitals is a constant or a variant to compare with.
        if !ident.to_string().starts_with(char::is_uppercase) {
            self.bindings.push(Binding { name: ident.clone(), mode, is_mut });
        }
        visit_mut::visit_pat_ident_mut(self, pattern);
    }
}

/// The signature without each `mut` that stands within the attempts instead: it would be called unnecessary.
pub(super) fn without_mut(signature: &Signature) -> Signature {
    struct Unchanged;
    impl VisitMut for Unchanged {
        fn visit_pat_ident_mut(&mut self, pattern: &mut PatIdent) {
            if pattern.by_ref.is_none() {
                pattern.mutability = None;
            }
            visit_mut::visit_pat_ident_mut(self, pattern);
        }
    }
    let mut signature = signature.clone();
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input {
            Unchanged.visit_pat_mut(&mut typed.pat);
        }
    }
    signature
}

/// The block of one attempt. `#[async_trait]` begins it with `let __self = self;`, which would move a `&mut self` into the first one.
pub(super) fn block(function: &Function, form: &Form, block: &TokenStream) -> TokenStream {
    let is_exclusive = function.sig.receiver().is_some_and(is_exclusive);
    match form.body {
        Body::Returned { .. } if is_exclusive => block.clone().into_iter().map(lent).collect(),
        Body::Returned { .. } | Body::Plain => block.clone(),
    }
}

fn is_exclusive(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_some(),
        ReceiverKind::Typed(_, ty) => mode_of(ty) == Mode::Exclusive,
        _ => false,
    }
}

/// A block with `&mut *self` for each `= self;` in it, not deeper.
fn lent(token: TokenTree) -> TokenTree {
    let TokenTree::Group(group) = &token else { return token };
    if group.delimiter() != Delimiter::Brace {
        return token;
    }
    let tokens: Vec<_> = group.stream().into_iter().collect();
    let is = |token: Option<&TokenTree>, punct: char| matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == punct);
    let lent = tokens.iter().enumerate().map(|(place, token)| {
        let is_self = matches!(token, TokenTree::Ident(word) if word == "self");
        let before = place.checked_sub(1).and_then(|before| tokens.get(before));
        if is_self && is(before, '=') && is(tokens.get(place + 1), ';') {
            quote!(&mut *#token)
        } else {
            token.to_token_stream()
        }
    });
    let mut braces = Group::new(Delimiter::Brace, lent.collect());
    braces.set_span(group.span());
    TokenTree::Group(braces)
}

/// The receiver and the arguments as references, for a fallback that takes them: `((&self,), (&station, &count))`. Where one of them has no name
/// there is nothing that a fallback could be given.
pub(super) fn arguments(function: &Function) -> TokenStream {
    let receiver = function.sig.receiver().filter(|receiver| !is_exclusive(receiver));
    let receiver = receiver.map(|receiver| {
        let word = &receiver.self_token;
        quote!(&#word,)
    });
    let names: Option<Vec<_>> = function.sig.inputs.iter().filter_map(name).collect();
    let arguments = names.map_or_else(|| quote!([(); 0]), |names| quote!((#(&#names,)*)));
    quote!(((#receiver), #arguments))
}

/// `None` for a receiver, and `Some(None)` for what has no name.
#[allow(clippy::option_option, reason = "one is of the list, the other of its item")]
fn name(input: &FnArg) -> Option<Option<&Ident>> {
    let FnArg::Typed(typed) = input else { return None };
    Some(match &*typed.pat {
        Pat::Ident(PatIdent { ident, by_ref: None, subpat: None, .. }) => Some(ident),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Errors;

    fn function(source: &str) -> Function {
        syn::parse_str(source).unwrap()
    }

    fn repeated(source: &str) -> (String, String) {
        let function = function(source);
        let errors = Errors::new();
        let form = Form::of(&function, &errors).unwrap();
        assert!(errors.finish().is_none());
        let Repeated { before, within } = Repeated::of(&function, &form, &Runtime::at(None));
        let allowed =
            "# [allow (clippy :: shadow_reuse , clippy :: shadow_same , clippy :: used_underscore_binding)] ";
        let text = |tokens: TokenStream| {
            tokens.to_string().replace(":: tollgate :: __private :: ", "").replace(allowed, "")
        };
        (text(before), text(within))
    }

    #[test]
    fn what_is_taken_by_value_is_cloned_under_its_name() {
        let (before, within) =
            repeated("async fn f(a: A, mut b: B, _: C, Point { x, y: mut z }: Point, None: O) {}");
        assert_eq!(
            before,
            "let a = repeated (& a) ; let b = repeated (& b) ; let x = repeated (& x) ; let z = repeated (& z) ;"
        );
        assert_eq!(within, "let a = a ; let mut b = b ; let x = x ; let mut z = z ;");
    }

    #[test]
    fn what_is_borrowed_is_lent_each_time() {
        let (before, within) = repeated(
            "async fn f(&self, a: &A, mut b: &B, c: &mut C, mut d: &mut D, &e: &u8, (ref g, ref mut h): P, (i, j): &mut P) {}",
        );
        assert_eq!(
            before,
            "let b = repeated (& b) ; let c = & mut * c ; let d = & mut * d ; let e = repeated (& e) ; let h = & mut * h ; \
             let i = & mut * i ; let j = & mut * j ;"
        );
        assert_eq!(
            within,
            "let mut b = b ; let c = c ; let mut d = d ; let e = e ; let h = h ; let i = i ; let j = j ;"
        );
    }

    #[test]
    fn the_signature_loses_its_muts_alone() {
        let function = function("async fn f(mut self, mut a: A, (mut b, ref mut c): &mut B) -> C {}");
        let signature = without_mut(&function.sig).to_token_stream().to_string();
        assert_eq!(signature, "async fn f (mut self , a : A , (b , ref mut c) : & mut B) -> C");
    }

    #[test]
    fn a_fallback_is_offered_what_has_a_name() {
        let cases = [
            ("async fn f() {}", "(() , ())"),
            ("async fn f(a: A, mut b: &B) {}", "(() , (& a , & b ,))"),
            ("async fn f(&self, a: A) {}", "((& self ,) , (& a ,))"),
            ("async fn f(&mut self, a: A) {}", "(() , (& a ,))"),
            ("async fn f(self: Arc<Self>, (a, b): P) {}", "((& self ,) , [() ; 0])"),
        ];
        for (source, expected) in cases {
            assert_eq!(arguments(&function(source)).to_string(), expected);
        }
    }
}
