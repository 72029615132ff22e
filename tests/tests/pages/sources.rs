//! Slices, iterators, streams and databases give the same pages.

use http::StatusCode;
use serde_json::Value;
use tollgate_tests::Service;

use crate::support::{CURSOR, OFFSET, PAGE, SOURCES, codes, page, parameter, service};

async fn pages(service: &Service, query: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    for source in SOURCES {
        let text = page(service, &format!("{source}?{query}")).await.to_string();
        pages.push(serde_json::from_str(&text.replace(&format!("{source}?"), "/?")).unwrap());
    }
    pages
}

#[tokio::test]
async fn all_sources_give_the_same_page_in_every_order() {
    for query in
        ["", "sort=-elevation,name", "sort=latitude&country=FR", "country=XX", "is_open=true&sort=-iata"]
    {
        let mut all = pages(&service::<PAGE>(50), &format!("{query}&page=2&per_page=7")).await;
        all.extend(pages(&service::<PAGE>(50), &format!("{query}&page=2&per_page=7")).await);
        assert!(all.iter().all(|page| *page == all[0]), "{query}: {all:#?}");
        let all = pages(&service::<OFFSET>(50), &format!("{query}&offset=3&limit=7")).await;
        assert!(all.iter().all(|page| *page == all[0]), "{query}: {all:#?}");
    }
}

#[tokio::test]
async fn all_sources_go_on_from_a_cursor_alike() {
    let service = service::<CURSOR>(50);
    let mut expected = Vec::new();
    for source in SOURCES {
        let first = page(&service, &format!("{source}?sort=-country,latitude&limit=7")).await;
        let next = parameter(&first, "next", "cursor").unwrap();
        let second = page(&service, &format!("{source}?limit=9&cursor={next}")).await;
        expected.push((codes(&first), codes(&second)));
    }
    assert!(expected.iter().all(|pages| *pages == expected[0]), "{expected:#?}");
}

#[tokio::test]
async fn a_stream_that_fails_is_the_handlers_error() {
    let answer = service::<PAGE>(50).get("/try?name=broken").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
}
