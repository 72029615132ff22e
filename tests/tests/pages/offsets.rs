//! Pages by offset.

use serde_json::json;

use crate::support::{OFFSET, codes, faults, link, page, parameter, service};

/// Where the first, last, next, previous and this page are.
async fn offsets(path: &str) -> [String; 5] {
    let page = page(&service::<OFFSET>(200), path).await;
    ["first", "last", "next", "prev", "self"]
        .map(|name| parameter(&page, name, "offset").unwrap_or("-").to_owned())
}

#[tokio::test]
async fn from_the_first_row_on_the_second_and_the_last_page_are_linked() {
    assert_eq!(offsets("/airports?limit=50").await, ["0", "150", "50", "-", "0"]);
    let page = page(&service::<OFFSET>(200), "/airports?limit=50").await;
    assert_eq!(page["meta"], json!({ "offset": 0, "limit": 50, "total": 200 }));
    assert_eq!(link(&page, "next"), Some("/airports?offset=50&limit=50"));
}

#[tokio::test]
async fn an_offset_that_is_no_multiple_of_the_limit_keeps_its_steps() {
    let expected = ["0", "170", "80", "20", "50"];
    assert_eq!(offsets("/airports?offset=50&limit=30").await, expected);
    assert_eq!(offsets("/airports?offset=20&limit=30").await[3], "0");
    assert_eq!(offsets("/airports?offset=170&limit=30").await[2], "-");
}

#[tokio::test]
async fn behind_the_last_row_the_page_is_empty_and_links_back() {
    let service = service::<OFFSET>(45);
    let page = page(&service, "/airports?offset=500&limit=20").await;
    assert_eq!((codes(&page).len(), link(&page, "next")), (0, None));
    assert_eq!(
        (parameter(&page, "prev", "offset"), parameter(&page, "last", "offset")),
        (Some("40"), Some("40"))
    );
}

#[tokio::test]
async fn no_rows_are_one_empty_page() {
    let page = page(&service::<OFFSET>(0), "/airports").await;
    assert_eq!((page["data"].clone(), page["meta"]["total"].clone()), (json!([]), json!(0)));
    assert_eq!(
        (parameter(&page, "first", "offset"), parameter(&page, "last", "offset")),
        (Some("0"), Some("0"))
    );
    assert_eq!((link(&page, "next"), link(&page, "prev")), (None, None));
}

#[tokio::test]
async fn numbers_that_are_none_are_refused() {
    let service = service::<OFFSET>(10);
    for number in ["-3", "seven", "18446744073709551616", "", "1.5"] {
        for parameter in ["offset", "limit"] {
            let answer = service.get(&format!("/airports?{parameter}={number}")).await;
            assert_eq!(faults(&answer), [format!("{parameter} range")], "{number}");
        }
    }
    assert_eq!(faults(&service.get("/airports?limit=0").await), ["limit range"]);
    assert_eq!(faults(&service.get("/airports?limit=200").await), ["limit range"]);
    assert_eq!(codes(&page(&service, "/airports?offset=0").await).len(), 10);
}

#[tokio::test]
async fn no_more_than_a_thousand_rows_are_skipped() {
    let service = service::<OFFSET>(1010);
    assert_eq!(codes(&page(&service, "/airports?offset=1000&limit=1").await).len(), 1);
    let answer = service.get("/airports?offset=1001&limit=1").await;
    assert_eq!(faults(&answer), ["offset range"]);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("at most 1000") && detail.contains("by cursor"), "{detail}");
    assert_eq!(link(&page(&service, "/airports?limit=1").await, "last"), None);
}
