//! All `call::` attributes of one function, turned from syntax into models.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::attribute::Attribute;
use super::form::Form;
use super::{cached, invalidates, rate_limited};
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
    rate_limited: Option<rate_limited::Model>,
    invalidates: Option<invalidates::Model>,
    cached: Option<cached::Model>,
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
        match attribute.kind {
            Attribute::RateLimited => {
                self.rate_limited = rate_limited::Model::parse(&mut arguments, &attribute.word, errors);
            }
            Attribute::Invalidates => {
                self.invalidates = invalidates::Model::parse(&mut arguments, &attribute.word, errors);
            }
            Attribute::Cached => {
                self.cached = cached::Model::parse(&mut arguments, &attribute.word, errors);
            }
        }
    }

    /// The name that the user wrote.
    pub(super) const fn name(&self) -> Option<&LitStr> {
        self.name.as_ref()
    }

    /// Whether a call may be refused, so that the function needs an error for that.
    pub(super) fn refuses(&self) -> bool {
        let Self { name: _, rate_limited, invalidates: _, cached: _ } = self;
        rate_limited.is_some()
    }

    /// Against the function.
    pub(super) fn check(&self, function: &Function, form: Option<&Form>, errors: &Errors) {
        let Self { name: _, rate_limited: _, invalidates, cached } = self;
        if let Some(model) = invalidates {
            model.check(cached.as_ref(), errors);
        }
        if let Some(model) = cached {
            model.check(function, form, errors);
        }
    }

    /// What is thrown away after a success.
    pub(super) const fn invalidates(&self) -> Option<&invalidates::Model> {
        self.invalidates.as_ref()
    }

    /// What is kept.
    pub(super) const fn cached(&self) -> Option<&cached::Model> {
        self.cached.as_ref()
    }

    /// The policies, as calls of the builder of a site.
    pub(super) fn policies(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let Self { name: _, rate_limited, invalidates, cached } = self;
        let limited = rate_limited.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.rate_limited(#policy))
        });
        let invalidates = invalidates.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.invalidates(#policy))
        });
        let cached = cached.as_ref().map(|model| model.emit(function, runtime));
        quote!(#limited #invalidates #cached)
    }

    /// What they take from the arguments of a call, as calls of its builder.
    pub(super) fn of_call(&self) -> TokenStream {
        let Self { name: _, rate_limited, invalidates: _, cached: _ } = self;
        let limited_by = rate_limited.as_ref().and_then(rate_limited::Model::emit_key);
        quote!(#limited_by)
    }
}

const fn vocabulary(kind: Attribute) -> &'static Vocabulary {
    match kind {
        Attribute::RateLimited => &rate_limited::VOCABULARY,
        Attribute::Invalidates => &invalidates::VOCABULARY,
        Attribute::Cached => &cached::VOCABULARY,
    }
}
