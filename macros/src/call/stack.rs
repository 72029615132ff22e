//! All `call::` attributes of one function, turned from syntax into models.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::LitStr;

use super::attribute::Attribute;
use super::form::Form;
use super::results::Because;
use super::{
    bulkhead, cached, circuit_breaker, fallback, invalidates, rate_limited, retry, timeout, with_metrics,
};
use crate::args::{Arguments, Vocabulary};
use crate::collect::Written;
use crate::errors::Errors;
use crate::function::Function;
use crate::paths::Runtime;
use crate::stack::{check_roots, set_name};

/// The policies of one function, each at its place whatever the order in which they were written.
#[derive(Default)]
pub(super) struct Stack {
    name: Option<LitStr>,
    with_metrics: Option<with_metrics::Model>,
    rate_limited: Option<rate_limited::Model>,
    fallback: Option<fallback::Model>,
    invalidates: Option<invalidates::Model>,
    cached: Option<cached::Model>,
    timeout: Option<timeout::Model>,
    retry: Option<retry::Model>,
    circuit_breaker: Option<circuit_breaker::Model>,
    bulkhead: Option<bulkhead::Model>,
}

impl Stack {
    pub(super) fn parse(written: &[Written<Attribute>], errors: &Errors) -> Self {
        let mut stack = Self::default();
        let mut seen = Vec::new();
        for attribute in written {
            if seen.contains(&attribute.kind) {
                let (name, instead) = (attribute.kind.name(), attribute.kind.instead_of_a_second());
                errors
                    .at_span(attribute.span(), format!("`{name}` stands on this function twice: {instead}"));
                continue;
            }
            seen.push(attribute.kind);
            stack.add(attribute, errors);
        }
        check_roots(written, errors);
        stack
    }

    fn add(&mut self, attribute: &Written<Attribute>, errors: &Errors) {
        let mut arguments = Arguments::parse(attribute.args.clone(), vocabulary(attribute.kind), errors);
        set_name(&mut self.name, &mut arguments, errors);
        if let Some(root) = arguments.take("crate") {
            let _ = root.path("crate = my_facade::tollgate", errors);
        }
        let word = &attribute.word;
        match attribute.kind {
            Attribute::WithMetrics => {
                self.with_metrics = Some(with_metrics::Model::parse(&mut arguments, errors));
            }
            Attribute::RateLimited => {
                self.rate_limited = rate_limited::Model::parse(&mut arguments, word, errors);
            }
            Attribute::Fallback => {
                self.fallback = fallback::Model::parse(&mut arguments, word, errors);
            }
            Attribute::Invalidates => {
                self.invalidates = invalidates::Model::parse(&mut arguments, word, errors);
            }
            Attribute::Cached => {
                self.cached = cached::Model::parse(&mut arguments, word, errors);
            }
            Attribute::Timeout => {
                self.timeout = timeout::Model::parse(&mut arguments, word, errors);
            }
            Attribute::Retry => {
                self.retry = retry::Model::parse(&mut arguments, word, errors);
            }
            Attribute::CircuitBreaker => {
                self.circuit_breaker =
                    circuit_breaker::Model::parse(&mut arguments, attribute.span(), errors);
            }
            Attribute::Bulkhead => {
                self.bulkhead = bulkhead::Model::parse(&mut arguments, word, errors);
            }
        }
    }

    /// The name that the user wrote.
    pub(super) const fn name(&self) -> Option<&LitStr> {
        self.name.as_ref()
    }

    /// Whether a call may be refused, so that the function needs an error for that.
    pub(super) fn refuses(&self) -> bool {
        let Self {
            name: _,
            with_metrics: _,
            rate_limited,
            fallback: _,
            invalidates: _,
            cached: _,
            timeout,
            retry: _,
            circuit_breaker,
            bulkhead,
        } = self;
        rate_limited.is_some() || timeout.is_some() || circuit_breaker.is_some() || bulkhead.is_some()
    }

    /// Whether the function has to return a `Result`, and why.
    pub(super) fn needs_a_result(&self) -> Option<Because> {
        if self.refuses() {
            return Some(Because::Refused);
        }
        (self.retry.is_some() || self.fallback.is_some()).then_some(Because::Failed)
    }

