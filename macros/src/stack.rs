//! All attributes of one function, turned from syntax into models and checked against each other.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{ExprPath, LitStr, Path, Type};

use crate::args::{Arguments, Vocabulary};
use crate::attribute::Attribute;
use crate::bindings::Bindings;
use crate::collect::Written;
use crate::described::Described;
use crate::errors::Errors;
use crate::function::Function;
use crate::paths::Runtime;
use crate::{
    authorize, bulkhead, cached, circuit_breaker, fallback, invalidates, rate_limited, timeout, versioned,
    with_metrics,
};

/// The policies of one function, each at its place whatever the order in which they were written.
#[derive(Default)]
pub(crate) struct Stack {
    name: Option<LitStr>,
    state: Option<Type>,
    with_metrics: Option<with_metrics::Model>,
    versioned: Option<versioned::Model>,
    rate_limited: Vec<rate_limited::Model>,
    authorize: Option<authorize::Model>,
    fallback: Option<fallback::Model>,
    invalidates: Option<invalidates::Model>,
    cached: Option<cached::Model>,
    circuit_breaker: Option<(circuit_breaker::Model, Span)>,
    bulkhead: Option<bulkhead::Model>,
    timeout: Option<timeout::Model>,
}

impl Stack {
    pub(crate) fn parse(written: &[Written], errors: &Errors) -> Self {
        let mut stack = Self::default();
        let mut seen = Vec::new();
        for attribute in written {
            let instead = attribute.kind.instead_of_a_second();
            if let Some(instead) = instead.filter(|_| seen.contains(&attribute.kind)) {
                let name = attribute.kind.name();
                errors
                    .at_span(attribute.span(), format!("`{name}` stands on this function twice: {instead}"));
                continue;
            }
            seen.push(attribute.kind);
            stack.add(attribute, errors);
        }
        rate_limited::settle(&mut stack.rate_limited, seen.contains(&Attribute::Authorize), errors);
        check_roots(written, errors);
        stack
    }

    fn add(&mut self, attribute: &Written, errors: &Errors) {
        let mut arguments = Arguments::parse(attribute.args.clone(), vocabulary(attribute.kind), errors);
        set_name(&mut self.name, &mut arguments, errors);
        if let Some(root) = arguments.take("crate") {
            let _ = root.path("crate = my_facade::tollgate", errors);
        }
        if let Some(state) = arguments.take("state") {
            self.state = state.ty("state = App", errors).or(self.state.take());
        }
        match attribute.kind {
            Attribute::WithMetrics => {
                self.with_metrics = Some(with_metrics::Model::parse(&mut arguments, errors));
            }
            Attribute::Versioned => {
                self.versioned = versioned::Model::parse(&mut arguments, &attribute.word, errors);
            }
            Attribute::RateLimited => {
                let model = rate_limited::Model::parse(
                    &mut arguments,
                    &rate_limited::HANDLER,
                    &attribute.word,
                    errors,
                );
                self.rate_limited.extend(model);
            }
            Attribute::Authorize => {
                self.authorize = Some(authorize::Model::parse(&mut arguments, errors));
            }
            Attribute::Invalidates => {
                self.invalidates = invalidates::Model::parse(&mut arguments, &attribute.word, errors);
            }
            Attribute::Cached => {
                self.cached = cached::Model::parse(&mut arguments, &attribute.word, errors);
            }
            Attribute::Fallback => {
                self.fallback = fallback::Model::parse(&mut arguments, &attribute.word, errors);
            }
            Attribute::CircuitBreaker => {
                let model = circuit_breaker::Model::parse(&mut arguments, errors);
                self.circuit_breaker = model.map(|model| (model, attribute.span()));
            }
            Attribute::Bulkhead => {
                let name = attribute.kind.name();
                self.bulkhead = bulkhead::Model::parse(&mut arguments, &attribute.word, name, errors);
            }
            Attribute::Timeout => {
                self.timeout = timeout::Model::parse(&mut arguments, &attribute.word, errors);
            }
        }
    }

    /// The name that the user wrote.
    pub(crate) const fn name(&self) -> Option<&LitStr> {
        self.name.as_ref()
    }

    /// The state of the router, where the user named it.
    pub(crate) const fn state(&self) -> Option<&Type> {
        self.state.as_ref()
    }

    /// Against the function whose arguments they name.
    pub(crate) fn check(&self, function: &Function, errors: &Errors) {
        let Self {
            name: _,
            state: _,
            with_metrics: _,
            versioned,
            rate_limited: _,
            authorize,
            fallback,
            invalidates,
            cached,
            circuit_breaker,
            bulkhead: _,
            timeout,
        } = self;
        let bindings = Bindings::of(function);
        if versioned.is_some() {
            versioned::Model::check(function, errors);
        }
        if let Some(model) = cached {
            model.check(function, &bindings, authorize.is_some(), errors);
        }
        if let Some(model) = fallback {
            model.check(function, errors);
        }
        if let Some(model) = invalidates {
            model.check(&bindings, cached.as_ref(), errors);
        }
        if let (Some((model, place)), Some(timeout)) = (circuit_breaker, timeout) {
            model.options().check_timeout(timeout.nanos(), *place, errors);
        }
    }

