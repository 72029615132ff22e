//! A service with users of its own, called without a socket.

use serde_json::{Value, json};
use tollgate::testing::{Answer, Client, ManualClock};
use tollgate::{Policy, Tollgate, TollgateBuilder};
use users::{Db, app};

/// A client of a service without limits.
pub(crate) async fn unlimited() -> Client {
    client(Tollgate::builder().disable(Policy::RateLimit)).await
}

/// A client of a service with limits, and the clock that they go by.
pub(crate) async fn limited() -> (Client, ManualClock) {
    let clock = ManualClock::new();
    (client(Tollgate::builder().clock(clock.clone())).await, clock)
}

async fn client(builder: TollgateBuilder) -> Client {
    let tollgate = builder.build().unwrap();
    let db = Db::open(None).await.unwrap();
    Client::new(app(db, &tollgate).layer(tollgate.layer()))
}

/// What makes Ada's account.
pub(crate) fn ada() -> Value {
    json!({ "email": "ada@example.com", "name": "Ada Lovelace", "password": "correct horse" })
}

pub(crate) fn json(answer: &Answer) -> Value {
    answer.json().unwrap()
}

/// Asserts a problem of that status, and gives it.
#[track_caller]
pub(crate) fn problem(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = json(answer);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    problem
}
