//! What the derives write relies on no name of the user's.

/// With nothing in scope that generated code could find by its first name alone.
mod nothing_in_scope {
    #![no_implicit_prelude]

    mod core {}
    mod std {}
    mod tollgate {}

    struct Vec;
    struct Option;
    struct String;
    struct Some;
    struct None;

    pub(super) fn unused() {
        let _ = (Vec, Option, String, Some, None);
    }

    #[derive(Debug, thiserror::Error, ::tollgate::ApiError)]
    pub(super) enum Problem {
        #[error("no {formatter}")]
        #[api_error(status = 404, code = "scoped_missing", extension(formatter, error, kind = r#type), headers(retry_after = after))]
        Result { formatter: ::std::string::String, error: u8, r#type: u8, after: ::std::time::Duration },
        #[error(transparent)]
        #[api_error(transparent)]
        Some(#[from] ::tollgate::Problem),
        #[cfg(any())]
        #[error("never")]
        #[api_error(status = 404, code = "scoped_never", extension(never = 0))]
        Never(Never),
    }

    #[derive(::tollgate::Paginate)]
    #[paginate(key = r#type, sort(self_, place), filter(text, place))]
    pub(super) struct Result {
        pub(super) r#type: u64,
        pub(super) self_: bool,
        pub(super) place: ::std::option::Option<f64>,
        #[paginate(text)]
        pub(super) text: ::std::net::Ipv4Addr,
        #[cfg(any())]
        never: Never,
    }

    use ::std::fmt::Debug;
    use ::thiserror;
}

#[test]
fn derives_rely_on_no_name_in_scope() {
    use nothing_in_scope::{Problem, Result};
    use tollgate::{ApiError, Paginate};

    nothing_in_scope::unused();
    let after = std::time::Duration::from_secs(1);
    let error = Problem::Result { formatter: "x".to_owned(), error: 1, r#type: 2, after };
    let problem = serde_json::to_value(error.problem()).unwrap();
    assert_eq!((&problem["error"], &problem["kind"]), (&1.into(), &2.into()));
    assert_eq!(Problem::kinds().len(), 1);
    let row = Result { r#type: 1, self_: true, place: None, text: std::net::Ipv4Addr::LOCALHOST };
    assert_eq!((Result::PAGING.fields().len(), row.field(0)), (4, tollgate::PageValue::Int(1)));
}
