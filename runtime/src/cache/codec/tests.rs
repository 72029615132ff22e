//! Values that are written and read again, and bytes that are none.

#![allow(clippy::unwrap_used, reason = "clippy knows tests by `#[test]`, and these are their helpers")]

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::entry::Value;
use super::super::remote::Codec;
use super::*;

fn codec<T: Serialize + DeserializeOwned + Send + Sync + 'static>() -> &'static dyn Codec {
    (&&&Probe::<T>::new()).tollgate_kept().codec().unwrap()
}

fn encode<T: Serialize + DeserializeOwned + Send + Sync + 'static>(value: T) -> Option<Vec<u8>> {
    codec::<T>().encode(&(Arc::new(value) as Value))
}

fn decode<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static>(bytes: &[u8]) -> Option<T> {
    let (value, _) = codec::<T>().decode(bytes)?;
    value.downcast_ref::<T>().cloned()
}

fn again<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static>(value: T) -> Option<T> {
    decode(&encode(value)?)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Place {
    lat: f64,
    lon: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Either {
    Number(u8),
    Text(String),
    Place(Place),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Kind {
    Plain,
    Named { name: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Tree {
    Leaf(u32),
    Node(Box<Tree>, Box<Tree>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Airport {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    more: BTreeMap<String, u64>,
    either: Vec<Either>,
    kind: (Kind, Kind),
    tree: Tree,
    #[serde(skip)]
    skipped: u8,
    by_number: HashMap<u16, [i64; 2]>,
    address: IpAddr,
    time: Duration,
    sign: char,
    unit: (),
    result: Result<u8, String>,
}

fn airport() -> Airport {
    Airport {
        name: "Köln".to_owned(),
        note: None,
        place: Place { lat: 50.9, lon: 7.1 },
        more: [("runways".to_owned(), 3)].into(),
        either: vec![
            Either::Number(7),
            Either::Text("a".to_owned()),
            Either::Place(Place { lat: 0.0, lon: -0.0 }),
        ],
        kind: (Kind::Plain, Kind::Named { name: "b".to_owned() }),
        tree: Tree::Node(Box::new(Tree::Leaf(1)), Box::new(Tree::Leaf(u32::MAX))),
        skipped: 0,
        by_number: [(1, [i64::MIN, i64::MAX])].into(),
        address: [127, 0, 0, 1].into(),
        time: Duration::from_nanos(1_500),
        sign: 'ß',
        unit: (),
        result: Err("no".to_owned()),
    }
}

#[test]
fn what_serde_can_write_is_read_as_it_was() {
    assert_eq!(again(airport()), Some(airport()));
    let noted = Airport { note: Some("x".to_owned()), ..airport() };
    assert_eq!(again(noted.clone()), Some(noted));
    assert_eq!(again((u128::MAX, i128::MIN, f32::MIN)), Some((u128::MAX, i128::MIN, f32::MIN)));
    assert_eq!(again(Some(vec![Some(1_u8), None])), Some(Some(vec![Some(1), None])));
    assert_eq!(again(None::<String>), Some(None));
    assert_eq!(again(()), Some(()));
}

#[test]
fn what_would_be_read_as_something_else_is_not_written() {
    #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
    struct New(Option<u8>);
    assert_eq!(encode(Some(None::<u8>)), None);
    assert_eq!(encode(Some(())), None);
    assert_eq!(encode(Some(New(None))), None);
    assert!(encode(New(None)).is_some() && encode(Some(vec![None::<u8>])).is_some());
}

#[test]
fn a_value_of_another_type_is_not_written() {
    assert_eq!(codec::<u32>().encode(&(Arc::new(7_u64) as Value)), None);
}

#[test]
fn bytes_of_something_else_are_no_value() {
    let bytes = encode(airport()).unwrap();
    for end in 0..bytes.len() {
        assert_eq!(decode::<Airport>(&bytes[..end]), None, "{end}");
    }
    let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
    assert_eq!(decode::<Airport>(&longer), None);
    assert_eq!(decode::<u8>(&encode("text".to_owned()).unwrap()), None);
    // Lengths that are not there: arrays, texts, maps of four billion.
    for head in [0xDD, 0xDB, 0xDF, 0xC6] {
        let bytes = [head, 0xFF, 0xFF, 0xFF, 0xFF];
        assert!(decode::<Vec<u64>>(&bytes).is_none() && decode::<String>(&bytes).is_none());
        assert!(decode::<HashMap<u64, u64>>(&bytes).is_none() && decode::<Airport>(&bytes).is_none());
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct Deep(Vec<Deep>);

#[test]
fn depth_is_bounded_both_ways() {
    let deep = |levels: u32| {
        (0..levels).fold(Tree::Leaf(0), |tree, _| Tree::Node(Box::new(tree), Box::new(Tree::Leaf(1))))
    };
    assert_eq!(again(deep(20)), Some(deep(20)));
    assert_eq!(encode(deep(1_000)).and_then(|bytes| decode::<Tree>(&bytes)), None);
    let arrays: Vec<u8> = [0x91].repeat(100_000);
    assert!(decode::<Deep>(&arrays).is_none() && decode::<Airport>(&arrays).is_none());
}

#[test]
fn a_value_weighs_what_it_was_written_in_and_its_type() {
    let (value, weight) = codec::<String>().decode(&encode("x".repeat(1_000)).unwrap()).unwrap();
    assert_eq!(value.downcast_ref::<String>().unwrap().len(), 1_000);
    assert_eq!(weight, 1_003 + 24);
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>) {
        let _ = decode::<Airport>(&bytes);
        let _ = decode::<Vec<Either>>(&bytes);
        let _ = decode::<HashMap<String, Option<Kind>>>(&bytes);
        let _ = decode::<Tree>(&bytes);
    }

    #[test]
    fn changed_bytes_never_panic(at: prop::sample::Index, byte: u8) {
        let mut bytes = encode(airport()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decode::<Airport>(&bytes);
    }

    #[test]
    fn numbers_and_texts_are_read_as_they_were(value: (u8, i64, String, Vec<Option<u32>>, bool, char)) {
        prop_assert_eq!(again(value.clone()), Some(value));
    }
}
