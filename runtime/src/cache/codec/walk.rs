//! A serializer that writes nothing and tells what it meets.

use std::fmt;

use serde::Serialize;
use serde::ser::{
    self, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// What was met.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "redis"),
    allow(dead_code, reason = "without a shared store values are weighed alone")
)]
pub(super) enum Met<'a> {
    /// A number, a truth value or a character, and how many bytes it has.
    Number {
        kind: &'static str,
        bytes: u8,
    },
    Text(&'a str),
    /// So many bytes.
    Bytes(usize),
    /// A field of a struct, before its value.
    Field(&'static str),
    /// Something with a name, and the name of its variant where it has one.
    Named {
        kind: &'static str,
        name: &'static str,
        variant: &'static str,
    },
    /// Something else: `none`, `map`, `key`.
    Kind(&'static str),
}

/// Tells it.
pub(super) struct Walk<'a>(pub(super) &'a mut dyn FnMut(Met<'_>));

/// A value refused.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value refused to be told")
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Walk<'_> {
    fn named(&mut self, kind: &'static str, name: &'static str, variant: &'static str) {
        (self.0)(Met::Named { kind, name, variant });
    }

    fn all<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        value.serialize(Walk(&mut *self.0))
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, _: $type) -> Result<(), Refused> {
            #[allow(clippy::cast_possible_truncation, reason = "sixteen at most")]
            (self.0)(Met::Number { kind: stringify!($type), bytes: size_of::<$type>() as u8 });
            Ok(())
        })*
    };
}

impl Serializer for Walk<'_> {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers! {
        serialize_bool: bool, serialize_char: char,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64,
    }

    fn serialize_str(self, text: &str) -> Result<(), Refused> {
        (self.0)(Met::Text(text));
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Refused> {
        (self.0)(Met::Bytes(bytes.len()));
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Refused> {
        (self.0)(Met::Kind("none"));
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Refused> {
        (self.0)(Met::Kind("some"));
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Refused> {
        (self.0)(Met::Kind("unit"));
        Ok(())
    }

    fn serialize_unit_struct(mut self, name: &'static str) -> Result<(), Refused> {
        self.named("unit struct", name, "");
        Ok(())
    }

    fn serialize_unit_variant(
        mut self,
        name: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Refused> {
        self.named("unit variant", name, variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        self.named("newtype", name, "");
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        self.named("newtype variant", name, variant);
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Refused> {
        (self.0)(Met::Kind("seq"));
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Refused> {
        (self.0)(Met::Kind("tuple"));
        Ok(self)
    }

    fn serialize_tuple_struct(mut self, name: &'static str, _: usize) -> Result<Self, Refused> {
        self.named("tuple struct", name, "");
        Ok(self)
    }

    fn serialize_tuple_variant(
        mut self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Refused> {
        self.named("tuple variant", name, variant);
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Refused> {
        (self.0)(Met::Kind("map"));
        Ok(self)
    }

    fn serialize_struct(mut self, name: &'static str, _: usize) -> Result<Self, Refused> {
        self.named("struct", name, "");
        Ok(self)
    }

    fn serialize_struct_variant(
        mut self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Refused> {
        self.named("struct variant", name, variant);
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! parts {
    ($($trait:ident $method:ident),* $(,)?) => {
        $(impl $trait for Walk<'_> {
            type Ok = ();
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
                self.all(value)
            }

            fn end(self) -> Result<(), Refused> {
                (self.0)(Met::Kind("end"));
                Ok(())
            }
        })*
    };
}

parts!(SerializeSeq serialize_element, SerializeTuple serialize_element);
parts!(SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl $trait for Walk<'_> {
            type Ok = ();
            type Error = Refused;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Refused> {
                (self.0)(Met::Field(name));
                self.all(value)
            }

            fn end(self) -> Result<(), Refused> {
                (self.0)(Met::Kind("end"));
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Walk<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        (self.0)(Met::Kind("key"));
        self.all(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.all(value)
    }

    fn end(self) -> Result<(), Refused> {
        (self.0)(Met::Kind("end"));
        Ok(())
    }
}
