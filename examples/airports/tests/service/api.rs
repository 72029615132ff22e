//! Every route and every refusal of the API, without limits.

use axum::body::Body;
use axum::http::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::client::{UNLIMITED, body, json, request, send_to};

async fn send(method: Method, uri: &str) -> Response<Body> {
    send_to(&UNLIMITED, request(method, uri)).await
}

async fn get_json(uri: &str) -> Value {
    let response = send(Method::GET, uri).await;
    assert_eq!(response.status(), StatusCode::OK, "{uri}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json", "{uri}");
    json(response).await
}

/// Asserts a problem of that status, and gives it.
async fn problem(method: Method, uri: &str, status: StatusCode) -> Value {
    let response = send(method, uri).await;
    assert_eq!(response.status(), status, "{uri}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{uri}");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let problem = json(response).await;
    assert_eq!(problem["status"], status.as_u16());
    assert_eq!(problem["instance"], uri.split('?').next().unwrap());
    assert_eq!(problem["request_id"], id);
    problem
}

/// Asserts that each is a bad request that points to the parameter with a text that holds the other.
async fn assert_bad(code: &str, cases: &[(&str, &str, &str)]) {
    for (uri, parameter, text) in cases {
        let problem = problem(Method::GET, uri, StatusCode::BAD_REQUEST).await;
        assert_eq!(problem["code"], code, "{uri}");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], format!("#/{parameter}"), "{uri}: {problem}");
        assert!(error["detail"].as_str().unwrap().contains(text), "{uri}: {error}");
    }
}

