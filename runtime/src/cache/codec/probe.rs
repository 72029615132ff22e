//! What generated code asks the compiler about the type of a value that is kept.
//!
//! A value is kept in memory whatever it is, and in a store that processes share where it can be written and read by serde. There
//! is no bound that says "where it can", so the answer is found by the order in which the compiler looks for a method (receivers
//! with more `&` first):
//!
//! 1. [`Written`]: `Serialize` and `DeserializeOwned`: it is written, and weighed as what it is;
//! 2. [`Weighed`]: `Serialize` alone: it is weighed;
//! 3. [`Bare`]: neither: it stays in this process, and weighs what its type does.
//!
//! Generated code writes `(&&&Probe::<T>::new()).tollgate_kept()`, with a `T` that is no parameter of a function, or whose bounds
//! say as much.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::remote::Codec;
use super::{rmp, weigh};

/// A question about the type of a value.
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    /// About that one.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Probe<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Probe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Probe")
    }
}

/// How values of a type are kept.
pub struct Kept<T> {
    codec: Option<&'static dyn Codec>,
    weigh: fn(&T) -> u32,
}

impl<T> Kept<T> {
    /// How they are written; `None` where they stay in this process.
    #[must_use]
    pub(crate) const fn codec(&self) -> Option<&'static dyn Codec> {
        self.codec
    }

    /// What a value takes in memory, about.
    #[must_use]
    pub(crate) fn weigh(&self, value: &T) -> u32 {
        (self.weigh)(value)
    }
}

impl<T> Copy for Kept<T> {}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("is_written", &self.codec.is_some()).finish_non_exhaustive()
    }
}

/// The first answer: it is written.
pub trait Written<T> {
    /// How it is kept.
    fn tollgate_kept(&self) -> Kept<T>;
}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Written<T> for &&Probe<T> {
    fn tollgate_kept(&self) -> Kept<T> {
        Kept { codec: rmp::of::<T>(), weigh: weigh::weigh }
    }
}

/// The second answer: it is weighed.
pub trait Weighed<T> {
    /// How it is kept.
    fn tollgate_kept(&self) -> Kept<T>;
}

impl<T: Serialize> Weighed<T> for &Probe<T> {
    fn tollgate_kept(&self) -> Kept<T> {
        Kept { codec: None, weigh: weigh::weigh }
    }
}

/// The last answer: nothing is known of it.
pub trait Bare<T> {
    /// How it is kept.
    fn tollgate_kept(&self) -> Kept<T>;
}

impl<T> Bare<T> for Probe<T> {
    fn tollgate_kept(&self) -> Kept<T> {
        Kept { codec: None, weigh: |_| weigh::of_type::<T>() }
    }
}

#[cfg(test)]
#[allow(
    clippy::needless_borrow,
    reason = "each borrow is a step of the probe, whether a type takes it or not"
)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_the_most_that_it_can_have() {
        struct Neither;
        #[derive(Serialize)]
        struct OneWay(String);
        let bare = (&&&Probe::<Neither>::new()).tollgate_kept();
        assert!(bare.codec().is_none() && bare.weigh(&Neither) == 0);
        let weighed = (&&&Probe::<OneWay>::new()).tollgate_kept();
        assert!(weighed.codec().is_none() && weighed.weigh(&OneWay("x".repeat(1_000))) > 1_000);
        let written = (&&&Probe::<Vec<String>>::new()).tollgate_kept();
        assert_eq!(written.codec().is_some(), cfg!(feature = "redis"));
        assert!(written.weigh(&vec!["x".repeat(1_000); 3]) > 3_000);
    }
}
