//! The name of a trace, which joins what is said of one request across services.

use std::fmt;
use std::num::NonZeroU128;

/// The id of a trace (W3C Trace Context Level 2, section 3.2.2.3): 16 bytes that are not all zero.
///
/// It is written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId(NonZeroU128);

impl TraceId {
    /// The id with that number; `None` for zero, which is the number of no trace.
    #[must_use]
    pub const fn new(number: u128) -> Option<Self> {
        match NonZeroU128::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The id as a number, its first byte the most significant. Never zero.
    #[must_use]
    pub const fn as_u128(self) -> u128 {
        self.0.get()
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_as_32_lower_case_digits() {
        for (number, shown) in [
            (1, "00000000000000000000000000000001"),
            (0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736, "4bf92f3577b34da6a3ce929d0e0e4736"),
            (u128::MAX, "ffffffffffffffffffffffffffffffff"),
        ] {
            let id = TraceId::new(number).unwrap();
            assert_eq!((id.to_string().as_str(), format!("{id:?}").as_str()), (shown, shown));
            assert_eq!(id.as_u128(), number);
        }
    }

    #[test]
    fn zero_is_no_trace() {
        assert_eq!(TraceId::new(0), None);
    }
}
