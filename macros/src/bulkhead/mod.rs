//! `#[bulkhead(max_concurrent = 64, queue = 100, wait = "500ms")]`, on handlers and around calls.

mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;

pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, Longest, Shared};
use crate::errors::Errors;
use crate::paths::Runtime;

/// One bulkhead, valid by construction.
pub(crate) struct Model {
    max_concurrent: u32,
    queue: Option<(u32, u64)>,
    share: Option<LitStr>,
}

const SHARED: Shared = Shared { noun: "a bulkhead", example: "share = \"weather\"" };
const MAX_CONCURRENT: &str = "max_concurrent = 64";
const QUEUE: &str = "queue = 100";
const WAIT: &str = "wait = \"500ms\"";
const LONGEST_WAIT: Longest = Longest { nanos: 3_600_000_000_000, words: "an hour" };

impl Model {
    /// `attribute` is what stands for the whole where something is missing; `name` is what it is called.
    pub(crate) fn parse(
        arguments: &mut Arguments,
        attribute: &Ident,
        name: &str,
        errors: &Errors,
    ) -> Option<Self> {
        let max_concurrent = arguments.take("max_concurrent");
        if max_concurrent.is_none() && !arguments.is_misunderstood() {
            errors.at(
                attribute,
                format!("`{name}` needs to know how many may run at a time: write `{MAX_CONCURRENT}`"),
            );
        }
        let queue = queue(arguments, errors);
        let share = arguments.take("share").and_then(|named| named.share(&SHARED, errors));
        let max_concurrent = max_concurrent?.positive(MAX_CONCURRENT, errors)?;
        Some(Self { max_concurrent, queue, share })
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { max_concurrent, queue, share } = self;
        let bulkhead = runtime.item("Bulkhead");
        let queue = queue.map(|(places, nanos)| quote!(.queue(#places, #nanos)));
        let share = share.as_ref().map(|share| quote!(.share(#share)));
        quote!(#bulkhead::new(#max_concurrent) #queue #share)
    }
}

/// How many wait and for how long: one without the other would let nobody wait.
fn queue(arguments: &mut Arguments, errors: &Errors) -> Option<(u32, u64)> {
    let (queue, wait) = (arguments.take("queue"), arguments.take("wait"));
    let places = queue.as_ref().and_then(|named| named.positive(QUEUE, errors));
    let nanos = wait.as_ref().and_then(|named| named.duration_up_to(&LONGEST_WAIT, WAIT, errors));
    match (&queue, &wait) {
        (Some(queue), None) => errors.at(
            &queue.key,
            format!(
                "whoever stands in the `queue` waits for some time: write `{WAIT}` beside it, or take it away"
            ),
        ),
        (None, Some(wait)) => errors.at(
            &wait.key,
            format!("whoever has to `wait` stands in a queue: write `{QUEUE}` beside it, or take it away"),
        ),
        _ => {}
    }
    places.zip(nanos)
}
