//! What every room that speaks HTTP shares: the facts of a request, who sent it, the one writer of refusals, the names of
//! fields.

mod cidr;
mod client;
pub(crate) mod credentials;
mod facts;
mod field_error;
pub(crate) mod fields;
mod forwarded;
#[cfg(feature = "garde")]
pub(crate) mod garde_faults;
pub(crate) mod kinds;
#[cfg(feature = "openapi")]
pub mod openapi;
mod problem;
mod refusal_event;
mod resolver;
mod traceparent;
mod unauthorized;

pub use self::facts::RequestFacts;
pub use self::field_error::FieldError;
pub use self::forwarded::ForwardedHeader;
pub use self::problem::Problem;
pub use self::resolver::{AuthScheme, PrincipalResolver, Refusal};

pub(crate) use self::cidr::CidrError;
pub(crate) use self::client::{ClientRule, NoHops};
pub(crate) use self::facts::{KnownClient, matched_route};
pub(crate) use self::field_error::cut;
pub(crate) use self::refusal_event::{log_refused, refused_key};
pub(crate) use self::resolver::{AnyResolver, RefusalKind, Resolution};
pub(crate) use self::traceparent::trace_id;
pub(crate) use self::unauthorized::{Resolver, refused, unauthorized, unproven};
