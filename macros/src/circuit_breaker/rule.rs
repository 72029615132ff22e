//! When a circuit opens: after failures in a row, or where a part of a window failed or was slow.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::LitInt;

use crate::args::{A_DAY, Arguments, Named, WHOLE, duration_of, quoted, spelling, time_text};
use crate::errors::Errors;
use crate::paths::Runtime;

/// What opens it.
pub(super) enum Rule {
    Consecutive(u32),
    Rate { failure_rate: u32, minimum_calls: u32, window: Window, is_default: bool },
}

/// What counts.
pub(super) struct Window {
    size: Size,
    /// `None` where it is the default.
    place: Option<TokenStream>,
}

#[derive(Clone, Copy)]
enum Size {
    Calls(u32),
    Nanos(u64),
}

const MOST_CALLS: u32 = 10_000;
const FAILURE_RATE: &str = "failure_rate = 0.5";
const WINDOW: &str = "window = \"10s\"";

// What holds where nothing else is written, as `CircuitBreaker::new` of the runtime says it.
const DEFAULT_RATE: u32 = WHOLE / 2;
const DEFAULT_MINIMUM: u32 = 20;
const DEFAULT_WINDOW: Size = Size::Nanos(10_000_000_000);

impl Rule {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Option<Self> {
        let Some(consecutive) = arguments.take("consecutive_failures") else {
            return Self::of_rate(arguments, errors);
        };
        let failures = consecutive.positive("consecutive_failures = 5", errors);
        let slow = arguments.take("slow_rate");
        let others = ["failure_rate", "minimum_calls", "window", "slow_call"].map(|key| arguments.take(key));
        let of_slow_calls = others[3].is_none().then_some(slow).flatten();
        for Named { key, .. } in others.into_iter().flatten().chain(of_slow_calls) {
            errors.at(
                &key,
                format!("`{key}` is about a window of calls, and `consecutive_failures` has none: keep one of them"),
            );
        }
        failures.map(Self::Consecutive)
    }

    fn of_rate(arguments: &mut Arguments, errors: &Errors) -> Option<Self> {
        let [rate, minimum, window] =
            ["failure_rate", "minimum_calls", "window"].map(|key| arguments.take(key));
        let is_default = rate.is_none() && minimum.is_none() && window.is_none();
        let failure_rate = rate.map_or(Some(DEFAULT_RATE), |named| named.part(FAILURE_RATE, errors));
        let minimum_calls = minimum
            .as_ref()
            .map_or(Some(DEFAULT_MINIMUM), |named| named.positive("minimum_calls = 20", errors));
        let window = window.map_or(Some(Window { size: DEFAULT_WINDOW, place: None }), |named| {
            Window::parse(&named, errors)
        })?;
        let (failure_rate, minimum_calls) = (failure_rate?, minimum_calls?);
        if let (Size::Calls(calls), Some(named)) = (window.size, &minimum)
            && minimum_calls > calls
        {
            errors.at(
                &named.value,
                format!(
                    "`window = {calls}` holds {calls} calls, so that there are never {minimum_calls} to go by: write at most \
                     `minimum_calls = {calls}`, or a larger window"
                ),
            );
        }
        Some(Self::Rate { failure_rate, minimum_calls, window, is_default })
    }

    /// A window that is shorter than a run may take forgets what went before it has heard of it.
    pub(super) fn check_timeout(&self, timeout: u64, attribute: Span, errors: &Errors) {
        let Self::Rate { window: Window { size: Size::Nanos(window), place }, .. } = self else { return };
        if *window >= timeout {
            return;
        }
        let (window, timeout) = (time_text(*window), time_text(timeout));
        let why = format!(
            "is shorter than the `timeout` of \"{timeout}\", so that a run may outlast what it is counted with: write `window = \"{timeout}\"` or a \
             longer one, or a shorter `timeout`"
        );
        match place {
            Some(place) => errors.at(place, format!("a window of \"{window}\" {why}")),
            None => errors.at_span(
                attribute,
                format!("the window, which is \"{window}\" unless something else is written, {why}"),
            ),
        }
    }

