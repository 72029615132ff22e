//! What every room stands on: time, keys, sites, events. Nothing in here knows HTTP, axum, Redis or a runtime.

mod clock;
mod event;
mod key;
mod policy;
mod site;
mod text;

pub use self::clock::{Clock, Moment, SystemClock};
pub use self::event::Outcome;
pub use self::key::Key;
pub use self::policy::{Policy, PolicyEntry};
pub use self::site::{Origin, SITES, Site};

pub(crate) use self::event::{Decided, Observer};
pub(crate) use self::key::{AddressGroup, Repr};
pub(crate) use self::policy::PolicySet;
pub(crate) use self::site::{NameCollision, Registry, SiteId};
pub(crate) use self::text::Text;
