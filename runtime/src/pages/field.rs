//! Types of fields that pages can be sorted and filtered by.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use super::value::PageValue;

/// What the values of a field are, for documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageFieldType {
    /// A whole number within bounds.
    Integer {
        /// The least.
        min: i128,
        /// The greatest.
        max: i128,
    },
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A text.
    Text,
}

/// A type of fields that pages can be sorted and filtered by.
///
/// Numbers, texts, `bool`, `char` and [`Option`]s of them are. Of any other type with `Display` and `FromStr` a field can be
/// marked `#[paginate(text)]`, which takes its text as the value; a type of your own can also say more:
///
/// ```
/// use tollgate::{PageField, PageValue};
/// use tollgate::pages::PageFieldType;
///
/// /// Metres above the sea.
/// struct Elevation(i32);
///
/// impl PageField for Elevation {
///     const IS_NULLABLE: bool = false;
///     const SCHEMA: PageFieldType = <i32 as PageField>::SCHEMA;
///
///     fn to_value(&self) -> PageValue<'_> {
///         self.0.to_value().into_owned()
///     }
///
///     fn from_text(text: &str) -> Option<PageValue<'static>> {
///         i32::from_text(text.trim_end_matches('m'))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "pages can be neither sorted nor filtered by `{Self}`",
    label = "not a value of pages",
    note = "write `#[paginate(text)]` on the field to go by its `Display` and `FromStr`, or implement `tollgate::PageField` for it"
)]
pub trait PageField {
    /// Whether a value may be absent.
    const IS_NULLABLE: bool;

    /// What its values are, for documents.
    const SCHEMA: PageFieldType;

    /// What it is sorted and filtered by.
    fn to_value(&self) -> PageValue<'_>;

    /// What a filter asks for; `None` where the text is no such value. [`PageValue::Null`] asks for what is absent.
    fn from_text(text: &str) -> Option<PageValue<'static>>;
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl PageField for $integer {
            const IS_NULLABLE: bool = false;
            #[allow(clippy::cast_lossless, clippy::cast_possible_wrap, reason = "none has more than 64 bits")]
            const SCHEMA: PageFieldType = PageFieldType::Integer { min: <$integer>::MIN as i128, max: <$integer>::MAX as i128 };

            #[allow(clippy::cast_lossless, clippy::cast_possible_wrap, reason = "none has more than 64 bits")]
            #[inline]
            fn to_value(&self) -> PageValue<'_> {
                PageValue::Int(*self as i128)
            }

            fn from_text(text: &str) -> Option<PageValue<'static>> {
                text.parse::<$integer>().ok().map(|number| number.to_value().into_owned())
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

macro_rules! floats {
    ($($float:ty)*) => {$(
        impl PageField for $float {
            const IS_NULLABLE: bool = false;
            const SCHEMA: PageFieldType = PageFieldType::Number;

            #[inline]
            fn to_value(&self) -> PageValue<'_> {
                float(f64::from(*self))
            }

            fn from_text(text: &str) -> Option<PageValue<'static>> {
                let number = text.parse::<$float>().ok().filter(|number| number.is_finite())?;
                Some(float(f64::from(number)))
            }
        }
    )*};
}

floats! { f32 f64 }

/// No number is absent, and the two zeros are one: a database sees it so, too.
#[inline]
fn float(number: f64) -> PageValue<'static> {
    if number.is_nan() { PageValue::Null } else { PageValue::Float(number + 0.0) }
}

impl PageField for bool {
    const IS_NULLABLE: bool = false;
    const SCHEMA: PageFieldType = PageFieldType::Boolean;

    fn to_value(&self) -> PageValue<'_> {
        PageValue::Bool(*self)
    }

    fn from_text(text: &str) -> Option<PageValue<'static>> {
        text.parse().ok().map(PageValue::Bool)
    }
}

impl PageField for char {
    const IS_NULLABLE: bool = false;
    const SCHEMA: PageFieldType = PageFieldType::Text;

    fn to_value(&self) -> PageValue<'_> {
        text_value(self)
    }

    fn from_text(text: &str) -> Option<PageValue<'static>> {
        parse_text::<Self>(text)
    }
}

macro_rules! texts {
    ($($text:ty)*) => {$(
        impl PageField for $text {
            const IS_NULLABLE: bool = false;
            const SCHEMA: PageFieldType = PageFieldType::Text;

            #[inline]
            fn to_value(&self) -> PageValue<'_> {
                PageValue::Text(Cow::Borrowed(&**self))
            }

            fn from_text(text: &str) -> Option<PageValue<'static>> {
                Some(PageValue::Text(Cow::Owned(text.to_owned())))
            }
        }
    )*};
}

