//! Types that changed, as two builds see them.

use serde::{Deserialize, Serialize};

use super::*;

/// The fingerprint without the name of the type: what two builds call alike.
fn shape<T: Serialize + DeserializeOwned>() -> u64 {
    let study = RefCell::new(Study::new());
    run::<T>(&study);
    study.into_inner().fingerprint()
}

/// Types of one name, each in a build of its own, of which no two may read what the other one wrote.
macro_rules! builds {
    ($test:ident: $($build:ident { $($item:tt)* })*) => {
        #[test]
        fn $test() {
            $(mod $build {
                #![allow(dead_code, missing_debug_implementations, unreachable_pub, unused_imports, clippy::redundant_pub_crate)]
                use std::collections::BTreeMap;
                use serde::{Deserialize, Serialize};
                $($item)*
            })*
            let shapes = [$((stringify!($build), shape::<$build::Type>(), shape::<$build::Type>())),*];
            for (place, (build, shape, again)) in shapes.iter().enumerate() {
                assert_eq!(shape, again, "{build} is not what it was");
                for (other, other_shape, _) in &shapes[..place] {
                    assert_ne!(shape, other_shape, "{build} reads what {other} wrote");
                }
            }
        }
    };
}

builds! { fields_that_were_added_renamed_retyped_reordered_or_taken_away:
    first { #[derive(Serialize, Deserialize)] pub struct Type { a: u32, b: String } }
    added { #[derive(Serialize, Deserialize)] pub struct Type { a: u32, b: String, c: u8 } }
    added_option { #[derive(Serialize, Deserialize)] pub struct Type { a: u32, b: String, c: Option<u8> } }
    other_option { #[derive(Serialize, Deserialize)] pub struct Type { a: u32, b: String, c: Option<u16> } }
    renamed { #[derive(Serialize, Deserialize)] pub struct Type { a: u32, c: String } }
    renamed_on_the_wire { #[derive(Serialize, Deserialize)] #[serde(rename_all = "UPPERCASE")] pub struct Type { a: u32, b: String } }
    written_otherwise { #[derive(Serialize, Deserialize)] pub struct Type { a: u32, #[serde(rename(serialize = "x"))] b: String } }
    retyped { #[derive(Serialize, Deserialize)] pub struct Type { a: u64, b: String } }
    signed { #[derive(Serialize, Deserialize)] pub struct Type { a: i32, b: String } }
    reordered { #[derive(Serialize, Deserialize)] pub struct Type { b: String, a: u32 } }
    taken_away { #[derive(Serialize, Deserialize)] pub struct Type { a: u32 } }
    alias { #[derive(Serialize, Deserialize)] pub struct Type { #[serde(alias = "z")] a: u32, b: String } }
    behind_an_alias { #[derive(Serialize, Deserialize)] pub struct Type { #[serde(alias = "z")] a: u32, b: Vec<u8> } }
    other_name { #[derive(Serialize, Deserialize)] pub struct Other { a: u32, b: String } pub type Type = Other; }
    list { #[derive(Serialize, Deserialize)] pub struct Type { a: Vec<u32>, b: String } }
    array { #[derive(Serialize, Deserialize)] pub struct Type { a: [u32; 2], b: String } }
    longer_array { #[derive(Serialize, Deserialize)] pub struct Type { a: [u32; 3], b: String } }
    map { #[derive(Serialize, Deserialize)] pub struct Type { a: BTreeMap<u8, u32>, b: String } }
    other_keys { #[derive(Serialize, Deserialize)] pub struct Type { a: BTreeMap<u16, u32>, b: String } }
    other_values { #[derive(Serialize, Deserialize)] pub struct Type { a: BTreeMap<u8, u64>, b: String } }
}

builds! { variants_that_were_added_renamed_retyped_reordered_or_taken_away:
    first { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u8), C { x: u8 } } }
    added { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u8), C { x: u8 }, D } }
    renamed { #[derive(Serialize, Deserialize)] pub enum Type { A, Z(u8), C { x: u8 } } }
    reordered { #[derive(Serialize, Deserialize)] pub enum Type { B(u8), A, C { x: u8 } } }
    retyped { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u16), C { x: u8 } } }
    field_retyped { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u8), C { x: u16 } } }
    field_renamed { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u8), C { y: u8 } } }
    field_added { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u8), C { x: u8, y: u8 } } }
    two { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u8, u8), C { x: u8 } } }
    taken_away { #[derive(Serialize, Deserialize)] pub enum Type { A, B(u8) } }
    untagged { #[derive(Serialize, Deserialize)] #[serde(untagged)] pub enum Type { A, B(u8), C { x: u8 } } }
    tagged { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, C { x: u8 } } }
    tagged_otherwise { #[derive(Serialize, Deserialize)] #[serde(tag = "k")] pub enum Type { A, C { x: u8 } } }
    adjacent { #[derive(Serialize, Deserialize)] #[serde(tag = "t", content = "c")] pub enum Type { A, B(u8), C { x: u8 } } }
    adjacent_retyped { #[derive(Serialize, Deserialize)] #[serde(tag = "t", content = "c")] pub enum Type { A, B(u16), C { x: u8 } } }
}

builds! { variants_that_are_told_apart_by_what_is_in_them:
    first { #[derive(Serialize, Deserialize)] #[serde(untagged)] pub enum Type { A(u8), B(String), C { x: bool } } }
    retyped { #[derive(Serialize, Deserialize)] #[serde(untagged)] pub enum Type { A(u16), B(String), C { x: bool } } }
    reordered { #[derive(Serialize, Deserialize)] #[serde(untagged)] pub enum Type { B(String), A(u8), C { x: bool } } }
    renamed { #[derive(Serialize, Deserialize)] #[serde(untagged)] pub enum Type { A(u8), B(String), C { y: bool } } }
    field_retyped { #[derive(Serialize, Deserialize)] #[serde(untagged)] pub enum Type { A(u8), B(String), C { x: String } } }
    added { #[derive(Serialize, Deserialize)] #[serde(untagged)] pub enum Type { A(u8), B(String), C { x: bool }, D(Vec<u8>) } }
}

builds! { variants_with_a_tag_inside:
    first { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, C { x: u8, y: String } } }
    retyped { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, C { x: u16, y: String } } }
    other_retyped { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, C { x: u8, y: bool } } }
    renamed { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, C { x: u8, z: String } } }
    added { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, C { x: u8, y: String, z: u8 } } }
    option_added { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, C { x: u8, y: String, z: Option<u8> } } }
    variant { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] pub enum Type { A, B, C { x: u8, y: String } } }
}

builds! { flattened_fields:
    first {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: String }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u8 }
    }
    outer_retyped {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: String }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u64, #[serde(flatten)] inner: Inner, last: u8 }
    }
    last_retyped {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: String }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u16 }
    }
    renamed {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, title: String }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u8 }
    }
    retyped {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f32, name: String }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u8 }
    }
    other_retyped {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: Vec<String> }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u8 }
    }
    added {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: String, lon: f64 }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u8 }
    }
    option_added {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: String, note: Option<u8> }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u8 }
    }
    option_retyped {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: String, note: Option<u16> }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: Inner, last: u8 }
    }
    not_flattened {
        #[derive(Serialize, Deserialize)] pub struct Inner { lat: f64, name: String }
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, inner: Inner, last: u8 }
    }
    map_beside {
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: BTreeMap<String, u8>, last: u8 }
    }
    other_map_beside {
        #[derive(Serialize, Deserialize)] pub struct Type { id: u32, #[serde(flatten)] inner: BTreeMap<String, String>, last: u8 }
    }
}