    pub(super) fn emit(&self, runtime: &Runtime) -> Option<TokenStream> {
        match self {
            Self::Consecutive(failures) => Some(quote!(.consecutive_failures(#failures))),
            Self::Rate { is_default: true, .. } => None,
            Self::Rate { failure_rate, minimum_calls, window, is_default: false } => {
                let kind = runtime.item("Window");
                let window = match window.size {
                    Size::Calls(calls) => quote!(#kind::Calls(#calls)),
                    Size::Nanos(nanos) => quote!(#kind::Time(#nanos)),
                };
                Some(quote!(.failure_rate(#failure_rate, #minimum_calls, #window)))
            }
        }
    }
}

impl Window {
    fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        let value = named.value(WINDOW, errors)?;
        let place = Some(value.clone());
        if !is_number(value) {
            let nanos = time(value).map_err(|message| errors.at(value, message)).ok()?;
            return Some(Self { size: Size::Nanos(nanos), place });
        }
        let calls = named.positive("window = 100", errors)?;
        if calls > MOST_CALLS {
            errors.at(
                value,
                format!(
                    "a window holds at most {MOST_CALLS} calls: write fewer, or a time, as in `{WINDOW}`"
                ),
            );
            return None;
        }
        Some(Self { size: Size::Calls(calls), place })
    }
}

/// Any other than one with a unit behind it.
fn is_number(value: &TokenStream) -> bool {
    syn::parse2::<LitInt>(value.clone()).is_ok_and(|number| number.suffix().is_empty())
}

/// The nanoseconds of a window, or what is wrong with it.
fn time(value: &TokenStream) -> Result<u64, String> {
    const BOTH: &str = "write `window = \"10s\"` for a time, or `window = 100` for the last so many calls";
    let Some(text) = quoted(value) else {
        let written = spelling(value);
        let is_bare = duration_of(&written, &A_DAY).is_ok();
        return Err(if is_bare {
            format!("a time is a text with its unit: write `window = \"{written}\"`")
        } else {
            format!("`window` is a time or a number of calls: {BOTH}")
        });
    };
    if text.parse::<u32>().is_ok() {
        return Err(format!(
            "a window in quotes is a time, which has its unit: write `window = \"{text}s\"`, or `window = {text}` for the last so many calls"
        ));
    }
    duration_of(text.trim(), &A_DAY).map_err(|why| {
        let is_said = why.ends_with('?') || why.contains("write `");
        if is_said { why } else { format!("{why}: {BOTH}") }
    })
}

/// What takes too long.
pub(super) struct SlowCalls {
    from: u64,
    rate: u32,
    place: Option<TokenStream>,
}

impl SlowCalls {
    pub(super) fn parse(arguments: &mut Arguments, errors: &Errors) -> Option<Self> {
        const CALL: &str = "slow_call = \"1s\"";
        const RATE: &str = "slow_rate = 0.5";
        let (call, rate) = (arguments.take("slow_call"), arguments.take("slow_rate"));
        let from = call.as_ref().and_then(|named| named.duration(CALL, errors));
        let part = rate.as_ref().and_then(|named| named.part(RATE, errors));
        let alone = |key: &Ident, lacks: &str| {
            errors.at(key, format!("`{key}` says half of it: write `{lacks}` beside it, or take it away"));
        };
        match (&call, &rate) {
            (Some(call), None) => alone(&call.key, RATE),
            (None, Some(rate)) => alone(&rate.key, CALL),
            _ => {}
        }
        Some(Self { from: from?, rate: part?, place: call?.value })
    }

    pub(super) fn check_timeout(&self, timeout: u64, errors: &Errors) {
        if self.from >= timeout {
            let timeout = time_text(timeout);
            errors.at(
                &self.place,
                format!(
                    "no call is ever this slow, because the `timeout` of \"{timeout}\" gives it up first: write a shorter `slow_call`, or take it and \
                     its `slow_rate` away"
                ),
            );
        }
    }

    pub(super) fn emit(&self) -> TokenStream {
        let Self { from, rate, place: _ } = self;
        quote!(.slow_calls(#from, #rate))
    }
}