    /// Against the function, and against each other.
    pub(super) fn check(&self, function: &Function, form: Option<&Form>, errors: &Errors) {
        if let Some(model) = &self.invalidates {
            model.check(self.cached.as_ref(), errors);
        }
        if let Some(model) = &self.cached {
            model.check(function, form, errors);
        }
        if let Some(model) = &self.timeout {
            model.check(self.retry.as_ref(), errors);
        }
        if let Some(model) = &self.circuit_breaker {
            model.check(self.timeout.as_ref(), errors);
        }
    }

    /// What is measured.
    pub(super) const fn with_metrics(&self) -> Option<&with_metrics::Model> {
        self.with_metrics.as_ref()
    }

    /// How often it is called.
    pub(super) const fn rate_limited(&self) -> Option<&rate_limited::Model> {
        self.rate_limited.as_ref()
    }

    /// What answers in the place of a failure.
    pub(super) const fn fallback(&self) -> Option<&fallback::Model> {
        self.fallback.as_ref()
    }

    /// What is thrown away after a success.
    pub(super) const fn invalidates(&self) -> Option<&invalidates::Model> {
        self.invalidates.as_ref()
    }

    /// What is kept.
    pub(super) const fn cached(&self) -> Option<&cached::Model> {
        self.cached.as_ref()
    }

    /// How much time there is.
    pub(super) const fn timeout(&self) -> Option<&timeout::Model> {
        self.timeout.as_ref()
    }

    /// How often it is tried.
    pub(super) const fn retry(&self) -> Option<&retry::Model> {
        self.retry.as_ref()
    }

    /// When it is left alone.
    pub(super) const fn circuit_breaker(&self) -> Option<&circuit_breaker::Model> {
        self.circuit_breaker.as_ref()
    }

    /// How many run at a time.
    pub(super) const fn bulkhead(&self) -> Option<&bulkhead::Model> {
        self.bulkhead.as_ref()
    }

    /// The policies, as calls of the builder of a site.
    pub(super) fn policies(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let Self {
            name: _,
            with_metrics,
            rate_limited,
            fallback,
            invalidates,
            cached,
            timeout,
            retry,
            circuit_breaker,
            bulkhead,
        } = self;
        let policies = [
            ("with_metrics", with_metrics.as_ref().map(|model| model.emit(runtime))),
            ("rate_limited", rate_limited.as_ref().map(|model| model.emit(runtime))),
            ("fallback", fallback.as_ref().map(|model| model.emit(runtime))),
            ("invalidates", invalidates.as_ref().map(|model| model.emit(runtime))),
            ("timeout", timeout.as_ref().map(|model| model.emit(runtime))),
            ("retry", retry.as_ref().map(|model| model.emit(runtime))),
            ("circuit_breaker", circuit_breaker.as_ref().map(|model| model.emit(runtime))),
            ("bulkhead", bulkhead.as_ref().map(|model| model.emit(runtime))),
        ];
        let built = policies.into_iter().filter_map(|(builder, policy)| {
            let (builder, policy) = (Ident::new(builder, Span::call_site()), policy?);
            Some(quote!(.#builder(#policy)))
        });
        let cached = cached.as_ref().map(|model| model.emit(function, runtime));
        quote!(#(#built)* #cached)
    }

    /// What they take from the arguments of a call, as calls of its builder.
    pub(super) fn of_call(&self) -> TokenStream {
        let limited_by = self.rate_limited.as_ref().and_then(rate_limited::Model::emit_key);
        quote!(#limited_by)
    }
}

const fn vocabulary(kind: Attribute) -> &'static Vocabulary {
    match kind {
        Attribute::WithMetrics => &with_metrics::VOCABULARY,
        Attribute::RateLimited => &rate_limited::VOCABULARY,
        Attribute::Fallback => &fallback::VOCABULARY,
        Attribute::Invalidates => &invalidates::VOCABULARY,
        Attribute::Cached => &cached::VOCABULARY,
        Attribute::Timeout => &timeout::VOCABULARY,
        Attribute::Retry => &retry::VOCABULARY,
        Attribute::CircuitBreaker => &circuit_breaker::VOCABULARY,
        Attribute::Bulkhead => &bulkhead::VOCABULARY,
    }
}