texts! { String &str Cow<'_, str> Box<str> std::sync::Arc<str> }

impl<T: PageField> PageField for Option<T> {
    const IS_NULLABLE: bool = true;
    const SCHEMA: PageFieldType = T::SCHEMA;

    #[inline]
    fn to_value(&self) -> PageValue<'_> {
        self.as_ref().map_or(PageValue::Null, T::to_value)
    }

    fn from_text(text: &str) -> Option<PageValue<'static>> {
        T::from_text(text)
    }
}

/// A type that `#[paginate(text)]` can sort by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no text to be paged by",
    label = "it is not `Display`",
    note = "`#[paginate(text)]` goes by what `Display` writes: implement it, or implement `tollgate::PageField` and leave `text` out"
)]
pub trait Shown: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> Shown for T {}

/// A type that `#[paginate(text)]` can filter by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be filtered by",
    label = "it is not both `FromStr` and `Display`",
    note = "a filter by a field with `#[paginate(text)]` is read by `FromStr`: implement it, or take the field out of `filter(..)`"
)]
pub trait ReadAndShown: FromStr + Display {}

#[diagnostic::do_not_recommend]
impl<T: FromStr + Display> ReadAndShown for T {}

/// The value of a field that is marked `#[paginate(text)]`: its text.
pub fn text_value<T: Shown + ?Sized>(value: &T) -> PageValue<'static> {
    PageValue::Text(Cow::Owned(value.to_string()))
}

/// The same where it may be absent.
pub fn optional_text_value<T: Shown>(value: &Option<T>) -> PageValue<'static> {
    value.as_ref().map_or(PageValue::Null, text_value)
}

/// What a filter by such a field asks for: the text of what was read, so that `fr` asks for `FR` where the type says so.
#[must_use]
pub fn parse_text<T: ReadAndShown>(text: &str) -> Option<PageValue<'static>> {
    text.parse::<T>().ok().map(|value| text_value(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &'static str) -> PageValue<'static> {
        PageValue::Text(Cow::Borrowed(text))
    }

    #[test]
    fn numbers_are_read_within_their_bounds_alone() {
        assert_eq!(u8::from_text("255"), Some(PageValue::Int(255)));
        assert_eq!(i64::from_text("-9223372036854775808"), Some(PageValue::Int(i64::MIN.into())));
        for none in ["256", "-1", "", " 1", "1.0", "x"] {
            assert_eq!(u8::from_text(none), None, "{none}");
        }
        assert_eq!(u8::SCHEMA, PageFieldType::Integer { min: 0, max: 255 });
        assert_eq!(u64::SCHEMA, PageFieldType::Integer { min: 0, max: u64::MAX.into() });
    }

    #[test]
    fn no_number_is_absent_and_there_is_one_zero() {
        assert_eq!(f64::NAN.to_value(), PageValue::Null);
        assert_eq!(Some(f32::NAN).to_value(), PageValue::Null);
        let PageValue::Float(zero) = (-0.0_f64).to_value() else { panic!("zero is a number") };
        assert!(zero.is_sign_positive());
        for none in ["NaN", "inf", "-infinity", "1e400", ""] {
            assert_eq!(f64::from_text(none), None, "{none}");
        }
        assert_eq!(f64::from_text("-1.5e3"), Some(PageValue::Float(-1500.0)));
    }

    #[test]
    fn texts_truths_and_letters_are_values() {
        assert_eq!(
            (String::from("a").to_value(), "a".to_value(), Cow::Borrowed("a").to_value()),
            (text("a"), text("a"), text("a"))
        );
        assert_eq!((true.to_value(), 'é'.to_value()), (PageValue::Bool(true), text("é")));
        assert_eq!((bool::from_text("true"), bool::from_text("1")), (Some(PageValue::Bool(true)), None));
        assert_eq!((char::from_text("é"), char::from_text("ab")), (Some(text("é")), None));
        assert_eq!(
            (<&str>::from_text("x"), Option::<u8>::from_text("7")),
            (Some(text("x")), Some(PageValue::Int(7)))
        );
    }

    #[test]
    fn what_is_absent_is_null() {
        assert_eq!((None::<u8>.to_value(), Some(7_u8).to_value()), (PageValue::Null, PageValue::Int(7)));
        const { assert!(<Option<u8> as PageField>::IS_NULLABLE && !<u8 as PageField>::IS_NULLABLE) };
        assert_eq!(optional_text_value(&None::<std::net::Ipv4Addr>), PageValue::Null);
    }

    #[test]
    fn a_type_with_a_text_goes_by_it() {
        use std::net::Ipv6Addr;
        assert_eq!(text_value(&Ipv6Addr::LOCALHOST), text("::1"));
        assert_eq!(parse_text::<Ipv6Addr>("0:0::1"), Some(text("::1")), "as it is written by the type");
        assert_eq!(parse_text::<Ipv6Addr>("x"), None);
    }
}
