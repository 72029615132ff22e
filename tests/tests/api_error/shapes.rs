//! Structs, tuples, units, raw names, variants behind `cfg`, types of macros and of function bodies.

use serde_json::json;
use thiserror::Error;
use tollgate::ApiError;

use crate::answer_of;

#[derive(Debug, Error, ApiError)]
#[error("gone since {since}")]
#[api_error(status = 410, code = "gone", extension(since), headers(sunset = since))]
struct Gone {
    since: &'static str,
}

#[derive(Debug, Error, ApiError)]
#[error("{0} of {1}")]
#[api_error(status = 422, code = "pair", extension(first = 0, second = 1, again = 0))]
struct Pair(u8, u8);

#[derive(Debug, Error, ApiError)]
#[error("nothing")]
#[api_error(status = 404, code = "nothing")]
struct Nothing;

#[tokio::test]
async fn a_struct_is_answered_as_a_variant_is() {
    let answer = answer_of(|| Gone { since: "yesterday" }).await;
    assert_eq!((answer.status.as_u16(), answer.field("sunset")), (410, "yesterday"));
    assert_eq!(answer.json()["since"], "yesterday");
    let pair = answer_of(|| Pair(1, 2)).await.json();
    assert_eq!((&pair["first"], &pair["second"], &pair["again"]), (&json!(1), &json!(2), &json!(1)));
    assert_eq!(answer_of(|| Nothing).await.status, 404);
}

#[derive(Debug, Error, ApiError)]
#[allow(non_camel_case_types)]
enum r#move {
    #[error("raw")]
    #[api_error(status = 409, code = "raw", extension(kind = r#type, r#match))]
    r#Self_ { r#type: &'static str, r#match: u8 },
}

#[tokio::test]
async fn raw_names_lose_their_prefix_on_the_wire() {
    let problem = answer_of(|| r#move::r#Self_ { r#type: "a", r#match: 7 }).await.json();
    assert_eq!((&problem["kind"], &problem["match"]), (&json!("a"), &json!(7)));
}

#[derive(Debug, Error, ApiError)]
enum Conditional {
    #[cfg(any())]
    #[error("never")]
    #[api_error(status = 404, code = "same")]
    Never,
    #[cfg(not(any(windows, unix, target_family = "wasm")))]
    #[error("elsewhere")]
    #[api_error(status = 404, code = "same")]
    Elsewhere,
    #[cfg(any(windows, unix, target_family = "wasm"))]
    #[error("always")]
    #[api_error(status = 410, code = "same")]
    Always,
    #[error("other")]
    #[cfg_attr(any(), api_error(status = 404, code = "never"))]
    #[cfg_attr(all(), api_error(status = 409, code = "other"))]
    Other {
        #[cfg(any())]
        never: u8,
    },
}

#[tokio::test]
async fn a_variant_that_is_not_there_declares_nothing() {
    let codes: Vec<_> = Conditional::kinds().iter().map(|kind| (kind.status(), kind.code())).collect();
    assert_eq!(codes, [(410, "same"), (409, "other")]);
    assert_eq!(answer_of(|| Conditional::Always).await.status, 410);
    assert_eq!(answer_of(|| Conditional::Other {}).await.status, 409);
}

macro_rules! errors {
    ($($name:ident { $($variant:ident($field:ident: $ty:ty) = $status:literal $code:literal $text:literal),* })*) => {
        $(
            #[derive(Debug, Error, ApiError)]
            enum $name {
                $(
                    #[error($text)]
                    #[api_error(status = $status, code = $code, extension($field), headers(x_field = $field))]
                    $variant { $field: $ty },
                )*
            }
        )*
    };
}

errors! {
    First { One(iata: String) = 404 "first_one" "one {iata}", Two(error: u64) = 409 "first_two" "two {error}" }
    Second { One(field_0: String) = 404 "second_one" "one {field_0}" }
}

#[tokio::test]
async fn a_macro_may_write_several_errors() {
    assert_eq!(answer_of(|| First::One { iata: "A".to_owned() }).await.json()["iata"], "A");
    let two = answer_of(|| First::Two { error: 7 }).await;
    assert_eq!((two.field("x-field"), &two.json()["error"]), ("7", &json!(7)));
    assert_eq!(answer_of(|| Second::One { field_0: "B".to_owned() }).await.json()["field_0"], "B");
}

#[tokio::test]
async fn an_error_may_stand_within_a_function() {
    const LENGTH: usize = 2;
    #[derive(Debug, Error, ApiError)]
    enum Local {
        #[error("{0:?}")]
        #[api_error(status = 404, code = "local", extension(bytes = 0))]
        Bytes([u8; LENGTH]),
    }
    assert_eq!(answer_of(|| Local::Bytes([1, 2])).await.json()["bytes"], json!([1, 2]));
}

#[derive(Debug, Error, ApiError)]
enum Never {}

#[test]
fn an_error_without_variants_has_no_kinds() {
    assert!(Never::kinds().is_empty());
}

mod hidden {
    use super::{ApiError, Error};

    /// It may be told outside of its module, and only there be matched.
    #[derive(Debug, Error, ApiError)]
    #[error("hidden {inner}")]
    #[api_error(status = 404, code = "hidden", extension(inner))]
    pub(in crate::shapes) struct Hidden {
        inner: u8,
    }

    impl Hidden {
        pub(in crate::shapes) const fn new() -> Self {
            Self { inner: 7 }
        }
    }

    /// A text of its own in the place of thiserror's.
    #[derive(Debug, ApiError)]
    #[api_error(status = 404, code = "by_hand")]
    pub(in crate::shapes) struct ByHand;

    impl std::fmt::Display for ByHand {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("by hand")
        }
    }

    impl std::error::Error for ByHand {}
}

#[tokio::test]
async fn a_private_field_is_sent_where_it_is_declared() {
    assert_eq!(answer_of(hidden::Hidden::new).await.json()["inner"], 7);
}

#[tokio::test]
async fn thiserror_is_not_needed_where_the_error_is_made_by_hand() {
    assert_eq!(answer_of(|| hidden::ByHand).await.json()["detail"], "by hand");
}

#[derive(Debug, Error, ApiError)]
enum Old {
    #[deprecated]
    #[error("old")]
    #[api_error(status = 410, code = "old")]
    #[allow(dead_code)]
    Old,
}

#[test]
fn a_deprecated_variant_is_answered_without_a_warning() {
    assert_eq!(Old::kinds()[0].code(), "old");
}
