//! How policies are called on the wire, and in which order they stand.

use axum::routing::get;
use tollgate::{Key, RateLimitKey, RequestFacts, rate_limited};
use tollgate_tests::structured::list_of_strings;

use crate::support::service;

struct Tenant;

impl RateLimitKey for Tenant {
    fn key(_: &RequestFacts<'_>) -> Option<Key> {
        Some(Key::from("tenant"))
    }
}

mod nested {
    use super::{Key, RateLimitKey, RequestFacts};

    pub(super) struct Shop;

    impl RateLimitKey for Shop {
        fn key(_: &RequestFacts<'_>) -> Option<Key> {
            Some(Key::from("shop"))
        }
    }
}

/// Holds what `RateLimit-Policy` says of a handler with these limits, and that `RateLimit` names the same.
macro_rules! policies {
    ($($(#[$limit:meta])+ => $policies:expr;)+) => {$({
        $(#[$limit])+
        async fn limited() {}
        let answer = service(get(limited)).get("/").await;
        assert_eq!(answer.field("ratelimit-policy"), $policies);
        let names = ["ratelimit-policy", "ratelimit"].map(|field| {
            let members = list_of_strings(answer.field(field)).unwrap();
            members.into_iter().map(|member| member.name).collect::<Vec<_>>()
        });
        assert_eq!(names[0], names[1]);
    })+};
}

#[tokio::test]
async fn several_rates_are_called_by_their_periods() {
    policies! {
        #[rate_limited("5/second", "100/minute", "1000/hour", "10000/day")]
            => r#""second";q=5;w=1, "minute";q=100;w=60, "hour";q=1000;w=3600, "day";q=10000;w=86400"#;
        #[rate_limited("5 per second; 100 per minute")] => r#""second";q=5;w=1, "minute";q=100;w=60"#;
        #[rate_limited("5/s, 100/min")] => r#""second";q=5;w=1, "minute";q=100;w=60"#;
        #[rate_limited("5/2s", "10/5  minutes")] => r#""2s";q=5;w=2, "5 minutes";q=10;w=300"#;
        #[rate_limited("5/1s", "10/3 Hours")] => r#""1s";q=5;w=1, "3 Hours";q=10;w=10800"#;
    }
}

#[tokio::test]
async fn rates_of_one_limit_stand_as_they_are_written() {
    policies! {
        #[rate_limited("100/minute", "5/second")] => r#""minute";q=100;w=60, "second";q=5;w=1"#;
    }
}

#[tokio::test]
async fn limits_with_different_keys_are_prefixed_and_stand_in_one_order_however_they_are_written() {
    const ALL: &str = "\"ip-second\";q=5;w=1, \"ip-minute\";q=100;w=60, \"global-minute\";q=9;w=60, \
                       \"x-api-key-hour\";q=8;w=3600, \"Tenant-day\";q=7;w=86400, \
                       \"ip-x-api-key-minute\";q=6;w=60";
    policies! {
        #[rate_limited("5/second", "100/minute")]
        #[rate_limited("9/minute", key = global)]
        #[rate_limited("8/hour", key = header("X-API-Key"))]
        #[rate_limited("7/day", key = Tenant)]
        #[rate_limited("6/minute", key = (ip, header("x-api-key")))] => ALL;

        #[rate_limited("6/minute", key = (ip, header("x-api-key")))]
        #[rate_limited("7/day", key = Tenant)]
        #[rate_limited("8/hour", key = header("X-API-Key"))]
        #[rate_limited("9/minute", key = global)]
        #[rate_limited("5/second", "100/minute", key = ip)] => ALL;

        #[rate_limited("8/hour", key = header("x-api-key"))]
        #[rate_limited("5/second", "100/minute")]
        #[rate_limited("6/minute", key = (ip, header("x-api-key")))]
        #[rate_limited("9/minute", key = global)]
        #[rate_limited("7/day", key = Tenant)] => ALL;
    }
}

#[tokio::test]
async fn a_key_is_called_by_its_word_its_field_or_the_last_word_of_its_type() {
    policies! {
        #[rate_limited("1/minute", key = global)]
        #[rate_limited("2/minute", key = header("X-Tenant"))]
            => r#""global-minute";q=1;w=60, "x-tenant-minute";q=2;w=60"#;
        #[rate_limited("1/minute", key = nested::Shop)]
        #[rate_limited("2/minute", key = Tenant)]
            => r#""Tenant-minute";q=2;w=60, "Shop-minute";q=1;w=60"#;
        #[rate_limited("1/minute", key = (header("a"), header("b")))]
        #[rate_limited("2/minute", key = (header("a"), Tenant, ip))]
            => r#""a-Tenant-ip-minute";q=2;w=60, "a-b-minute";q=1;w=60"#;
        #[rate_limited("1/minute", key = header("x!#$%&'*+.^_`|~9"))]
        #[rate_limited("2/minute")]
            => r#""ip-minute";q=2;w=60, "x!#$%&'*+.^_`|~9-minute";q=1;w=60"#;
    }
}
