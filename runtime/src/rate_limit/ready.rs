//! Values of `RateLimit` that this thread has sent lately.
//!
//! Few standings are on most answers: clients have sent nothing for a while, or one request. Writing a value, checking it
//! and taking memory for it costs twice as much as deciding; to send one again costs a counter that no other core looks at.

use std::cell::RefCell;

use ::http::HeaderValue;

use super::policy::Rate;
use super::wire::{Standing, standings_field};

/// Values per thread, each of some fifty bytes. More would hold rarer ones.
const PLACES: usize = 256;

type Values = [Option<Ready>; PLACES];

thread_local! {
    static VALUES: RefCell<Box<Values>> = RefCell::new(Box::new([const { None }; PLACES]));
}

/// A value, and what it tells.
struct Ready {
    name: &'static str,
    standing: Standing,
    value: HeaderValue,
}

/// The value that tells how one rate stands.
#[inline]
pub(super) fn standing_field(rate: &'static Rate, standing: Standing) -> Option<HeaderValue> {
    // Where a thread ends there are no values any more.
    let ready = VALUES.try_with(|values| value_among(&mut values.borrow_mut(), rate, standing));
    ready.unwrap_or_else(|_| written(rate, standing))
}

#[inline]
fn value_among(values: &mut Values, rate: &'static Rate, standing: Standing) -> Option<HeaderValue> {
    let place = &mut values[place_of(standing)];
    match place {
        Some(ready) if ready.standing == standing && ready.name == rate.name() => Some(ready.value.clone()),
        _ => {
            let value = written(rate, standing)?;
            *place = Some(Ready { name: rate.name(), standing, value: value.clone() });
            Some(value)
        }
    }
}

/// Standings that differ by little have places of their own.
#[inline]
fn place_of(standing: Standing) -> usize {
    standing.number().wrapping_mul(31) as usize % PLACES
}

#[cold]
fn written(rate: &'static Rate, standing: Standing) -> Option<HeaderValue> {
    standings_field([(rate, standing)].into_iter())
}

#[cfg(test)]
mod tests {
    use super::super::engine::Verdict;
    use super::super::store::Ruling;
    use super::*;
    use crate::core::Moment;

    const SECOND: u64 = 1_000_000_000;
    static SECONDLY: Rate = Rate::new("second", 5_000, SECOND);
    static DEFAULT: Rate = Rate::new("default", 5_000, SECOND);

    /// How a rate stands that is full again after so many nanoseconds.
    fn standing(rate: &Rate, nanos: u64) -> Standing {
        let full_at = Some(Moment::from_nanos(nanos));
        Standing::of(rate, &Ruling { verdict: Verdict::Never, full_at }, Moment::ORIGIN)
    }

    #[test]
    fn a_value_that_was_sent_before_tells_what_one_tells_that_is_written() {
        for _ in 0..2 {
            for nanos in (0..SECOND).step_by(200_000) {
                for rate in [&SECONDLY, &DEFAULT] {
                    let standing = standing(rate, nanos);
                    assert_eq!(standing_field(rate, standing), written(rate, standing));
                }
            }
        }
    }

    #[test]
    fn a_value_is_sent_again_without_being_written() {
        let standing = standing(&DEFAULT, SECOND / 2);
        let [first, again] = [(); 2].map(|()| standing_field(&DEFAULT, standing).unwrap());
        assert_eq!(first.as_bytes().as_ptr(), again.as_bytes().as_ptr());
    }

    #[test]
    fn a_thread_that_ends_can_still_tell() {
        thread_local!(static LAST: Last = const { Last });
        struct Last;
        impl Drop for Last {
            fn drop(&mut self) {
                assert!(standing_field(&DEFAULT, standing(&DEFAULT, 1)).is_some());
            }
        }
        let told = std::thread::spawn(|| {
            LAST.with(|_| ());
            standing_field(&DEFAULT, standing(&DEFAULT, 0)).is_some()
        });
        assert!(told.join().unwrap());
    }
}
