//! What every room that speaks HTTP shares: the facts of a request, who sent it, the one writer of refusals, the names of
//! fields.

#[cfg(feature = "openapi")]
pub(crate) mod answers;
mod cidr;
mod client;
mod completion;
#[cfg(feature = "openapi")]
pub(crate) mod components;
pub(crate) mod credentials;
pub(crate) mod dates;
#[cfg(feature = "openapi")]
pub(crate) mod documented;
mod error_style;
mod facts;
mod field_error;
pub(crate) mod fields;
mod form_text;
mod forwarded;
#[cfg(feature = "garde")]
pub(crate) mod garde_faults;
#[cfg(feature = "openapi")]
pub(crate) mod input;
pub(crate) mod kinds;
mod media_ranges;
mod occurrence;
#[cfg(feature = "openapi")]
pub mod openapi;
mod problem;
#[cfg(feature = "openapi")]
pub(crate) mod problem_schemas;
mod refusal_event;
mod rejected;
mod request_id;
#[cfg(feature = "openapi")]
pub(crate) mod reshape;
mod resolver;
mod shape;
mod traceparent;
mod unauthorized;

pub use self::facts::RequestFacts;
pub use self::field_error::FieldError;
pub use self::forwarded::ForwardedHeader;
pub use self::occurrence::Occurrence;
pub use self::problem::Problem;
pub use self::rejected::Rejected;
pub use self::request_id::RequestId;
pub use self::resolver::{AuthScheme, PrincipalResolver, Refusal};
pub use self::shape::{Envelope, ErrorShape, ProblemDetails};

pub(crate) use self::cidr::CidrError;
pub(crate) use self::client::{ClientRule, NoHops};
pub(crate) use self::completion::{complete, made_by_router, without_body};
pub(crate) use self::error_style::{ErrorStyle, path_of};
pub(crate) use self::facts::{KnownClient, matched_route};
pub(crate) use self::field_error::cut;
pub(crate) use self::fields::X_REQUEST_ID;
pub(crate) use self::form_text::decoded;
pub(crate) use self::media_ranges::{thousandths, unquoted};
pub(crate) use self::occurrence::asked_path;
pub(crate) use self::problem::general_detail;
pub(crate) use self::refusal_event::{log_refused, refused_key};
pub(crate) use self::resolver::{AnyResolver, RefusalKind, Resolution};
pub(crate) use self::traceparent::trace_id;
pub(crate) use self::unauthorized::{Resolver, refused, unauthorized, unproven};
