//! The two versions of the API.

use axum::http::{HeaderValue, Method, Request};
use serde_json::{Value, json};

use crate::client::{EDITOR, UNLIMITED, builder, json, keyed, own_service, request, send_to, service};
use airports::options::Limits;
use axum::body::Body;

fn asking(version: &'static str, uri: &str) -> Request<Body> {
    let mut request = request(Method::GET, uri);
    request.headers_mut().insert("api-version", HeaderValue::from_static(version));
    request
}

async fn document(version: &str) -> Value {
    let uri = format!("/openapi/{version}.json");
    json(send_to(&UNLIMITED, request(Method::GET, &uri)).await).await
}

#[tokio::test]
async fn an_airport_has_the_shape_of_the_version_that_is_asked_for() {
    let first = json(send_to(&UNLIMITED, asking("v1", "/airports/CDG")).await).await;
    assert_eq!(
        first,
        json!({
            "iata": "CDG", "icao": "LFPG", "name": "Charles de Gaulle International Airport", "city": "Paris", "country": "FR",
            "latitude": 49.0128, "longitude": 2.55, "altitude": 392.0,
        })
    );
    let newest = json(send_to(&UNLIMITED, request(Method::GET, "/airports/CDG")).await).await;
    let asked_for = json(send_to(&UNLIMITED, asking("v2", "/airports/CDG")).await).await;
    assert_eq!((&newest["lat"], &newest["latitude"]), (&json!(49.0128), &Value::Null));
    assert_eq!(newest, asked_for);
}

#[tokio::test]
async fn both_versions_have_one_budget() {
    let service = service(&builder(Limits::On).build().unwrap());
    let mut statuses = Vec::new();
    for uri in ["/v1/airports/CDG", "/v2/airports/CDG"].iter().cycle().take(11) {
        statuses.push(send_to(&service, request(Method::GET, uri)).await.status().as_u16());
    }
    assert_eq!((&statuses[..10], statuses[10]), (&[200; 10][..], 429));
}

#[tokio::test]
async fn what_is_the_same_in_all_versions_is_there_for_all_of_them() {
    for uri in ["/v1/distance/CDG/JFK", "/v2/distance/CDG/JFK", "/distance/CDG/JFK"] {
        assert_eq!(send_to(&UNLIMITED, request(Method::GET, uri)).await.status(), 200, "{uri}");
    }
}

#[tokio::test]
async fn each_version_has_a_document_and_these_differ() {
    let (first, second) = (document("v1").await, document("v2").await);
    let operation = |document: &Value| document["paths"]["/airports/{iata}"]["get"].clone();
    let schema = |document: &Value| {
        operation(document)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].clone()
    };
    assert_eq!(
        (schema(&first), schema(&second)),
        (json!("#/components/schemas/AirportV1"), json!("#/components/schemas/Airport"))
    );
    assert_eq!(
        (&operation(&first)["deprecated"], &operation(&first)["x-sunset"]),
        (&json!(true), &json!("2027-08-31"))
    );
    assert_eq!(operation(&second)["deprecated"], Value::Null);
    assert_eq!((&first["servers"][0]["url"], &second["servers"][0]["url"]), (&json!("/v1"), &json!("/v2")));
    assert!(first["components"]["schemas"]["AirportV1"].is_object());
    assert!(second["components"]["schemas"]["AirportV1"].is_null());
    let newest = json(send_to(&UNLIMITED, request(Method::GET, "/openapi.json")).await).await;
    assert_eq!(newest, second);
}

#[tokio::test]
async fn a_change_may_be_written_in_the_words_of_the_first_version() {
    let service = own_service();
    let change = |version: &'static str, body: &'static str| {
        let mut request = keyed(EDITOR, Request::patch("/airports/CDG").body(Body::from(body)).unwrap());
        request.headers_mut().insert("api-version", HeaderValue::from_static(version));
        request.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
        request
    };
    let first = send_to(&service, change("v1", r#"{"city":null,"altitude":400}"#)).await;
    assert_eq!(
        (first.status().as_u16(), &first.headers()["deprecation"]),
        (200, &HeaderValue::from_static("@1788220800"))
    );
    let first = json(first).await;
    assert_eq!(
        (&first["city"], &first["altitude"], &first["elevation"]),
        (&Value::Null, &json!(400.0), &Value::Null)
    );
    let second = json(send_to(&service, change("v2", "{}")).await).await;
    assert_eq!((&second["city"], &second["elevation"]), (&Value::Null, &json!(400.0)));
    for (version, body) in
        [("v1", r#"{"elevation":1}"#), ("v2", r#"{"altitude":1}"#), ("v1", r#"{"altitude":99999}"#)]
    {
        assert_eq!(send_to(&service, change(version, body)).await.status(), 422, "{version} {body}");
    }
}
