//! Plumbing that stores stand on, without a word of any capability.

mod fingerprint;
mod table;

pub(crate) use self::fingerprint::Fingerprints;
pub(crate) use self::table::{Expires, Table, View};
