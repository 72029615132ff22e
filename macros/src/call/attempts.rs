//! The attempts of one call: what each goes through, and what stands between them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;

use super::circuit_breaker;
use super::emit::{Answer, error_place, future, with_hint};
use super::form::Form;
use super::repeated::{self, Repeated};
use super::retry;
use super::stack::Stack;
use super::timeout;
use crate::function::Function;
use crate::paths::Runtime;

/// What is emitted around a block where something can happen to an attempt.
pub(super) struct Attempts<'a> {
    pub(super) stack: &'a Stack,
    pub(super) function: &'a Function,
    pub(super) form: &'a Form,
    pub(super) runtime: &'a Runtime,
    /// The static of the function's policies.
    pub(super) site: &'a Ident,
}

impl Attempts<'_> {
    pub(super) fn emit(&self, block: &TokenStream) -> Answer {
        let Self { stack, site, runtime, .. } = self;
        let has_total = stack.timeout().is_some_and(timeout::Model::has_total);
        if stack.retry().is_none() && !has_total && !self.is_guarded() {
            return Answer::Future(future(self.form, block, runtime));
        }
        let [attempts] = words(["attempts"]);
        let mut made = if let Some(retry) = stack.retry() {
            self.repeatedly(retry, block)
        } else {
            let once = self.once(&future(self.form, block, runtime));
            if self.is_guarded() { quote_spanned!(self.place()=> #once.answer) } else { once }
        };
        if has_total {
            let all = quote!(async move { #made });
            made = quote_spanned!(self.place()=> #attempts.in_time(#all).await);
        }
        let of = runtime.item("Attempts");
        let key = stack.circuit_breaker().and_then(circuit_breaker::Model::emit_key);
        Answer::Made(quote!({ let #attempts = &#of::of(&#site) #key; #made }))
    }

    /// Whether an attempt can be refused or given up.
    fn is_guarded(&self) -> bool {
        let stack = self.stack;
        stack.circuit_breaker().is_some()
            || stack.bulkhead().is_some()
            || stack.timeout().is_some_and(timeout::Model::has_each)
    }

    /// One attempt, with what it tells besides its answer where it is guarded.
    fn once(&self, future: &TokenStream) -> TokenStream {
        if !self.is_guarded() {
            return quote!(#future.await);
        }
        let [attempts] = words(["attempts"]);
        let breaker = self.stack.circuit_breaker();
        let judge = self.asked(breaker.and_then(circuit_breaker::Model::is_failure), "errors_are_failures");
        let alone_for = self.asked(breaker.and_then(circuit_breaker::Model::retry_after), "asks_for_nothing");
        let arguments = quote!(#judge, #alone_for, #future);
        quote_spanned!(self.place()=> #attempts.guarded(#arguments).await)
    }

    /// In place, so that each attempt borrows what the one before it has given back.
    fn repeatedly(&self, retry: &retry::Model, block: &TokenStream) -> TokenStream {
        let Self { function, form, runtime, .. } = self;
        let [attempts, retries, attempted, answer] = words(["attempts", "retries", "attempted", "answer"]);
        let Repeated { before, within } = Repeated::of(function, form, runtime);
        let block = with_hint(form, &repeated::block(function, form, block), runtime);
        let mut once = self.once(&quote!(async { #within #block }));
        if !self.is_guarded() {
            let made = runtime.item("Attempted");
            once = quote!(#made::made(#once));
        }
        let retry_if = self.asked(retry.retry_if(), "every_error");
        let retry_after = self.asked(retry.retry_after(), "asks_for_nothing");
        let answered = Ident::new("attempted", attempted.span().located_at(self.place()));
        let arguments = quote!(#answered, #retry_if, #retry_after);
        let over = quote_spanned!(self.place()=> #retries.over(#arguments));
        quote! {
            let mut #retries = #attempts.retries();
            loop {
                #before
                let #attempted = #once;
                if let ::core::option::Option::Some(#answer) = #over {
                    break #answer;
                }
                #retries.wait().await;
            }
        }
    }

    /// The user's function, called where it stands, or what is asked where there is none.
    fn asked(&self, path: Option<&ExprPath>, otherwise: &str) -> TokenStream {
        let Some(path) = path else { return self.runtime.item(otherwise) };
        let place = path.span();
        // The user wrote no closure, and is not told that it is redundant.
        let ours = Span::mixed_site().located_at(place);
        let answer = Ident::new("answer", ours);
        let call = quote_spanned!(place=> #path(#answer));
        quote_spanned!(ours=> |#answer| #call)
    }

    /// Where it is reported once that the function's answer is no `Result`, or has the wrong error.
    fn place(&self) -> Span {
        error_place(self.function, self.form)
    }
}

/// Words of ours, which the user's block does not see.
fn words<const N: usize>(words: [&str; N]) -> [Ident; N] {
    words.map(|word| Ident::new(word, Span::mixed_site()))
}