fn codes(airports: &Value) -> Vec<&str> {
    airports.as_array().unwrap().iter().map(|airport| airport["iata"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn one_airport() {
    let expected = json!({
        "iata": "CDG", "icao": "LFPG", "name": "Charles de Gaulle International Airport", "city": "Paris",
        "subdivision": "Ile-de-France", "country": "FR", "elevation": 392.0, "lat": 49.0128, "lon": 2.55,
        "tz": "Europe/Paris",
    });
    // `%63` is `c`: a percent-encoded letter is that letter.
    for uri in ["/airports/CDG", "/airports/cdg", "/airports/%63Dg"] {
        assert_eq!(get_json(uri).await, expected);
    }
    assert_eq!(get_json("/airports/AAA").await["city"], Value::Null);
}

#[tokio::test]
async fn an_unknown_code_is_named() {
    for uri in ["/airports/qqq", "/distance/CDG/QQQ", "/distance/qqq/xxx"] {
        let problem = problem(Method::GET, uri, StatusCode::NOT_FOUND).await;
        assert_eq!(problem["type"], "/problems/airport_not_found");
        assert_eq!(problem["title"], "Airport not found");
        assert_eq!(problem["detail"], "no airport has the IATA code QQQ");
        assert_eq!((&problem["code"], &problem["iata"]), (&json!("airport_not_found"), &json!("QQQ")));
        let page = send(Method::GET, problem["type"].as_str().unwrap()).await;
        assert_eq!(page.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn what_is_no_code_is_a_bad_request() {
    assert_bad(
        "invalid_path",
        &[
            ("/airports/CD", "iata", "`CD` is not an IATA code"),
            ("/airports/CDGX", "iata", "`CDGX`"),
            ("/airports/C1G", "iata", "`C1G`"),
            ("/airports/%C3%A9a", "iata", "`éa`"),
            ("/airports/C%C3%89G", "iata", "`CÉG`"),
            ("/airports/C%2FG", "iata", "`C/G`"),
            ("/airports/%00CD", "iata", "IATA"),
            ("/airports/CD%20", "iata", "`CD `"),
            ("/airports/%FFab", "iata", "not UTF-8"),
            ("/airports/Nearest", "iata", "`Nearest`"),
            ("/distance/CDG/JF", "to", "`JF`"),
            ("/distance/%31%32%33/JFK", "from", "`123`"),
        ],
    )
    .await;
}

#[tokio::test]
async fn search_by_country_and_text() {
    let found = get_json("/airports?country=fr&q=PARIS&limit=100").await;
    assert!(codes(&found["data"]).contains(&"CDG"));
    assert!(found["data"].as_array().unwrap().iter().all(|airport| airport["country"] == "FR"));
    assert_eq!(codes(&get_json("/airports?q=egll").await["data"]), ["LHR"]);
    assert_eq!(codes(&get_json("/airports?q=%C3%85lesund").await["data"]), ["AES"]);
    assert_eq!(get_json("/airports?q=there+is+no+such+place").await["data"], json!([]));
}

#[tokio::test]
async fn a_list_is_walked_in_both_directions() {
    let path = "/airports?country=FR&q=e&sort=-city,name&limit=40";
    let (mut forward, mut page) = (Vec::new(), get_json(path).await);
    assert_eq!(page["meta"], json!({ "limit": 40 }));
    assert_eq!(page["links"]["prev"], Value::Null);
    loop {
        forward.push(codes(&page["data"]).join(" "));
        let Some(next) = page["links"]["next"].as_str() else { break };
        assert!(next.starts_with("/airports?") && next.contains("q=e"), "{next}");
        page = get_json(next).await;
    }
    let mut backward = vec![codes(&page["data"]).join(" ")];
    while let Some(prev) = page["links"]["prev"].as_str() {
        page = get_json(prev).await;
        backward.insert(0, codes(&page["data"]).join(" "));
    }
    assert!(forward.len() >= 3, "{forward:?}");
    assert_eq!(forward, backward);
}

#[tokio::test]
async fn a_page_links_the_others_in_its_head_too() {
    let response = send(Method::GET, "/airports?limit=2&sort=name").await;
    let link = response.headers()[header::LINK].to_str().unwrap().to_owned();
    let links = json(response).await["links"].clone();
    for relation in ["first", "last", "next"] {
        let target = links[relation].as_str().unwrap();
        assert!(link.contains(&format!("<{target}>; rel=\"{relation}\"")), "{relation}: {link}");
    }
    assert_eq!(get_json("/airports?q=&utm_source=x").await["data"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn a_bad_search_names_the_parameter() {
    assert_bad(
        "invalid_pagination",
        &[
            ("/airports?country=FRA", "country", ""),
            ("/airports?country=", "country", ""),
            ("/airports?country=ZZ", "country", ""),
            ("/airports?country=%C3%A9", "country", ""),
            ("/airports?limit=0", "limit", ""),
            ("/airports?limit=101", "limit", "100"),
            ("/airports?limit=ten", "limit", ""),
            ("/airports?limit=1&limit=2", "limit", ""),
            ("/airports?page=2", "page", ""),
            ("/airports?sort=tz", "sort", ""),
        ],
    )
    .await;
    for cursor in ["AAAA", "null", "eyJpYXRhIjoiQ0RHIn0"] {
        let uri = format!("/airports?cursor={cursor}");
        let problem = problem(Method::GET, &uri, StatusCode::BAD_REQUEST).await;
        assert_eq!(problem["code"], "invalid_cursor", "{cursor}");
    }
}

#[tokio::test]
async fn nearest_is_no_code() {
    let found = get_json("/airports/nearest?lat=49.0128&lon=2.55").await;
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), 5);
    assert_eq!((&found[0]["airport"]["iata"], &found[0]["distance_km"]), (&json!("CDG"), &json!(0.0)));
    assert!(found.is_sorted_by(|one, other| one["distance_km"].as_f64() <= other["distance_km"].as_f64()));
}

#[tokio::test]
async fn nearest_takes_the_corners_of_the_map_and_a_count() {
    for (uri, count) in [
        ("/airports/nearest?lat=90&lon=180&k=1", 1),
        ("/airports/nearest?lat=-90&lon=-180&k=100", 100),
        ("/airports/nearest?lat=0&lon=179.99", 5),
    ] {
        assert_eq!(get_json(uri).await.as_array().unwrap().len(), count, "{uri}");
    }
}

#[tokio::test]
async fn a_bad_place_or_count_names_the_parameter() {
    assert_bad(
        "invalid_query",
        &[
            ("/airports/nearest?lat=NaN&lon=0", "lat", "from -90 to 90, not NaN"),
            ("/airports/nearest?lat=inf&lon=0", "lat", "not inf"),
            ("/airports/nearest?lat=90.1&lon=0", "lat", "not 90.1"),
            ("/airports/nearest?lat=north&lon=0", "lat", "must be a number"),
            ("/airports/nearest?lat=&lon=0", "lat", ""),
            ("/airports/nearest?lat=0&lon=-180.5", "lon", "from -180 to 180, not -180.5"),
            ("/airports/nearest?lat=0&lon=1e400", "lon", "not inf"),
            ("/airports/nearest?lat=0&lon=0&k=0", "k", "from 1 to 100, not `0`"),
            ("/airports/nearest?lat=0&lon=0&k=101", "k", "`101`"),
            ("/airports/nearest?lat=0&lon=0&k=1e9", "k", "`1e9`"),
            ("/airports/nearest?lat=0&lon=0&k=99999999999999999999", "k", "from 1 to 100"),
        ],
    )
    .await;
    assert_bad("invalid_query", &[("/airports/nearest", "lat", ""), ("/airports/nearest?lat=1", "lon", "")])
        .await;
}

#[tokio::test]
async fn distance_between_two_airports() {
    let answer = get_json("/distance/cdg/jfk").await;
    let km = answer["distance_km"].as_f64().unwrap();
    assert!((5820.0..5850.0).contains(&km), "{km}");
    assert_eq!(answer["distance_km"].to_string().split_once('.').unwrap().1.len(), 1);
    assert_eq!((&answer["from"]["iata"], &answer["to"]["iata"]), (&json!("CDG"), &json!("JFK")));
    assert_eq!(get_json("/distance/JFK/CDG").await["distance_km"], answer["distance_km"]);
    assert_eq!(get_json("/distance/CDG/CDG").await["distance_km"], 0.0);
}

#[tokio::test]
async fn what_is_not_served_is_a_problem_too() {
    for uri in ["/nothing", "/airports/CDG/", "/distance/CDG"] {
        let problem = problem(Method::GET, uri, StatusCode::NOT_FOUND).await;
        assert_eq!(problem["detail"], "nothing is served at this path");
    }
    problem(Method::POST, "/airports", StatusCode::METHOD_NOT_ALLOWED).await;
    let allow = send(Method::DELETE, "/airports/CDG").await.headers()[header::ALLOW].clone();
    assert_eq!(allow, "GET,HEAD,PATCH");
}

#[tokio::test]
async fn the_start_page_is_the_documentation() {
    for (uri, location) in [("/", "/docs/"), ("/docs", "/docs/")] {
        let response = send(Method::GET, uri).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], location);
    }
    let page = send(Method::GET, "/docs/").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(String::from_utf8(body(page).await).unwrap().contains("swagger-ui"));
}
