//! One run for all who ask for the same thing at the same time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::future::join_all;
use http::StatusCode;
use tokio::sync::Semaphore;
use tollgate_tests::Service;

use crate::support::{Script, answer, counts, service, settle};

/// A handler that waits until a test lets it go on.
fn gated(answer: impl Fn(u64) -> Response + Send + Sync + 'static) -> (Script, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(0));
    let answer = Arc::new(answer);
    let script = Script::waiting({
        let gate = Arc::clone(&gate);
        move |run, _| {
            let (gate, answer) = (Arc::clone(&gate), Arc::clone(&answer));
            async move {
                gate.acquire().await.unwrap().forget();
                answer(run)
            }
        }
    });
    (script, gate)
}

/// So many requests, each in a task of its own.
fn ask(service: &Service, path: &str, many: usize) -> Vec<tokio::task::JoinHandle<tollgate_tests::Answer>> {
    let one = |_| {
        let (service, path) = (service.clone(), path.to_owned());
        tokio::spawn(async move { service.get(&path).await })
    };
    (0..many).map(one).collect()
}

async fn bodies(asked: Vec<tokio::task::JoinHandle<tollgate_tests::Answer>>) -> Vec<String> {
    join_all(asked).await.into_iter().map(|answer| answer.unwrap().body).collect()
}

