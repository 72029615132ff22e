//! A program whose pages are continued by cursors is told at its start that it has no key for them.

use axum::Router;
use axum::routing::get;
use tollgate::Tollgate;
use tollgate_tests::events;

/// An item that is continued by cursors, so that every `Tollgate` of this program needs a key.
#[derive(Clone, serde::Serialize, tollgate::Paginate)]
#[paginate(key = id, style = cursor)]
struct Continued {
    id: u32,
}

#[test]
fn a_missing_key_of_cursors_is_told_at_the_start_and_once() {
    events::listen();
    let tollgate = Tollgate::builder().build().unwrap();
    let told = |line: &&String| line.contains("`.cursor_keys(secret, None)`");
    assert_eq!(events::heard().iter().filter(told).count(), 1);
    let pages = async |asked: tollgate::Pagination<Continued>| {
        asked.slice(&[Continued { id: 1 }, Continued { id: 2 }])
    };
    let service = Router::new().route("/", get(pages)).layer(tollgate.layer());
    let client = tollgate::testing::Client::new(service);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(client.get("/?limit=1")).status(), 200);
    assert_eq!(events::heard().iter().filter(told).count(), 1);
    events::listen();
    let _given = Tollgate::builder().cursor_keys([7; 32], None).build().unwrap();
    assert_eq!(events::heard().iter().filter(told).count(), 0);
}
