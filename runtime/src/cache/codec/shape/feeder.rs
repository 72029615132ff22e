//! The deserializer that makes up values.

use std::cell::{RefCell, RefMut};

use serde::de::{Deserializer, Visitor};

use super::complaint::Refusal;
use super::parts::{Elements, Entries, Fields, Variant};
use super::study::{Path, Study, part_of};

/// What texts are tried before those that were learned: many types read one kind of text alone.
const TEXTS: &[&str] = &[
    "",
    "a",
    "0",
    "1",
    "127.0.0.1",
    "127.0.0.1:80",
    "00000000-0000-4000-8000-000000000000",
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00",
    "1970-01-01",
    "00:00:00",
    "https://a.example/",
    "a@a.example",
    "UTC",
    "EUR",
];
const NUMBERS: [u8; 5] = [0, 1, 2, 10, 100];
const BYTES: [usize; 4] = [0, 4, 16, 32];

/// What is given where anything is taken: a number that tells the place, eight other kinds, then words.
pub(super) const WAYS: usize = 9;

/// A made-up value.
pub(super) struct Feeder<'a> {
    study: &'a RefCell<Study>,
    path: Path,
    /// Whether it stands in an `Option` at once.
    in_option: bool,
    /// What it is if it is a text: a key, of which the type decides what to make.
    key: Option<&'a str>,
}

impl<'a> Feeder<'a> {
    pub(super) const fn new(study: &'a RefCell<Study>) -> Self {
        Self { study, path: 0, in_option: false, key: None }
    }

    /// A part of this one.
    pub(super) fn part(&self, name: &str) -> Self {
        Self { study: self.study, path: part_of(self.path, name), in_option: false, key: None }
    }

    /// A key that reads so, where it is a text.
    pub(super) fn key(&self, key: &'a str) -> Self {
        Self { key: Some(key), ..self.part(key) }
    }

    pub(super) fn study(&self) -> RefMut<'a, Study> {
        self.study.borrow_mut()
    }

    pub(super) const fn path(&self) -> Path {
        self.path
    }

    /// A number or a text: the first that is liked.
    fn leaf<T>(
        self,
        kind: &str,
        count: usize,
        visit: impl FnOnce(usize) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.study().note(&[kind.as_bytes()]);
        let way = self.study().leaf(self.path, count);
        let result = visit(way);
        self.study().went(self.path, way, result.is_ok());
        result
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if let Some(key) = self.key {
            self.study().note(&[b"key"]);
            return visitor.visit_str(key);
        }
        let words = self.study().words.clone();
        self.leaf("text", TEXTS.len() + words.len(), |way| {
            let learned = || words.get(way - TEXTS.len()).map(String::as_str);
            visitor.visit_str(TEXTS.get(way).copied().or_else(learned).unwrap_or_default())
        })
    }

    fn bytes<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.leaf("bytes", BYTES.len(), |way| {
            visitor.visit_bytes(&vec![0; BYTES.get(way).copied().unwrap_or_default()])
        })
    }

    /// Goes into something with a name, unless that goes on and on.
    fn within<T>(&self, name: &'static str, work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
        if !self.study().enter(name) {
            return Err(Refusal::silent());
        }
        let result = work();
        self.study().leave();
        result
    }

    fn elements<'de, V: Visitor<'de>>(self, count: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.within("", || visitor.visit_seq(Elements::new(&self, count)))
    }

    /// One that nobody knows, and those that were learned.
    fn entries<'de, V: Visitor<'de>>(self, unknown: Option<&str>, visitor: V) -> Result<V::Value, Refusal> {
        let mut keys = self.study().keys.clone();
        keys.extend(unknown.map(str::to_owned));
        self.within("", || visitor.visit_map(Entries::new(&self, &keys)))
    }

    fn unit<'de, V: Visitor<'de>>(self, name: &str, visitor: V) -> Result<V::Value, Refusal> {
        self.study().note(&[b"unit", name.as_bytes()]);
        self.study().is_faithful &= !self.in_option;
        visitor.visit_unit()
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            self.leaf(stringify!($type), NUMBERS.len(), |way| {
                #[allow(clippy::cast_possible_wrap, reason = "100 at most")]
                visitor.$visit(NUMBERS.get(way).copied().unwrap_or_default() as $type)
            })
        })*
    };
}

impl<'de> Deserializer<'de> for Feeder<'_> {
    type Error = Refusal;

    numbers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64, deserialize_u128 visit_u128 u128,
        deserialize_f32 visit_f32 f32, deserialize_f64 visit_f64 f64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.key.is_some() {
            return self.text(visitor);
        }
        let (way, number) = self.study().open(self.path, false);
        self.study().note(&[b"any"]);
        match way {
            0 => visitor.visit_u64(number as u64),
            1 => visitor.visit_unit(),
            2 => visitor.visit_bool(false),
            3 => visitor.visit_f64(0.5),
            4 => self.elements(1, visitor),
            5 => self.entries(None, visitor),
            6 => visitor.visit_bytes(&[]),
            7 => visitor.visit_i64(-1),
            8 => visitor.visit_str("a"),
            word => {
                let word = self.study().words.get(word - WAYS).cloned().unwrap_or_default();
                visitor.visit_str(&word)
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.leaf("bool", 2, |way| visitor.visit_bool(way == 1))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.leaf("char", 2, |way| visitor.visit_char(if way == 0 { 'a' } else { '0' }))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.text(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.study().note(&[b"option"]);
        self.study().is_faithful &= !self.in_option;
        let (is_some, way) = self.study().is_there(self.path);
        let result = if is_some {
            visitor.visit_some(Self { in_option: true, ..self.part("some") })
        } else {
            visitor.visit_none()
        };
        self.study().went(self.path, way, result.is_ok());
        result
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.unit("", visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.unit(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.study().note(&[b"newtype", name.as_bytes()]);
        let inner = Self { in_option: self.in_option, ..self.part("0") };
        self.within(name, || visitor.visit_newtype_struct(inner))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.study().note(&[b"seq"]);
        let (is_there, way) = self.study().is_there(self.path);
        let again = self.part("");
        let result = self.elements(usize::from(is_there), visitor);
        again.study().went(again.path, way, result.is_ok());
        result
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, count: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.study().note(&[b"tuple", &count.to_le_bytes()]);
        self.elements(count, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.study().note(&[b"tuple struct", name.as_bytes(), &count.to_le_bytes()]);
        self.within(name, || visitor.visit_seq(Elements::new(&self, count)))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.study().note(&[b"map"]);
        self.entries(Some("key"), visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.study().note(&[b"struct", name.as_bytes()]);
        self.within(name, || Fields::feed(&self, fields, visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.study().note(&[b"enum", name.as_bytes()]);
        for variant in variants {
            self.study().note(&[b"variant", variant.as_bytes()]);
        }
        let way = self.study().each_of(self.path, variants.len());
        let variant = variants.get(way).copied().unwrap_or_default();
        let result = self.within(name, || visitor.visit_enum(Variant::new(&self, variant)));
        self.study().went(self.path, way, result.is_ok());
        result
    }

    /// A tag, of which all names are tried that were learned, or the name of a field.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let words = self.study().words.clone();
        if self.key.is_some() || words.is_empty() {
            return self.text(visitor);
        }
        let (way, _) = self.study().open(self.path, true);
        visitor.visit_str(words.get(way).map_or("", String::as_str))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
