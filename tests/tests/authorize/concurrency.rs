//! Many requests at once.

use axum::routing::get;
use tollgate::{Principal, authorize, rate_limited};
use tollgate_tests::{Service, from_client, site};

use crate::support::{service, user};

#[rate_limited("60/minute", key = global)]
#[rate_limited("5/minute", key = principal)]
#[authorize]
async fn limited(somebody: Principal) -> String {
    tokio::task::yield_now().await;
    somebody.subject().to_owned()
}

/// Sends requests of these users at once, from an address each, and gives the statuses, sorted.
async fn at_once(service: &Service, names: Vec<String>) -> Vec<u16> {
    let ask = |(number, name): (usize, String)| {
        let (service, request) =
            (service.clone(), from_client(&format!("10.0.{}.1", number % 256), user(&name)));
        tokio::spawn(async move {
            let answer = service.send(request).await;
            assert!(!answer.status.is_success() || answer.body == name, "{name}: {answer:?}");
            answer.status.as_u16()
        })
    };
    let tasks: Vec<_> = names.into_iter().enumerate().map(ask).collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_requests_of_one_principal_at_once_exactly_five_are_admitted() {
    for _ in 0..10 {
        let (service, users) = service(get(limited));
        let statuses = at_once(&service, vec!["ada".to_owned(); 50]).await;
        assert_eq!(statuses, [vec![200; 5], vec![429; 45]].concat());
        assert_eq!(users.asked(), 50);
        let counts =
            "rate_limited admitted 50, authorize admitted 50, rate_limited:principal admitted 5, refused 45";
        assert_eq!(service.counts(site!(limited)), counts);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn principals_at_once_are_never_mistaken_for_each_other() {
    let (service, _) = service(get(limited));
    let names = (0..60).map(|number| format!("user{}", number % 12)).collect();
    assert_eq!(at_once(&service, names).await, vec![200; 60]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_door_is_exact_whoever_waits_behind_it() {
    let (service, users) = service(get(limited));
    let names = (0..100).map(|number| format!("user{number}")).collect();
    assert_eq!(at_once(&service, names).await, [vec![200; 60], vec![429; 40]].concat());
    assert_eq!(users.asked(), 60);
}
