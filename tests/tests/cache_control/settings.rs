//! The settings of caches.

use tollgate::Tollgate;

#[test]
fn sizes_are_texts_with_a_unit() {
    for size in ["64MiB", "1 GiB", "0.5MB", "500kB", "1B"] {
        assert!(Tollgate::builder().cache_memory(size).build().is_ok(), "{size}");
    }
}

#[test]
fn what_is_no_size_is_an_error_that_names_it() {
    for size in ["", "0B", "0.0MiB", "64", "lots", "64 elephants", "-1MiB", "99999999TiB", "64\u{1b}MiB"] {
        let error = Tollgate::builder().cache_memory(size).build().unwrap_err().to_string();
        let named = format!("`.cache_memory(\"{}\")` is no size", size.escape_debug());
        assert!(error.starts_with(&named) && error.contains("`64MiB`"), "{error}");
    }
}

#[test]
fn it_is_told_with_everything_else_that_is_wrong() {
    let error = Tollgate::builder().cache_memory("lots").max_keys(0).build().unwrap_err().to_string();
    assert!(error.contains("cache_memory(\"lots\")") && error.contains("max_keys(0)"), "{error}");
}

#[tokio::test]
async fn nothing_is_kept_at_the_start_and_throwing_nothing_away_is_no_error() {
    let cache = Tollgate::builder().build().unwrap().cache();
    cache.invalidate_all().await.unwrap();
    cache.invalidate_tag("none has it").await.unwrap();
    cache.invalidate_key("/nowhere").await.unwrap();
    assert_eq!((cache.entries(), cache.bytes()), (0, 0));
}
