//! Pages by number.

use serde_json::json;

use crate::support::{PAGE, codes, faults, link, page, parameter, service};

#[tokio::test]
async fn the_first_of_four_pages_links_the_second_and_the_last() {
    let service = service::<PAGE>(200);
    let page = page(&service, "/airports?per_page=50").await;
    assert_eq!(page["meta"], json!({ "page": 1, "per_page": 50, "pages": 4, "total": 200 }));
    assert_eq!(
        page["links"],
        json!({
            "first": "/airports?page=1&per_page=50",
            "last": "/airports?page=4&per_page=50",
            "next": "/airports?page=2&per_page=50",
            "self": "/airports?page=1&per_page=50",
        })
    );
    assert_eq!(codes(&page).len(), 50);
    assert_eq!((codes(&page)[0].as_str(), codes(&page)[49].as_str()), ("A000", "A049"));
}

#[tokio::test]
async fn a_page_in_the_middle_links_both_of_its_neighbours() {
    let page = page(&service::<PAGE>(200), "/airports?page=2&per_page=50").await;
    let pages = ["first", "last", "next", "prev", "self"].map(|name| parameter(&page, name, "page"));
    assert_eq!(pages, [Some("1"), Some("4"), Some("3"), Some("1"), Some("2")]);
}

#[tokio::test]
async fn the_last_page_links_no_next_one_and_may_be_short() {
    let page = page(&service::<PAGE>(100), "/airports?page=4&per_page=31").await;
    assert_eq!(codes(&page), ["A093", "A094", "A095", "A096", "A097", "A098", "A099"]);
    assert_eq!((link(&page, "next"), parameter(&page, "prev", "page")), (None, Some("3")));
}

#[tokio::test]
async fn a_full_page_at_the_very_end_is_the_last_one() {
    let page = page(&service::<PAGE>(100), "/airports?page=2&per_page=50").await;
    assert_eq!(codes(&page).len(), 50);
    assert_eq!((link(&page, "next"), parameter(&page, "last", "page")), (None, Some("2")));
}

#[tokio::test]
async fn no_rows_are_one_empty_page() {
    let page = page(&service::<PAGE>(0), "/airports").await;
    assert_eq!(page["data"], json!([]));
    assert_eq!(page["meta"], json!({ "page": 1, "per_page": 20, "pages": 0, "total": 0 }));
    assert_eq!(parameter(&page, "first", "page"), Some("1"));
    assert_eq!(parameter(&page, "last", "page"), Some("1"));
    assert_eq!((link(&page, "next"), link(&page, "prev")), (None, None));
}

#[tokio::test]
async fn a_page_behind_the_last_is_empty_and_links_back_to_it() {
    let page = page(&service::<PAGE>(45), "/airports?page=9").await;
    assert_eq!(page["data"], json!([]));
    assert_eq!(parameter(&page, "prev", "page"), Some("3"));
    assert_eq!((parameter(&page, "last", "page"), link(&page, "next")), (Some("3"), None));
}

#[tokio::test]
async fn without_a_size_there_are_twenty_rows_and_up_to_a_hundred_with_one() {
    let service = service::<PAGE>(150);
    for (query, rows) in [("", 20), ("?per_page=1", 1), ("?per_page=21", 21), ("?per_page=100", 100)] {
        assert_eq!(codes(&page(&service, &format!("/airports{query}")).await).len(), rows, "{query}");
    }
}

#[tokio::test]
async fn a_size_above_the_maximum_is_refused_and_the_maximum_named() {
    let answer = service::<PAGE>(10).get("/airports?per_page=200").await;
    assert_eq!(faults(&answer), ["per_page range"]);
    assert_eq!(answer.json()["detail"], "`per_page` must be a whole number from 1 to 100");
}

#[tokio::test]
async fn numbers_that_are_none_are_refused() {
    let service = service::<PAGE>(10);
    for number in
        ["0", "-3", "seven", "18446744073709551616", "", "1.5", "0x10", "%2B1", "+1", "1e1", "%D9%A3"]
    {
        for parameter in ["page", "per_page"] {
            let answer = service.get(&format!("/airports?{parameter}={number}")).await;
            assert_eq!(faults(&answer), [format!("{parameter} range")], "{number}");
        }
    }
    let answer = service.get("/airports?page=0&per_page=x").await;
    assert_eq!(faults(&answer), ["per_page range", "page range"], "both are told at once");
}

#[tokio::test]
async fn no_more_than_a_thousand_rows_are_skipped_and_no_page_behind_them_is_linked() {
    let service = service::<PAGE>(1010);
    let deepest = page(&service, "/airports?page=1001&per_page=1").await;
    assert_eq!(codes(&deepest), ["A1000"].map(|_| codes(&deepest)[0].clone()));
    assert_eq!(link(&deepest, "last"), None);
    assert!(link(&deepest, "next").is_some(), "the list goes on, and nobody is to believe that it ends here");
    for number in ["1002", "18446744073709551615"] {
        let answer = service.get(&format!("/airports?page={number}&per_page=1")).await;
        assert_eq!(faults(&answer), ["page range"]);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains("at most 1001 where `per_page` is 1") && detail.contains("by cursor"),
            "{detail}"
        );
    }
    assert!(link(&page(&service, "/airports?per_page=100").await, "last").is_some());
}

#[tokio::test]
async fn without_a_total_it_is_null_and_no_last_page_is_linked() {
    let service = service::<PAGE>(45);
    let first = page(&service, "/uncounted").await;
    assert_eq!(first["meta"], json!({ "page": 1, "per_page": 20, "total": null }));
    assert_eq!((link(&first, "last"), parameter(&first, "next", "page")), (None, Some("2")));
    let last = page(&service, "/uncounted?page=3").await;
    assert_eq!((codes(&last).len(), link(&last, "next")), (5, None));
    let behind = page(&service, "/uncounted?page=7").await;
    assert_eq!((codes(&behind).len(), parameter(&behind, "prev", "page")), (0, Some("6")));
}

#[tokio::test]
async fn an_estimate_is_marked_and_no_last_page_is_linked() {
    let page = page(&service::<PAGE>(45), "/estimated?page=3").await;
    assert_eq!(
        page["meta"],
        json!({ "page": 3, "per_page": 20, "pages": 3, "total": 50, "total_is_estimate": true })
    );
    assert_eq!((link(&page, "last"), link(&page, "next")), (None, None));
}
