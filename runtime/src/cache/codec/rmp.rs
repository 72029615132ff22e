//! Values as `MessagePack`.
//!
//! Structs are written with the names of their fields, so that what serde reads by names (`flatten`, `untagged`, fields that are
//! left out) is read as it was written. Bytes are read only where they are one value of a type with the same [shape](super::shape).

use std::any::TypeId;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use rmp_serde::{Deserializer, Serializer};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::entry::Value;
use super::super::remote::Codec;
use super::shape::Shape;
use super::weigh;

/// So deep a value may be: each level takes room on the stack, and who wrote the bytes is not known.
const DEPTH: usize = 128;

/// Values of one type.
struct Rmp<T>(PhantomData<fn() -> T>);

/// How values of this type are written.
#[allow(clippy::unnecessary_wraps, reason = "none.rs has none")]
pub(super) const fn of<T>() -> Option<&'static dyn Codec>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    Some(const { &Rmp::<T>(PhantomData) })
}

impl<T> Codec for Rmp<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn fingerprint(&self) -> u64 {
        shape_of::<T>().fingerprint
    }

    fn encode(&self, value: &Value) -> Option<Vec<u8>> {
        let value = value.downcast_ref::<T>().filter(|_| shape_of::<T>().is_faithful)?;
        let mut bytes = Vec::new();
        let mut serializer = Serializer::new(&mut bytes).with_struct_map();
        serializer.unstable_set_max_depth(DEPTH);
        value.serialize(&mut serializer).ok()?;
        Some(bytes)
    }

    fn decode(&self, payload: &[u8]) -> Option<(Value, u32)> {
        let mut rest = payload;
        let mut deserializer = Deserializer::new(&mut rest);
        deserializer.set_max_depth(DEPTH);
        let value = T::deserialize(&mut deserializer).ok()?;
        drop(deserializer);
        let bytes = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        rest.is_empty().then(|| (Arc::new(value) as Value, weigh::of_type::<T>().saturating_add(bytes)))
    }
}

/// What was found out of each type. There are as many as the program has.
static SHAPES: LazyLock<RwLock<HashMap<TypeId, Shape>>> = LazyLock::new(RwLock::default);

fn shape_of<T: Serialize + DeserializeOwned + 'static>() -> Shape {
    let id = TypeId::of::<T>();
    if let Some(known) = SHAPES.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return *known;
    }
    let shape = Shape::of::<T>();
    SHAPES.write().unwrap_or_else(PoisonError::into_inner).insert(id, shape);
    shape
}
