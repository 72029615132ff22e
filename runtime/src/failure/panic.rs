//! A panic becomes an answer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::core::discard;
use crate::http::Problem;

/// What `work` gives, or what is to be answered where it panics. The panic is logged; what it says is not sent.
///
/// Whatever panicked must not be used again.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let panic = text_of(&*payload);
        tracing::error!(target: "tollgate::error", panic, "a handler panicked");
        discard(payload);
        Problem::of_our_own()
    })
}

fn text_of(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("of no text")
}
