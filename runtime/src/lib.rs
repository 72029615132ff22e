//! placeholder

#![cfg_attr(docsrs, feature(doc_cfg))]

mod app;
mod backend;
mod core;
mod gate;
mod http;
mod metrics;
mod rate_limit;
#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
pub mod __private;

pub use crate::app::{
    AlreadyInstalled, ConfigError, Inventory, OperationEntry, SiteEntry, Tollgate, TollgateBuilder,
    TollgateLayer, TollgateService, default_fallbacks,
};
pub use crate::core::{Clock, Key, Moment, Origin, Outcome, Policy, PolicyEntry, SystemClock};
pub use crate::gate::open;
#[cfg(feature = "openapi")]
pub use crate::http::openapi;
pub use crate::http::{Problem, RequestFacts};
pub use crate::metrics::DecisionCount;
pub use crate::rate_limit::RateLimitKey;
pub use tollgate_macros::{rate_limited, with_metrics};
