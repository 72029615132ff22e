//! Parts of made-up values: elements, entries, fields, variants.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::complaint::Refusal;
use super::feeder::Feeder;
use super::study::part_of;

/// So many, one after another.
pub(super) struct Elements<'a, 'f> {
    whole: &'f Feeder<'a>,
    next: usize,
    count: usize,
}

impl<'a, 'f> Elements<'a, 'f> {
    pub(super) const fn new(whole: &'f Feeder<'a>, count: usize) -> Self {
        Self { whole, next: 0, count }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refusal> {
        if self.next >= self.count {
            return Ok(None);
        }
        let element = self.whole.part(&self.next.to_string());
        self.next += 1;
        seed.deserialize(element).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        self.count.checked_sub(self.next)
    }
}

/// Entries of a map, of which nobody said what they are called.
pub(super) struct Entries<'a, 'f> {
    whole: &'f Feeder<'a>,
    keys: std::slice::Iter<'f, String>,
    present: &'f str,
}

impl<'a, 'f> Entries<'a, 'f> {
    pub(super) fn new(whole: &'f Feeder<'a>, keys: &'f [String]) -> Self {
        Self { whole, keys: keys.iter(), present: "" }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        let Some(key) = self.keys.next() else { return Ok(None) };
        self.present = key;
        let keys: Feeder<'_> = self.whole.part("key");
        seed.deserialize(keys.key(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        seed.deserialize(self.whole.part(self.present))
    }
}

/// Fields of a struct: those that went well before those that did not, so that one that refuses hides no other.
pub(super) struct Fields<'a, 'f> {
    whole: &'f Feeder<'a>,
    order: std::vec::IntoIter<&'static str>,
    present: &'static str,
    is_named_only: bool,
}

impl<'a, 'f> Fields<'a, 'f> {
    pub(super) fn feed<'de, V: Visitor<'de>>(
        whole: &'f Feeder<'a>,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let place = |field: &str| part_of(whole.path(), field);
        let mut order: Vec<_> = fields.to_vec();
        {
            let mut study = whole.study();
            for field in fields {
                study.note(&[b"field", field.as_bytes()]);
            }
            order.retain(|field| !study.is_skipped(place(field)));
            order.sort_by_key(|field| study.has_failed(place(field)));
        }
        let mut fed = Fields { whole, order: order.into_iter(), present: "", is_named_only: false };
        let result = visitor.visit_map(&mut fed);
        if result.is_err() && fed.is_named_only {
            whole.study().skip(place(fed.present));
        }
        result
    }
}

impl<'de> MapAccess<'de> for &mut Fields<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        let Some(field) = self.order.next() else { return Ok(None) };
        (self.present, self.is_named_only) = (field, true);
        let name: StrDeserializer<'_, Refusal> = field.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        self.is_named_only = false;
        let field = self.whole.part(self.present);
        let (path, present) = (field.path(), self.present);
        self.whole.study().note(&[b"value", present.as_bytes()]);
        let result = seed.deserialize(field);
        self.whole.study().field(path, result.is_ok());
        result
    }
}

/// One variant of an enum.
pub(super) struct Variant<'a, 'f> {
    whole: &'f Feeder<'a>,
    name: &'static str,
}

impl<'a, 'f> Variant<'a, 'f> {
    pub(super) const fn new(whole: &'f Feeder<'a>, name: &'static str) -> Self {
        Self { whole, name }
    }
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a, '_> {
    type Error = Refusal;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'a>), Refusal> {
        self.whole.study().note(&[b"is", self.name.as_bytes()]);
        let name: StrDeserializer<'_, Refusal> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Content(self.whole.part(self.name))))
    }
}

/// What a variant holds.
pub(super) struct Content<'a>(Feeder<'a>);

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        self.0.study().note(&[b"nothing"]);
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Refusal> {
        self.0.study().note(&[b"one"]);
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, count: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.0.study().note(&[b"several", &count.to_le_bytes()]);
        visitor.visit_seq(Elements::new(&self.0, count))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.0.study().note(&[b"fields"]);
        Fields::feed(&self.0, fields, visitor)
    }
}
