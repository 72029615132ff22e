//! The catalogue of problems, and the routes that their types lead to.

use axum::Router;
use axum::http::StatusCode;
use thiserror::Error;
use tollgate::{ApiError, ErrorLayer, Tollgate};
use tollgate_tests::Service;

/// What can go wrong with a parcel.
#[derive(Debug, Error, ApiError)]
enum ParcelError {
    /// The parcel is not known.
    ///
    /// It may have been delivered long ago.
    #[error("there is no parcel {number}")]
    #[api_error(status = 404, code = "parcel_not_found", extension(number))]
    NotFound { number: u64 },
    #[error("the depot is closed")]
    #[api_error(status = 503, code = "depot_closed", title = "Depot | closed", headers(retry_after = after))]
    Closed { after: u64 },
    #[error("stolen")]
    #[api_error(status = 410, code = "parcel_stolen", type = "https://police.example/stolen")]
    Stolen,
}

fn service(settings: tollgate::TollgateBuilder) -> Service {
    let tollgate = settings.build().unwrap();
    Service::of(Router::new().merge(tollgate.problem_routes()).layer(ErrorLayer::new()))
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_a_page_that_explains_it() {
    let problem = serde_json::to_value(ParcelError::NotFound { number: 7 }.problem()).unwrap();
    let answer = service(Tollgate::builder()).get(problem["type"].as_str().unwrap()).await;
    assert_eq!(
        (answer.status, answer.field("content-type")),
        (StatusCode::OK, "text/markdown; charset=utf-8")
    );
    assert_eq!(
        answer.body,
        "# Parcel not found\n\n`parcel_not_found`, answered with the status 404.\n\nThe parcel is not known.\n\n\
         It may have been delivered long ago.\n\nIts `detail`: there is no parcel {number}\n\nMembers of its own: `number`.\n"
    );
}

#[tokio::test]
async fn all_problems_of_the_program_are_listed_those_of_tollgate_included() {
    let answer = service(Tollgate::builder()).get("/problems").await;
    for line in [
        "| [`parcel_not_found`](/problems/parcel_not_found) | 404 | Parcel not found |",
        "| [`depot_closed`](/problems/depot_closed) | 503 | Depot \\| closed |",
        "| [`parcel_stolen`](https://police.example/stolen) | 410 | Parcel stolen |",
        "| [`invalid_body`](/problems/invalid_body) | 422 | Invalid body |",
        "Header fields: `retry-after`.",
    ] {
        assert!(answer.body.contains(line), "{line}\n{}", answer.body);
    }
    assert!(
        !answer.body.contains("Its `detail`: the depot is closed"),
        "what is the server's fault is not told"
    );
}

#[tokio::test]
async fn a_code_that_nobody_declares_has_no_page() {
    let answer = service(Tollgate::builder()).get("/problems/nothing").await;
    assert_eq!(
        (answer.status, answer.field("content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
}

#[tokio::test]
async fn problems_can_be_explained_elsewhere() {
    let elsewhere = || Tollgate::builder().problem_types("/v1/errors");
    let answer = service(elsewhere()).get("/v1/errors/depot_closed").await;
    assert_eq!(answer.status, StatusCode::OK);
    let failing = Router::new().route("/", axum::routing::get(async || ParcelError::NotFound { number: 7 }));
    let service = Service::with(elsewhere(), failing.layer(ErrorLayer::new()));
    assert_eq!(service.get("/").await.json()["type"], "/v1/errors/parcel_not_found");
}

#[tokio::test]
async fn types_begin_with_the_base_url_as_links_do_and_pages_stay_where_they_are() {
    const BASE: &str = "https://api.example.com/v1";
    for (settings, page, uri) in [
        (
            Tollgate::builder(),
            "/problems/parcel_not_found",
            "https://api.example.com/v1/problems/parcel_not_found",
        ),
        (
            Tollgate::builder().problem_types("/errors"),
            "/errors/parcel_not_found",
            "https://api.example.com/v1/errors/parcel_not_found",
        ),
        (
            Tollgate::builder().problem_types("https://docs.example.com/errors"),
            "/errors/parcel_not_found",
            "https://docs.example.com/errors/parcel_not_found",
        ),
    ] {
        let settings = settings.base_url(format!("{BASE}/"));
        assert_eq!(service(settings.clone()).get(page).await.status, StatusCode::OK, "{page}");
        let catalogue = settings.clone().build().unwrap().catalogue();
        assert_eq!(catalogue.get("parcel_not_found").unwrap().uri, uri);
        let failing = Router::new().route("/parcels/7", axum::routing::get(lost));
        let behind_gate = Service::with(settings.clone(), failing.clone()).get("/parcels/7").await.json();
        let behind_layer =
            Service::with(settings, failing.layer(ErrorLayer::new())).get("/parcels/7").await.json();
        assert_eq!((&behind_gate["type"], &behind_layer["type"]), (&uri.into(), &uri.into()));
        assert_eq!(behind_layer["instance"], "/parcels/7");
    }
}

#[tollgate::with_metrics]
async fn lost() -> Result<(), ParcelError> {
    Err(ParcelError::NotFound { number: 7 })
}

#[tokio::test]
async fn a_type_of_its_own_stays_as_it_is() {
    let stolen = Router::new().route("/", axum::routing::get(async || ParcelError::Stolen));
    let settings = Tollgate::builder().base_url("https://api.example.com");
    let service = Service::with(settings, stolen.layer(ErrorLayer::new()));
    assert_eq!(service.get("/").await.json()["type"], "https://police.example/stolen");
}

#[tokio::test]
async fn a_place_that_is_none_is_an_error_of_the_settings() {
    for place in ["", "problems", "/", "https://example.com", "/a b"] {
        let error = Tollgate::builder().problem_types(place).build().unwrap_err().to_string();
        assert!(error.contains("`.problem_types(") && error.contains("/problems"), "{error}");
    }
}

#[test]
fn the_catalogue_names_the_types_that_declare_a_problem() {
    let catalogue = Tollgate::builder().build().unwrap().catalogue();
    assert_eq!(catalogue.get("parcel_stolen").unwrap().declared_by, ["ParcelError"]);
    assert!(catalogue.get("invalid_query").unwrap().declared_by.is_empty());
    let _ = (ParcelError::Closed { after: 1 }, ParcelError::Stolen);
}
