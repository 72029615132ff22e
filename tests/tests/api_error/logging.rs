//! What is logged when an error is answered, and how often.

use thiserror::Error;
use tollgate::{ApiError, with_metrics};
use tollgate_tests::Service;
use tollgate_tests::events::{heard, listen};

use crate::answer_of;

#[derive(Debug, Error)]
#[error("the disk is full")]
struct Disk;

#[derive(Debug, Error, ApiError)]
enum Failure {
    #[error("plain")]
    #[api_error(status = 404, code = "log_plain")]
    Plain,
    #[error("warned")]
    #[api_error(status = 404, code = "log_warned", log = warn)]
    Warned,
    #[error("the store failed")]
    #[api_error(status = 500, code = "log_store")]
    Store(#[from] Disk),
    #[error("silent")]
    #[api_error(status = 500, code = "log_silent", log = off)]
    Silent,
    #[error("severe")]
    #[api_error(status = 404, code = "log_severe", log = error)]
    Severe,
    #[error(transparent)]
    #[api_error(transparent)]
    Within(#[from] Within),
}

#[derive(Debug, Error, ApiError)]
#[error("within")]
#[api_error(status = 500, code = "log_within")]
struct Within;

/// What is logged when that is answered.
async fn logged(error: fn() -> Failure) -> String {
    listen();
    answer_of(error).await;
    let heard = heard();
    let of_errors: Vec<_> = heard.into_iter().filter(|line| line.contains("tollgate::error")).collect();
    of_errors.join("\n")
}

#[tokio::test]
async fn what_is_the_servers_fault_is_logged_with_its_sources_unless_it_says_otherwise() {
    let line = logged(|| Failure::from(Disk)).await;
    for part in ["ERROR tollgate::error:", "log_store", "the store failed", "the disk is full"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert_eq!(logged(|| Failure::Silent).await, "");
}

#[tokio::test]
async fn what_the_client_did_is_not_logged_unless_it_says_otherwise() {
    assert_eq!(logged(|| Failure::Plain).await, "");
    assert!(logged(|| Failure::Warned).await.starts_with("WARN tollgate::error:"));
    assert!(logged(|| Failure::Severe).await.starts_with("ERROR tollgate::error:"));
}

#[tokio::test]
async fn an_error_within_is_logged_once() {
    let lines = logged(|| Failure::from(Within)).await;
    assert_eq!(lines.lines().count(), 1, "{lines}");
}

#[with_metrics]
async fn gated() -> Result<String, Failure> {
    Err(Failure::from(Disk))
}

#[tokio::test]
async fn behind_a_gate_it_is_logged_once_too() {
    listen();
    let service = Service::of(axum::Router::new().route("/", axum::routing::get(gated)));
    assert_eq!(service.get("/").await.status, 500);
    assert_eq!(heard().iter().filter(|line| line.contains("tollgate::error")).count(), 1);
}
