//! Values that an error can send as a header field.

use std::time::Duration;

use http::HeaderValue;

/// A value that `headers(name = field)` can send: numbers, texts, header values; a `Duration` in whole seconds, rounded up, as
/// `Retry-After` has it. `None` sends no field, and neither does a text that cannot stand in one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a header field",
    label = "an integer, a `Duration`, a `String`, a `&str`, a `HeaderValue`, or an `Option` of one of them can"
)]
pub trait ErrorHeader {
    /// The value of the field.
    fn to_value(&self) -> Option<HeaderValue>;
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(impl ErrorHeader for $number {
            fn to_value(&self) -> Option<HeaderValue> {
                Some((*self).into())
            }
        })*
    };
}

numbers! { u16 u32 u64 usize i16 i32 i64 isize }

impl ErrorHeader for Duration {
    fn to_value(&self) -> Option<HeaderValue> {
        let more = u64::from(self.subsec_nanos() > 0);
        Some(self.as_secs().saturating_add(more).into())
    }
}

impl ErrorHeader for str {
    fn to_value(&self) -> Option<HeaderValue> {
        let value = HeaderValue::from_str(self).ok();
        if value.is_none() {
            tracing::warn!(target: "tollgate::error", "a text cannot stand in a header field, and was left out");
        }
        value
    }
}

impl ErrorHeader for String {
    fn to_value(&self) -> Option<HeaderValue> {
        self.as_str().to_value()
    }
}

impl ErrorHeader for HeaderValue {
    fn to_value(&self) -> Option<HeaderValue> {
        Some(self.clone())
    }
}

impl<T: ErrorHeader> ErrorHeader for Option<T> {
    fn to_value(&self) -> Option<HeaderValue> {
        self.as_ref()?.to_value()
    }
}

impl<T: ErrorHeader + ?Sized> ErrorHeader for &T {
    fn to_value(&self) -> Option<HeaderValue> {
        (**self).to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_sent_in_whole_seconds_never_too_few() {
        for (duration, sent) in [
            (Duration::ZERO, "0"),
            (Duration::from_nanos(1), "1"),
            (Duration::from_secs(30), "30"),
            (Duration::from_millis(30_001), "31"),
            (Duration::MAX, "18446744073709551615"),
        ] {
            assert_eq!(duration.to_value().unwrap(), sent);
        }
    }

    #[test]
    fn what_cannot_stand_in_a_field_is_left_out() {
        assert_eq!("a\r\nset-cookie: b".to_value(), None);
        assert_eq!("plain".to_value().unwrap(), "plain");
        assert_eq!(None::<u64>.to_value(), None);
        assert_eq!(Some("x".to_owned()).to_value().unwrap(), "x");
    }
}
