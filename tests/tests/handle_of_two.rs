//! A handle that two functions name: nobody could tell whose values it is about. It stands alone, because no `Tollgate` of its program is built.

use tollgate::call::{self, CacheHandle};

static AIRPORTS: CacheHandle<(u8,), u8> = CacheHandle::new();

#[call::cached(ttl = "5m", control = AIRPORTS)]
async fn one(id: u8) -> u8 {
    id
}

#[call::cached(ttl = "5m", control = AIRPORTS)]
async fn other(id: u8) -> u8 {
    id
}

#[tokio::test]
async fn a_handle_is_of_one_function() {
    assert_eq!((one(1).await, other(1).await), (1, 1));
    let error = tollgate::Tollgate::builder().build().unwrap_err().to_string();
    assert!(error.contains("one `CacheHandle` is the `control` of 2 functions"), "{error}");
    assert!(error.contains("::one (") && error.contains("::other ("), "{error}");
}
