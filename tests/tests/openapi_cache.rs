//! What the document of a cached handler says: the fields of its answers, the 304, and `x-cache`.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

use axum::extract::Path;
use serde_json::{Value, json};
use tollgate::{Tollgate, authorize, cached, invalidates, rate_limited};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[utoipa::path(get, path = "/airports/{iata}", responses((status = 200, body = String), (status = 404, description = "unknown")))]
#[cached(ttl = "5m", vary = ["Accept-Language"], stale_while_revalidate = "30s", tags = ["airport:{iata}"], name = "documented_airport")]
async fn airport(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "1500ms", public, stale_if_error = "1 day", name = "documented_list")]
#[rate_limited("100/minute")]
#[utoipa::path(get, path = "/airports", responses((status = 200, headers(("ETag" = String, description = "my own words"))), (status = 204)))]
async fn list() -> &'static str {
    "[]"
}

#[utoipa::path(get, path = "/proxied", responses((status = 201), (status = 206), (status = 304, description = "my own words"), (status = 500)))]
#[cached(from_response, name = "documented_proxied")]
#[authorize]
async fn proxied() -> &'static str {
    "proxied"
}

#[utoipa::path(post, path = "/search", responses((status = 200)))]
#[cached(ttl = "5m", name = "documented_search")]
async fn search() -> &'static str {
    "found"
}

#[utoipa::path(patch, path = "/airports/{iata}", responses((status = 204)))]
#[invalidates(tags = ["airport:{iata}"], site = "documented_list", name = "documented_rename")]
async fn rename(Path(iata): Path<String>) {
    drop(iata);
}

fn paths() -> Value {
    let (_, document) = OpenApiRouter::<()>::new()
        .routes(routes!(airport))
        .routes(routes!(list))
        .routes(routes!(proxied))
        .routes(routes!(search))
        .routes(routes!(rename))
        .split_for_parts();
    let tollgate = Tollgate::builder().build().unwrap();
    serde_json::to_value(tollgate.openapi(document)).unwrap()["paths"].take()
}

fn fields_of(response: &Value) -> Vec<&str> {
    response["headers"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn answers_and_the_304_tell_how_long_they_may_be_kept() {
    let mut paths = paths();
    let responses = paths["/airports/{iata}"]["get"]["responses"].take();
    insta::assert_snapshot!("a_cached_operation", serde_json::to_string_pretty(&responses).unwrap());
}

#[test]
fn a_304_has_no_content() {
    let paths = paths();
    for operation in
        [&paths["/airports/{iata}"]["get"], &paths["/airports"]["get"], &paths["/proxied"]["get"]]
    {
        let not_modified = &operation["responses"]["304"];
        assert!(not_modified["description"].is_string(), "{not_modified}");
        assert_eq!(not_modified["content"], Value::Null);
    }
}

#[test]
fn what_the_user_wrote_stays() {
    let paths = paths();
    let etag = &paths["/airports"]["get"]["responses"]["200"]["headers"]["ETag"];
    assert_eq!(etag["description"], "my own words");
    let not_modified = &paths["/proxied"]["get"]["responses"]["304"];
    assert_eq!(not_modified["description"], "my own words");
    assert_eq!(fields_of(not_modified), ["Age", "Cache-Control", "Cache-Status", "ETag"]);
}

#[test]
fn only_what_may_be_kept_says_how_long() {
    let paths = paths();
    let list = &paths["/airports"]["get"]["responses"];
    let limits = ["RateLimit", "RateLimit-Policy"];
    assert_eq!(fields_of(&list["204"]), [&["Age", "Cache-Control", "Cache-Status"][..], &limits].concat());
    assert_eq!(
        fields_of(&list["304"]),
        [&["Age", "Cache-Control", "Cache-Status", "ETag"][..], &limits].concat()
    );
    assert_eq!(fields_of(&list["429"]), ["RateLimit", "RateLimit-Policy", "Retry-After"]);
    let proxied = &paths["/proxied"]["get"]["responses"];
    assert_eq!(fields_of(&proxied["201"]), ["Age", "Cache-Control", "Cache-Status"]);
    for status in ["206", "500"] {
        assert!(fields_of(&proxied[status]).is_empty(), "{status}");
    }
}

#[test]
fn programs_read_what_is_kept() {
    let paths = paths();
    assert_eq!(
        paths["/airports/{iata}"]["get"]["x-cache"],
        json!({"ttl": 300, "public": false, "vary": ["accept-language"], "stale-while-revalidate": 30})
    );
    assert_eq!(
        paths["/airports"]["get"]["x-cache"],
        json!({"ttl": 1.5, "public": true, "vary": [], "stale-if-error": 86400})
    );
    assert_eq!(
        paths["/proxied"]["get"]["x-cache"],
        json!({"from-response": true, "public": false, "vary": []})
    );
}

#[test]
fn what_is_never_answered_from_a_cache_documents_none() {
    let paths = paths();
    for operation in [&paths["/search"]["post"], &paths["/airports/{iata}"]["patch"]] {
        assert_eq!(operation["x-cache"], Value::Null);
        assert_eq!(operation["responses"]["304"], Value::Null);
        assert!(fields_of(&operation["responses"]["200"]).is_empty());
    }
}

#[test]
fn the_inventory_says_it_in_a_few_words() {
    let inventory = Tollgate::builder().build().unwrap().inventory();
    let summary = |name: &str| {
        let site = inventory.sites.iter().find(|site| site.name == name).unwrap();
        site.policies.iter().map(|policy| (policy.label, policy.summary.clone())).collect::<Vec<_>>()
    };
    assert_eq!(
        summary("documented_airport"),
        [("cached", "5m, private, by accept-language, stale 30s".to_owned())]
    );
    assert_eq!(
        summary("documented_list"),
        [
            ("rate_limited", "100 per minute by ip".to_owned()),
            ("cached", "1500ms, public, 1d on error".to_owned())
        ]
    );
    assert_eq!(summary("documented_rename"), [("invalidates", "all of documented_list".to_owned())]);
}
