//! Names and values as queries and forms write them: `name=value&..`, percent-encoded, `+` for a blank.
//!
//! What is no UTF-8 is refused, where others put replacement characters into data. Otherwise it is read as
//! `serde_urlencoded` does, except that a number that does not fit says which would.

use std::str::FromStr;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{
    self, Deserialize, Deserializer, EnumAccess, IntoDeserializer, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::http::decoded;

/// A name, and its value.
type Pair = (String, String);

/// The name of a parameter that is no UTF-8, as far as that is readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotUtf8(pub(super) Option<String>);

/// All pairs of a query or a form.
pub(super) fn parse(text: &str) -> Result<Vec<Pair>, NotUtf8> {
    text.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

fn pair(text: &str) -> Result<Pair, NotUtf8> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let name = decoded(name).ok_or(NotUtf8(None))?.into_owned();
    match decoded(value) {
        Some(value) => Ok((name, value.into_owned())),
        None => Err(NotUtf8(Some(name))),
    }
}

/// A value that is none of the type with this name.
pub(super) fn no_such_value(value: &str, type_name: &str) -> Error {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let is_whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let found = Unexpected::Other(if is_whole { "integer" } else { "text" });
    de::Error::invalid_value(found, &type_name)
}

/// Reads pairs into a struct, a map, or a sequence of pairs.
pub(super) struct Pairs(pub(super) Vec<Pair>);

impl Pairs {
    fn entries(self) -> impl Iterator<Item = (String, Text)> {
        self.0.into_iter().map(|(name, value)| (name, Text(value)))
    }
}

impl<'de> Deserializer<'de> for Pairs {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(MapDeserializer::new(self.entries()))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(self.entries().map(Entry)))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A pair as an item of a sequence.
struct Entry((String, Text));

impl IntoDeserializer<'_, Error> for Entry {
    type Deserializer = SeqDeserializer<std::array::IntoIter<Text, 2>, Error>;

    fn into_deserializer(self) -> Self::Deserializer {
        let Self((name, value)) = self;
        SeqDeserializer::new([Text(name), value].into_iter())
    }
}

/// A value, or a name in a sequence of pairs.
struct Text(String);

impl Text {
    fn parsed<T: FromStr>(&self, type_name: &str) -> Result<T, Error> {
        self.0.parse().map_err(|_| no_such_value(&self.0, type_name))
    }
}

impl IntoDeserializer<'_, Error> for Text {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $type_name:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parsed($type_name)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool "bool"
        deserialize_i8 visit_i8 "i8"
        deserialize_i16 visit_i16 "i16"
        deserialize_i32 visit_i32 "i32"
        deserialize_i64 visit_i64 "i64"
        deserialize_i128 visit_i128 "i128"
        deserialize_u8 visit_u8 "u8"
        deserialize_u16 visit_u16 "u16"
        deserialize_u32 visit_u32 "u32"
        deserialize_u64 visit_u64 "u64"
        deserialize_u128 visit_u128 "u128"
        deserialize_f32 visit_f32 "f32"
        deserialize_f64 visit_f64 "f64"
        deserialize_char visit_char "char"
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The name of a variant without data.
impl<'de> EnumAccess<'de> for Text {
    type Error = Error;
    type Variant = NoData;

    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, NoData), Error> {
        Ok((seed.deserialize(self)?, NoData))
    }
}

struct NoData;

impl NoData {
    fn refuse<T>() -> Result<T, Error> {
        Err(de::Error::custom("a plain value is expected to have more in it than a text can hold"))
    }
}

impl<'de> VariantAccess<'de> for NoData {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        Self::refuse()
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Self::refuse()
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        Self::refuse()
    }
}

/// What a type reads from the pairs; the error with the path to the parameter.
pub(super) fn read<T: for<'de> Deserialize<'de>>(
    pairs: Vec<Pair>,
) -> Result<T, serde_path_to_error::Error<Error>> {
    serde_path_to_error::deserialize(Pairs(pairs))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text).unwrap()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn names_and_values_are_decoded() {
        assert_eq!(pairs("a=1&b=x+y&c=%C3%A9%26%3D"), [pair("a", "1"), pair("b", "x y"), pair("c", "é&=")]);
        assert_eq!(pairs("&&a&=b&c=d=e&"), [pair("a", ""), pair("", "b"), pair("c", "d=e")]);
        assert_eq!(pairs("a=%&b=%zz&c=%4"), [pair("a", "%"), pair("b", "%zz"), pair("c", "%4")]);
        assert_eq!(pairs(""), []);
    }

    #[test]
    fn what_is_no_utf8_names_its_parameter_where_that_is_readable() {
        assert_eq!(parse("a=1&b=%ff"), Err(NotUtf8(Some("b".to_owned()))));
        assert_eq!(parse("%C3=1"), Err(NotUtf8(None)));
    }

    #[test]
    fn newtypes_options_and_units_are_read() {
        let text = || pairs("a=1");
        assert_eq!(read::<Option<Vec<(String, u8)>>>(text()).unwrap(), Some(vec![("a".to_owned(), 1)]));
        assert_eq!(read::<Option<Vec<(String, u8)>>>(Vec::new()).unwrap(), None);
        assert!(read::<()>(text()).is_ok());
        assert!(read::<u8>(text()).is_err());
    }

    proptest! {
        #[test]
        fn what_is_utf8_is_read_as_serde_urlencoded_does(text in "[a-c=&+%0-9A-F]{0,30}") {
            if let Ok(pairs) = parse(&text) {
                prop_assert_eq!(pairs, serde_urlencoded::from_str::<Vec<(String, String)>>(&text).unwrap());
            }
        }
    }
}
