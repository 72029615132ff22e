//! What every room stands on: time, keys, sites, events. Nothing in here knows HTTP, axum, Redis or a runtime.

mod clock;
mod event;
mod key;
mod policy;
mod site;
mod text;

pub use self::clock::{Clock, Moment, SystemClock};
pub use self::event::{Decided, Observer, Outcome};
pub use self::key::Key;
pub use self::policy::{Policy, PolicyEntry, PolicySet};
pub use self::site::{NameCollision, Origin, Registry, SITES, Site, SiteId};
pub use self::text::Text;

pub(crate) use self::key::{AddressGroup, Repr};
