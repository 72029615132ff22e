//! What can be told without a server.

use super::*;
use crate::backend::SystemClock;

fn new(url: &str, namespace: &str, timeout: Duration) -> Result<Redis, RedisFault> {
    let settings = Settings { url: url.to_owned(), namespace: namespace.to_owned(), timeout };
    Redis::new(&settings, Arc::new(SystemClock::new()))
}

const TIMEOUT: Duration = Duration::from_millis(30);

#[test]
fn settings_are_checked_without_a_server_and_without_a_runtime() {
    for url in ["redis://127.0.0.1:1", "redis://user:secret@redis.example/3", "valkey://[::1]:6379"] {
        assert!(new(url, "airports", TIMEOUT).is_ok(), "{url}");
    }
    for url in ["", "127.0.0.1:6379", "http://127.0.0.1", "redis://", "redis://host/nought"] {
        assert_eq!(new(url, "airports", TIMEOUT).err(), Some(RedisFault::NoUrl), "{url}");
    }
    assert_eq!(new("redis://127.0.0.1", "", TIMEOUT).err(), Some(RedisFault::NoNamespace));
    for namespace in ["a b", "a{b}", "ä"] {
        let fault = new("redis://127.0.0.1", namespace, TIMEOUT).err();
        assert_eq!(fault, Some(RedisFault::BadNamespace), "{namespace}");
    }
    assert_eq!(new("redis://127.0.0.1", "a", Duration::ZERO).err(), Some(RedisFault::NoTimeout));
}

#[test]
#[cfg(not(feature = "redis-tls"))]
fn tls_without_its_feature_is_told() {
    assert_eq!(new("rediss://127.0.0.1", "airports", TIMEOUT).err(), Some(RedisFault::NoTls));
}

#[test]
fn debug_output_shows_no_password() {
    let redis = new("redis://user:secret@127.0.0.1:1", "airports", TIMEOUT).unwrap();
    assert!(!format!("{redis:?}").contains("secret"));
}