builds! { generic_types:
    first { #[derive(Serialize, Deserialize)] pub struct Of<T> { it: T } pub type Type = Of<Of<Of<u8>>>; }
    innermost { #[derive(Serialize, Deserialize)] pub struct Of<T> { it: T } pub type Type = Of<Of<Of<u16>>>; }
    deeper { #[derive(Serialize, Deserialize)] pub struct Of<T> { it: T } pub type Type = Of<Of<Of<Of<u8>>>>; }
    list { #[derive(Serialize, Deserialize)] pub struct Of<T> { it: T } pub type Type = Vec<Of<Of<Of<u8>>>>; }
    hidden { #[derive(Serialize, Deserialize)] pub struct Of<T> { it: T } #[derive(Serialize, Deserialize)] pub struct Type { of: Of<Of<u8>> } }
    hidden_other { #[derive(Serialize, Deserialize)] pub struct Of<T> { it: T } #[derive(Serialize, Deserialize)] pub struct Type { of: Of<Of<u16>> } }
    results { pub type Type = Result<u8, String>; }
    other_results { pub type Type = Result<u8, u8>; }
    option { pub type Type = Option<u8>; }
    other_option { pub type Type = Option<u16>; }
}

builds! { recursive_types:
    tree { #[derive(Serialize, Deserialize)] pub enum Type { Leaf(u8), Node(Box<Type>, Box<Type>) } }
    tree_retyped { #[derive(Serialize, Deserialize)] pub enum Type { Leaf(u16), Node(Box<Type>, Box<Type>) } }
    tree_with_value { #[derive(Serialize, Deserialize)] pub enum Type { Leaf(u8), Node(Box<Type>, u8, Box<Type>) } }
    tree_with_other_value { #[derive(Serialize, Deserialize)] pub enum Type { Leaf(u8), Node(Box<Type>, u16, Box<Type>) } }
    node_first { #[derive(Serialize, Deserialize)] pub enum Type { Node(Box<Type>, Box<Type>), Leaf(u8) } }
    list { #[derive(Serialize, Deserialize)] pub struct Type { next: Option<Box<Type>>, value: u8 } }
    list_retyped { #[derive(Serialize, Deserialize)] pub struct Type { next: Option<Box<Type>>, value: u16 } }
    children { #[derive(Serialize, Deserialize)] pub struct Type { children: Vec<Type>, value: u8 } }
    children_retyped { #[derive(Serialize, Deserialize)] pub struct Type { children: Vec<Type>, value: u16 } }
    without_end { #[derive(Serialize, Deserialize)] pub struct Type { next: Box<Type>, value: u8 } }
    without_end_retyped { #[derive(Serialize, Deserialize)] pub struct Type { next: Box<Type>, value: u16 } }
}

builds! { newtypes_that_check_what_they_hold:
    first {
        #[derive(Serialize, Deserialize)] #[serde(try_from = "String", into = "String")] #[derive(Clone)] pub struct Code(String);
        impl TryFrom<String> for Code { type Error = &'static str; fn try_from(code: String) -> Result<Self, Self::Error> { if code.len() == 3 { Ok(Self(code)) } else { Err("three letters") } } }
        impl From<Code> for String { fn from(code: Code) -> Self { code.0 } }
        #[derive(Serialize, Deserialize)] pub struct Type { code: Code, after: u8 }
    }
    after_retyped {
        #[derive(Serialize, Deserialize)] #[serde(try_from = "String", into = "String")] #[derive(Clone)] pub struct Code(String);
        impl TryFrom<String> for Code { type Error = &'static str; fn try_from(code: String) -> Result<Self, Self::Error> { if code.len() == 3 { Ok(Self(code)) } else { Err("three letters") } } }
        impl From<Code> for String { fn from(code: Code) -> Self { code.0 } }
        #[derive(Serialize, Deserialize)] pub struct Type { code: Code, after: u16 }
    }
    never {
        #[derive(Serialize, Deserialize)] #[serde(try_from = "String", into = "String")] #[derive(Clone)] pub struct Code(String);
        impl TryFrom<String> for Code { type Error = &'static str; fn try_from(_: String) -> Result<Self, Self::Error> { Err("never") } }
        impl From<Code> for String { fn from(code: Code) -> Self { code.0 } }
        #[derive(Serialize, Deserialize)] pub struct Type { code: Code, after: u8 }
    }
    never_and_after_retyped {
        #[derive(Serialize, Deserialize)] #[serde(try_from = "String", into = "String")] #[derive(Clone)] pub struct Code(String);
        impl TryFrom<String> for Code { type Error = &'static str; fn try_from(_: String) -> Result<Self, Self::Error> { Err("never") } }
        impl From<Code> for String { fn from(code: Code) -> Self { code.0 } }
        #[derive(Serialize, Deserialize)] pub struct Type { code: Code, after: u16 }
    }
    number {
        #[derive(Serialize, Deserialize)] pub struct Type { code: std::num::NonZeroU8, after: u16 }
    }
    other_number {
        #[derive(Serialize, Deserialize)] pub struct Type { code: std::num::NonZeroU16, after: u16 }
    }
    number_after_retyped {
        #[derive(Serialize, Deserialize)] pub struct Type { code: std::num::NonZeroU8, after: u32 }
    }
}

#[test]
fn types_of_other_libraries_are_told_apart() {
    let shapes = [
        shape::<std::net::IpAddr>(),
        shape::<std::net::Ipv4Addr>(),
        shape::<std::time::Duration>(),
        shape::<std::time::SystemTime>(),
        shape::<serde_json::Value>(),
        shape::<Box<[u8]>>(),
        shape::<String>(),
        shape::<()>(),
        shape::<(u8,)>(),
        shape::<std::ops::Range<u8>>(),
        shape::<std::marker::PhantomData<u8>>(),
    ];
    for (place, shape) in shapes.iter().enumerate() {
        assert!(!shapes[..place].contains(shape), "{place}");
    }
}

#[test]
fn a_name_alone_makes_a_difference() {
    #[derive(Serialize, Deserialize)]
    #[serde(rename = "Alike")]
    struct One(u8);
    #[derive(Serialize, Deserialize)]
    #[serde(rename = "Alike")]
    struct Other(u8);
    assert_eq!(shape::<One>(), shape::<Other>());
    assert_ne!(Shape::of::<One>().fingerprint, Shape::of::<Other>().fingerprint);
}

#[test]
fn a_type_that_panics_is_known_as_far_as_it_was_seen() {
    #[derive(Serialize)]
    struct Panics;
    impl<'de> Deserialize<'de> for Panics {
        #[allow(clippy::panic, reason = "what the test is about")]
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            std::panic::resume_unwind(Box::new("without a message"))
        }
    }
    assert_eq!(Shape::of::<Panics>().fingerprint, Shape::of::<Panics>().fingerprint);
    assert_ne!(Shape::of::<Panics>().fingerprint, Shape::of::<Vec<Panics>>().fingerprint);
}

/// Maps have no order; what is written of one is the same each time.
#[test]
fn maps_without_an_order_have_a_shape() {
    #[derive(Serialize, Deserialize)]
    struct Both {
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        map: std::collections::HashMap<String, serde_json::Value>,
        set: std::collections::HashSet<String>,
    }
    #[derive(Serialize, Deserialize)]
    struct Inner {
        a: u8,
        b: u8,
        c: Option<u8>,
    }
    let first = shape::<Both>();
    for _ in 0..20 {
        assert_eq!(shape::<Both>(), first);
    }
}
