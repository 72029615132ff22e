//! The gate: what stands in front of an annotated handler, and runs its policies in their one order.
//!
//! ```text
//! with_metrics > versioned > rate_limited > authorize > rate_limited (by principal) > [the user's extractors]
//!     > fallback > invalidates > cached > circuit_breaker > bulkhead > timeout > the function
//! ```
//!
//! Generated code hands over the policies as a constant ([`Guarded::POLICIES`]), so a policy that a function does not
//! have is a branch that the compiler removes. [`Gate`] is the handler's only argument: an extractor that runs the
//! policies which need the head of the request alone, then the user's extractors; [`run`] does the rest.

mod alone;
mod answer;
mod cached;
mod convert;
mod dispatch;
#[cfg(feature = "openapi")]
mod document;
mod extract;
mod fallback;
mod guarded;
mod identify;
mod policies;
mod probe;
mod versioned;
mod visit;

pub use self::alone::{Alone, instead, instead_of_body};
pub use self::answer::{Answer, send};
pub use self::cached::{Texts, Wanted, run_with};
pub use self::convert::{Conversion, continued, lift, lower};
pub use self::dispatch::{Dispatch, Item, Member, OfApi, Ways, describe_item, of_one_api};
#[cfg(feature = "openapi")]
pub use self::document::{
    Argument, Documented, DocumentedArgument, DocumentedMembers, KnownInput, NoPage, PageOfAny, PageOfKnown,
    Returned, Undocumented, UndocumentedArgument, UndocumentedMembers, UnknownInput, document, schemas,
};
pub use self::extract::{Gate, open, run};
pub use self::fallback::{Cloned, FallbackOf, NoArguments, SameArguments, Twice, WithinPath, run_or};
pub use self::policies::{Guarded, Policies, describe};
pub use self::probe::{Probe, ReadsHead, ReadsJson, ReadsRequest, Silent};
pub use self::versioned::{apart, asked_version};
