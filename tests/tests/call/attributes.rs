//! What else stands on a function, and the paths and places of the attribute.

#![allow(clippy::unused_async, reason = "a call is async, whatever is in it")]
#![deny(unused_imports)]

use tollgate::call;
use tollgate_tests::{counts, site};

use crate::support::{Answer, Polled, tollgate};

/// Documented.
#[call::rate_limited("1/minute")]
#[must_use]
#[inline]
#[allow(clippy::unused_async, clippy::double_must_use, reason = "it is a test")]
async fn between_others() -> Answer<()> {
    Ok(())
}

#[tracing::instrument(skip_all)]
#[call::rate_limited("1/minute")]
async fn instrumented_above() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("1/minute")]
#[tracing::instrument]
async fn instrumented_below(number: u8) -> Answer<u8> {
    Ok(number)
}

#[tollgate::call::rate_limited("1/minute")]
async fn full_path() -> Answer<()> {
    Ok(())
}

mod imported {
    use tollgate::call::rate_limited;

    use crate::support::Answer;

    #[rate_limited("1/minute")]
    pub(super) async fn bare() -> Answer<()> {
        Ok(())
    }
}

mod renamed {
    use tollgate::call::rate_limited as outbound;

    use crate::support::Answer;

    #[outbound("1/minute")]
    pub(super) async fn other_name() -> Answer<()> {
        Ok(())
    }
}

#[cfg_attr(all(), call::rate_limited("1/minute"))]
async fn behind_a_cfg_attr() -> Answer<()> {
    Ok(())
}

#[cfg_attr(any(), call::rate_limited("1/minute"))]
async fn behind_another_cfg_attr() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("1/minute")]
#[cfg(any())]
async fn not_there() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("1/minute")]
#[cfg(not(windows))]
#[cfg_attr(not(windows), doc = "there")]
async fn there() -> Answer<()> {
    Ok(())
}

mod facade {
    pub(crate) mod inner {
        #[allow(
            clippy::single_component_path_imports,
            reason = "it is there to be named by another path"
        )]
        pub(crate) use tollgate;
    }
}

#[call::rate_limited("1/minute", crate = crate::attributes::facade::inner::tollgate)]
async fn through_a_facade() -> Answer<()> {
    Ok(())
}

macro_rules! functions {
    ($($(#[$attribute:meta])* $vis:vis async fn $name:ident($argument:ident: $type:ty) -> $answer:ty $body:block)*) => {$(
        $(#[$attribute])* $vis async fn $name($argument: $type) -> $answer $body
    )*};
}

functions! {
    #[call::rate_limited("1/minute", key = "{number}")]
    async fn written_by_a_macro(number: u8) -> Answer<u8> { Ok(number) }

    #[call::rate_limited("1/minute", key = "{number}")]
    pub(crate) async fn and_another(number: u8) -> Answer<u8> { Ok(number) }
}

macro_rules! client {
    ($($name:ident),*) => {$(
        struct $name;
        impl $name {
            #[call::rate_limited("1/minute")]
            async fn fetch(&self) -> Answer<()> {
                Ok(())
            }
        }
    )*};
}

client!(One, Other);

macro_rules! admits {
    ($most:literal: $call:expr) => {{
        let (tollgate, _clock) = tollgate();
        let admitted = (0..5).filter(|_| Polled::new(tollgate.scope($call)).poll().unwrap().is_ok());
        assert_eq!(admitted.count(), $most);
    }};
}

#[test]
fn attributes_of_others_stay() {
    admits!(1: between_others());
    admits!(1: instrumented_above());
    admits!(1: instrumented_below(1));
}

#[test]
fn an_attribute_is_found_under_every_path() {
    admits!(1: full_path());
    admits!(1: imported::bare());
    admits!(1: renamed::other_name());
    admits!(1: through_a_facade());
}

#[test]
fn cfg_decides_first() {
    admits!(1: behind_a_cfg_attr());
    admits!(5: behind_another_cfg_attr());
    admits!(1: there());
}

#[test]
fn macros_write_functions_too() {
    admits!(1: written_by_a_macro(1));
    admits!(1: and_another(1));
}

#[test]
fn functions_of_one_name_that_one_macro_writes_at_one_place_are_two() {
    let (tollgate, _clock) = tollgate();
    let call = |admitted: Option<Answer<()>>| admitted.unwrap().is_ok();
    assert!(call(Polled::new(tollgate.scope(One.fetch())).poll()));
    assert!(call(Polled::new(tollgate.scope(Other.fetch())).poll()));
    assert!(!call(Polled::new(tollgate.scope(Other.fetch())).poll()));
    assert_eq!(counts(&tollgate, site!(full_path)), "");
}