    /// What the policies behind the extractors are told of the arguments; `None` where there is no such policy.
    pub(crate) fn described(&self) -> Option<Described<'_>> {
        let (cached, invalidates) = (self.cached.as_ref(), self.invalidates.as_ref());
        let runs_inside = self.fallback.is_some()
            || self.circuit_breaker.is_some()
            || self.bulkhead.is_some()
            || self.timeout.is_some();
        (cached.is_some() || invalidates.is_some() || runs_inside).then(|| Described {
            is_cached: cached.is_some(),
            key: cached.and_then(cached::Model::key),
            tags: cached.map(cached::Model::tags).unwrap_or_default(),
            gone_tags: invalidates.map(invalidates::Model::tags).unwrap_or_default(),
            gone_keys: invalidates.map(invalidates::Model::keys).unwrap_or_default(),
        })
    }

    /// The enum whose versions the function answers.
    pub(crate) fn versions(&self) -> Option<&Path> {
        self.versioned.as_ref().map(versioned::Model::versions)
    }

    /// The function that answers in place of a failure.
    pub(crate) fn fallback(&self) -> Option<&ExprPath> {
        self.fallback.as_ref().map(fallback::Model::path)
    }

    /// The policies as a constant expression.
    pub(crate) fn emit(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let Self {
            name: _,
            state: _,
            with_metrics,
            versioned,
            rate_limited,
            authorize,
            fallback,
            invalidates,
            cached,
            circuit_breaker,
            bulkhead,
            timeout,
        } = self;
        let policies = runtime.item("Policies");
        let metrics = with_metrics.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.with_metrics(#policy))
        });
        let versioned = versioned.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.versioned(&#policy))
        });
        let authorize = authorize.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.authorize(#policy))
        });
        let limits = (!rate_limited.is_empty()).then(|| {
            let limits = rate_limited::emit(rate_limited, None, runtime);
            quote!(.rate_limited(#limits))
        });
        let invalidates = invalidates.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.invalidates(&#policy))
        });
        let cached = cached.as_ref().map(|model| {
            let policy = model.emit(function, runtime);
            quote!(.cached(&#policy))
        });
        let fallback = fallback.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.fallback(&#policy))
        });
        let circuit_breaker = circuit_breaker.as_ref().map(|(model, _)| {
            let policy = model.emit(runtime);
            quote!(.circuit_breaker(&#policy))
        });
        let bulkhead = bulkhead.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.bulkhead(&#policy))
        });
        let timeout = timeout.as_ref().map(|model| {
            let policy = model.emit(runtime);
            quote!(.timeout(&#policy))
        });
        quote! {
            #policies::new() #metrics #versioned #authorize #limits #fallback #invalidates #cached
            #circuit_breaker #bulkhead #timeout
        }
    }
}

const fn vocabulary(kind: Attribute) -> &'static Vocabulary {
    match kind {
        Attribute::WithMetrics => &with_metrics::VOCABULARY,
        Attribute::Versioned => &versioned::VOCABULARY,
        Attribute::RateLimited => &rate_limited::VOCABULARY,
        Attribute::Authorize => &authorize::VOCABULARY,
        Attribute::Invalidates => &invalidates::VOCABULARY,
        Attribute::Cached => &cached::VOCABULARY,
        Attribute::Fallback => &fallback::VOCABULARY,
        Attribute::CircuitBreaker => &circuit_breaker::VOCABULARY,
        Attribute::Bulkhead => &bulkhead::VOCABULARY,
        Attribute::Timeout => &timeout::VOCABULARY,
    }
}

/// `name` may stand on any one attribute of a function and holds for all.
pub(crate) fn set_name(known: &mut Option<LitStr>, arguments: &mut Arguments, errors: &Errors) {
    let Some(named) = arguments.take("name") else { return };
    let Some(name) = named.text("name = \"airport\"", errors) else { return };
    if name.value().trim().is_empty() {
        errors.at(&name, "a name has at least one character: write `name = \"airport\"`");
    }
    match known {
        Some(other) if other.value() != name.value() => errors.at(
            &name,
            format!("this function is called `{}` by another of its attributes: a name holds for all of them, so write it once", other.value()),
        ),
        _ => *known = Some(name),
    }
}

/// The `crate = path` that one of the attributes gives.
pub(crate) fn root_of<K>(written: &[Written<K>]) -> Option<Path> {
    written.iter().find_map(|attribute| crate::args::root_of(&attribute.args))
}

/// All of them name one crate.
pub(crate) fn check_roots<K>(written: &[Written<K>], errors: &Errors) {
    let roots: Vec<_> =
        written.iter().filter_map(|attribute| crate::args::root_of(&attribute.args)).collect();
    let spelling = |root: &Path| root.to_token_stream().to_string();
    if let Some(other) = roots.iter().skip(1).find(|root| spelling(root) != spelling(&roots[0])) {
        errors.at(other, "another attribute of this function names another crate: write `crate` once");
    }
}
