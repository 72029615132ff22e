//! What every room stands on: time, keys, sites, events. Nothing in here knows HTTP, axum, Redis or a runtime.

mod byte_size;
mod circuit;
mod clock;
mod control;
mod error_kind;
mod event;
mod in_force;
mod key;
mod key_text;
mod key_told;
mod panics;
mod policy;
mod principal;
mod setting_values;
mod settings;
mod site;
mod suggest;
mod text;
mod time_text;
mod trace;
mod verdict;

pub use self::circuit::{BreakerState, Cause, Transition};
pub use self::clock::{Clock, Moment, Sleep};
pub use self::control::{CONTROLS, Control};
pub use self::error_kind::{ERROR_TYPES, ErrorKind, ErrorLog, ErrorType};
pub use self::event::{Answered, Decided, Observer, Outcome};
pub use self::key::Key;
pub use self::key_text::ParseKeyError;
pub use self::policy::{Policy, PolicyEntry};
pub use self::principal::Principal;
pub use self::site::{Origin, SITES, Site};
pub use self::trace::TraceId;
pub use self::verdict::Verdict;

pub(crate) use self::byte_size::byte_size;
pub(crate) use self::circuit::{Circuit, Circuits, Crowded, Funded, log_transition};
pub(crate) use self::event::{Occupancy, RefusedKey, Sink, Told, log_refusal};
pub(crate) use self::in_force::{InForce, Over, Replaced};
pub(crate) use self::key::{AddressGroup, Repr};
pub(crate) use self::panics::discard;
pub(crate) use self::policy::PolicySet;
pub(crate) use self::settings::{Keys, Place, Setting, SettingFault, Settings, Value, quoted, spelled};
pub(crate) use self::site::{NameCollision, Registry, SiteId};
pub(crate) use self::suggest::closest;
pub(crate) use self::text::Text;
pub(crate) use self::time_text::TimeText;
