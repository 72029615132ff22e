//! What a request says never comes back, whatever it says.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::{Key, RateLimitKey, RequestFacts, rate_limited};
use tollgate_tests::{Answer, Service};

use crate::support::{and, request, service, with};

struct Tenant;

impl RateLimitKey for Tenant {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        Some(Key::bytes(facts.headers().get("tenant")?))
    }
}

#[rate_limited("1/minute", key = (header("a"), Tenant))]
#[rate_limited("1/hour", key = header("a"))]
async fn keyed() {}

/// Values that break out of header fields, problems or logs where they are written out.
const HOSTILE: [&[u8]; 14] = [
    b"%0d%0aset-cookie: a=b",
    b"%0a",
    b"%0d",
    b"%00",
    b"%0d%0a%0d%0a<script>",
    "\u{560a}\u{560d}set-cookie: a=b".as_bytes(),
    b"%c0%8a",
    b"\\r\\nset-cookie: a=b",
    "\u{2028}".as_bytes(),
    b"\"; r=999, \"x\"; r=",
    b"x>; rel=\"next\", <http://evil.example/",
    b"\"}, {\"status\": 200",
    b"\xff\xfe\x80",
    b"{}{0}%s%n",
];

/// Everything that a client can read of an answer.
fn all_of(answer: &Answer) -> Vec<u8> {
    let fields = answer.headers.iter().flat_map(|(name, value)| [name.as_str().as_bytes(), value.as_bytes()]);
    fields.chain([answer.body.as_bytes()]).collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn a_key_never_comes_back() {
    let service = service(get(keyed));
    for value in HOSTILE {
        let hostile = || and(with("a", value), "tenant", value);
        let (admitted, refused) = (service.send(hostile()).await, service.send(hostile()).await);
        assert_eq!((admitted.status, refused.status), (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS));
        let [plain_admitted, plain_refused] = {
            let plain = || and(with("a", "plain"), "tenant", "plain");
            let service = crate::support::service(get(keyed));
            [service.send(plain()).await, service.send(plain()).await]
        };
        assert_eq!(all_of(&admitted), all_of(&plain_admitted), "{}", value.escape_ascii());
        assert_eq!(all_of(&refused), all_of(&plain_refused), "{}", value.escape_ascii());
    }
}

#[rate_limited("1/minute", key = header("a"), missing = reject)]
async fn rejecting() {}

#[tokio::test]
async fn a_path_never_comes_back() {
    let service = Service::of(Router::new().route("/{*path}", get(rejecting)));
    let plain = service.get("/plain").await;
    for path in ["/%0d%0aset-cookie:a=b", "/%00", "/%e5%98%8a", "/%22%7d", "/%3cscript%3e?%0a", "/%c0%8a"] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(all_of(&answer), all_of(&plain), "{path}");
    }
}

#[tokio::test]
async fn many_header_fields_make_no_difference() {
    let service = service(get(keyed));
    let crowded =
        (0..500).fold(and(request(), "a", "x"), |request, number| and(request, &format!("x-{number}"), "y"));
    assert_eq!(service.send(crowded).await.status, StatusCode::OK);
    assert_eq!(service.send(with("a", "x")).await.status, StatusCode::TOO_MANY_REQUESTS);
}