#[tokio::test]
async fn ten_who_ask_at_once_share_one_run_round_after_round() {
    let (script, gate) = gated(|run| run.to_string().into_response());
    let service = service(&script);
    for round in 1..=2_u64 {
        let asked = ask(&service, "/plain", 10);
        settle().await;
        gate.add_permits(1);
        assert_eq!(bodies(asked).await, vec![round.to_string(); 10]);
        assert_eq!(script.runs(), round);
        service.clock.advance(Duration::from_secs(11));
    }
    assert_eq!(counts(&service, "plain"), "cached miss 2, collapsed 18");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_misses_of_one_key_run_the_function_once() {
    let script = Script::waiting(|run, _| async move {
        settle().await;
        run.to_string().into_response()
    });
    let service = service(&script);
    let bodies = bodies(ask(&service, "/plain", 10_000)).await;
    assert!(bodies.iter().all(|body| body == "1"));
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn different_keys_run_side_by_side() {
    let (script, gate) = gated(|run| run.to_string().into_response());
    let service = service(&script);
    let asked: Vec<_> = ["/plain?a=1", "/plain?a=2", "/plain?a=3"].map(|path| ask(&service, path, 1)).into();
    settle().await;
    assert_eq!(script.runs(), 3);
    gate.add_permits(3);
    bodies(asked.into_iter().flatten().collect()).await;
}

#[tokio::test]
async fn all_who_wait_get_the_error_and_the_next_one_runs_again() {
    let (script, gate) = gated(|run| answer(StatusCode::INTERNAL_SERVER_ERROR, &[], &format!("error {run}")));
    let service = service(&script);
    let asked = ask(&service, "/plain", 5);
    settle().await;
    gate.add_permits(1);
    assert_eq!(bodies(asked).await, ["error 1"; 5]);
    gate.add_permits(1);
    assert_eq!(service.get("/plain").await.body, "error 2");
}

#[tokio::test]
async fn a_panic_fails_those_who_wait_and_not_the_key() {
    let (script, gate) = gated(|run| {
        assert!(run > 1, "the first one");
        run.to_string().into_response()
    });
    let service = service(&script);
    let asked = ask(&service, "/plain", 5);
    settle().await;
    gate.add_permits(1);
    assert!(join_all(asked).await.iter().all(Result::is_err), "nobody hangs");
    gate.add_permits(1);
    assert_eq!(service.get("/plain").await.body, "2");
}

#[tokio::test]
async fn the_work_goes_on_when_the_one_who_began_it_leaves() {
    let (script, gate) = gated(|run| run.to_string().into_response());
    let service = service(&script);
    let leader = ask(&service, "/plain", 1);
    settle().await;
    let others = ask(&service, "/plain", 3);
    settle().await;
    leader[0].abort();
    settle().await;
    gate.add_permits(1);
    assert_eq!(bodies(others).await, ["1"; 3]);
    assert_eq!(script.runs(), 1);
    assert_eq!(service.get("/plain").await.body, "1", "and it is kept");
}

#[tokio::test]
async fn the_work_is_dropped_with_the_last_one_who_waits() {
    struct Dropped(Arc<Semaphore>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.add_permits(1);
        }
    }
    let dropped = Arc::new(Semaphore::new(0));
    let script = Script::waiting({
        let dropped = Arc::clone(&dropped);
        move |run, _| {
            let guard = Dropped(Arc::clone(&dropped));
            async move {
                if run == 1 {
                    std::future::pending::<()>().await;
                }
                drop(guard);
                run.to_string().into_response()
            }
        }
    });
    let service = service(&script);
    let asked = ask(&service, "/plain", 2);
    settle().await;
    assert_eq!((script.runs(), dropped.available_permits()), (1, 0));
    for task in &asked {
        task.abort();
    }
    join_all(asked).await;
    settle().await;
    assert_eq!(dropped.available_permits(), 1, "nobody waits any more");
    assert_eq!(service.get("/plain").await.body, "2", "the key is free");
}

#[tokio::test]
async fn what_is_for_one_alone_does_not_make_the_others_wait_in_line() {
    let (script, gate) = gated(|run| answer(StatusCode::OK, &[("set-cookie", "a=b")], &run.to_string()));
    let service = service(&script);
    let asked = ask(&service, "/plain", 5);
    settle().await;
    assert_eq!(script.runs(), 1);
    gate.add_permits(1);
    settle().await;
    assert_eq!(script.runs(), 5, "all others at once");
    gate.add_permits(4);
    let mut bodies = bodies(asked).await;
    bodies.sort();
    assert_eq!(bodies, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn a_handler_that_asks_its_own_route_does_not_wait_for_itself() {
    let inner: Arc<std::sync::OnceLock<Service>> = Arc::default();
    let script = Script::waiting({
        let inner = Arc::clone(&inner);
        move |run, _| {
            let inner = Arc::clone(&inner);
            async move {
                if run > 1 {
                    return "inner".into_response();
                }
                let answer = inner.get().unwrap().get("/plain").await;
                format!("outer of {}", answer.body).into_response()
            }
        }
    });
    let service = service(&script);
    inner.set(service.clone()).unwrap();
    assert_eq!(service.get("/plain").await.body, "outer of inner");
}

#[tokio::test]
async fn a_purge_wins_over_a_flight_that_began_before_it() {
    let (script, gate) = gated(|run| run.to_string().into_response());
    let service = Service::of(
        crate::support::router(&script).route("/gone", axum::routing::post(crate::invalidation::gone)),
    );
    let before = ask(&service, "/keyed/7", 1);
    settle().await;
    let purged = service.send(tollgate_tests::request(http::Method::POST, "/gone")).await;
    assert_eq!(purged.status, 200);
    let after = ask(&service, "/keyed/7", 1);
    settle().await;
    assert_eq!(script.runs(), 2, "whoever asks after the purge does not get what was begun before it");
    gate.add_permits(2);
    assert_eq!(bodies(before).await, ["1"]);
    assert_eq!(bodies(after).await, ["2"]);
    assert_eq!(service.get("/keyed/7").await.body, "2", "and the elder does not overwrite the newer");
}

#[tokio::test]
async fn those_who_wait_get_what_their_own_request_asked_for() {
    let (script, gate) = gated(|_| answer(StatusCode::OK, &[("etag", "\"v1\"")], "body"));
    let service = service(&script);
    let plain = ask(&service, "/plain", 1);
    settle().await;
    let conditional = tokio::spawn({
        let service = service.clone();
        async move { service.send(crate::support::get_with("/plain", &[("if-none-match", "\"v1\"")])).await }
    });
    settle().await;
    gate.add_permits(1);
    assert_eq!(bodies(plain).await, ["body"]);
    assert_eq!(conditional.await.unwrap().status, StatusCode::NOT_MODIFIED);
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn the_work_runs_in_the_tollgate_of_its_request() {
    #[tollgate::call::rate_limited("1/minute")]
    async fn limited() -> Result<(), tollgate::Rejected> {
        Ok(())
    }
    let script = Script::waiting(|_, _| async {
        match limited().await {
            Ok(()) => Body::from("in").into_response(),
            Err(rejected) => rejected.into_response(),
        }
    });
    for _ in 0..2 {
        assert_eq!(service(&script).get("/plain").await.body, "in", "each Tollgate has budgets of its own");
    }
}

#[tokio::test]
async fn what_one_client_did_too_often_is_not_told_to_those_who_wait() {
    let script = Script::waiting(|_, parts| async move {
        settle().await;
        let is_too_often = parts.headers.contains_key("x-often");
        let status = if is_too_often { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
        answer(status, &[], "")
    });
    let service = service(&script);
    let often = crate::support::get_with("/plain", &[("x-often", "1")]);
    let (one, other) = tokio::join!(service.send(often), service.get("/plain"));
    assert_eq!((one.status, other.status), (StatusCode::TOO_MANY_REQUESTS, StatusCode::OK));
}
