//! What a value takes in memory, about: its type, and all that it tells a serializer.

use serde::Serialize;

use super::walk::{Met, Walk};

/// What a value takes: what stands in it and what it points to. Allocators and spare room are not counted.
pub(super) fn weigh<T: Serialize>(value: &T) -> u32 {
    let mut bytes = 0_usize;
    let mut note = |met: Met<'_>| bytes = bytes.saturating_add(weight(&met));
    // A value that refuses to be told in full weighs what it told.
    let _ = value.serialize(Walk(&mut note));
    of_type::<T>().saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX))
}

/// What stands in a value of this type, without what it points to.
pub(super) fn of_type<T>() -> u32 {
    u32::try_from(size_of::<T>()).unwrap_or(u32::MAX)
}

fn weight(met: &Met<'_>) -> usize {
    match met {
        Met::Number { bytes, .. } => usize::from(*bytes),
        Met::Text(text) => size_of::<usize>() + text.len(),
        Met::Bytes(length) => size_of::<usize>() + length,
        Met::Field(_) => 0,
        Met::Named { .. } | Met::Kind(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_a_value_points_to_counts() {
        assert_eq!(weigh(&7_u64), 16);
        let text = "x".repeat(10_000);
        assert!((10_000..10_100).contains(&weigh(&text)));
        assert!((80_000..81_000).contains(&weigh(&vec![0_u64; 10_000])));
        let map: BTreeMap<(u8, u8), String> = [((1, 2), text)].into();
        assert!(weigh(&map) > 10_000, "keys that are no text do not matter");
    }

    #[test]
    fn a_value_that_refuses_weighs_what_it_told() {
        struct Refuses;
        impl Serialize for Refuses {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("no"))
            }
        }
        assert!(weigh(&("x".repeat(1_000), Refuses)) > 1_000);
    }
}
