//! Pages by cursor.

use std::sync::{Arc, Mutex};

use http::StatusCode;
use serde_json::json;
use tollgate::Tollgate;
use tollgate_tests::events;

use crate::support::{
    Airport, CURSOR, Rows, SECRET, airport, airports, codes, faults, link, of, page, parameter, service, with,
};

#[tokio::test]
async fn the_first_page_links_the_next_and_the_last_and_tells_its_limit_alone() {
    let page = page(&service::<CURSOR>(200), "/airports?limit=50").await;
    assert_eq!(page["meta"], json!({ "limit": 50 }));
    assert_eq!(link(&page, "first"), Some("/airports?limit=50"));
    assert_eq!(link(&page, "self"), Some("/airports?limit=50"));
    assert!(link(&page, "next").unwrap().starts_with("/airports?limit=50&cursor="));
    assert!(link(&page, "last").unwrap().starts_with("/airports?limit=50&cursor="));
    assert_eq!(link(&page, "prev"), None);
}

#[tokio::test]
async fn forward_and_back_are_the_same_pages() {
    let service = service::<CURSOR>(25);
    let first = page(&service, "/airports?limit=10").await;
    let second = page(&service, link(&first, "next").unwrap()).await;
    let third = page(&service, link(&second, "next").unwrap()).await;
    assert_eq!((codes(&third).len(), link(&third, "next")), (5, None));
    let second_again = page(&service, link(&third, "prev").unwrap()).await;
    let first_again = page(&service, link(&second_again, "prev").unwrap()).await;
    assert_eq!(codes(&second_again), codes(&second));
    assert_eq!(codes(&first_again), codes(&first));
    assert_eq!(link(&first_again, "prev"), None);
    let second_from_itself = page(&service, link(&second_again, "self").unwrap()).await;
    assert_eq!(codes(&second_from_itself), codes(&second));
}

#[tokio::test]
async fn the_last_page_is_the_last_rows_and_leads_back() {
    let service = service::<CURSOR>(25);
    let first = page(&service, "/airports?limit=10").await;
    let last = page(&service, link(&first, "last").unwrap()).await;
    assert_eq!((codes(&last)[0].as_str(), codes(&last)[9].as_str()), ("A015", "A024"));
    assert_eq!(link(&last, "next"), None);
    assert_eq!(codes(&page(&service, link(&last, "prev").unwrap()).await)[0], "A005");
}

#[tokio::test]
async fn a_full_page_at_the_very_end_is_the_last_one() {
    let service = service::<CURSOR>(20);
    let first = page(&service, "/airports?limit=10").await;
    let second = page(&service, link(&first, "next").unwrap()).await;
    assert_eq!((codes(&second).len(), link(&second, "next")), (10, None));
}

#[tokio::test]
async fn no_rows_are_one_empty_page() {
    let service = service::<CURSOR>(0);
    let first = page(&service, "/airports").await;
    assert_eq!((first["data"].clone(), link(&first, "next"), link(&first, "prev")), (json!([]), None, None));
    let last = page(&service, link(&first, "last").unwrap()).await;
    assert_eq!((last["data"].clone(), link(&last, "next"), link(&last, "prev")), (json!([]), None, None));
}

#[tokio::test]
async fn order_and_filter_go_on_by_the_cursor_alone() {
    let service = service::<CURSOR>(60);
    let first = page(&service, "/airports?limit=7&sort=-elevation,name&country=FR").await;
    let whole = page(&service, "/airports?limit=100&sort=-elevation,name&country=FR").await;
    let cursor = parameter(&first, "next", "cursor").unwrap();
    assert!(!link(&first, "next").unwrap().contains("sort="));
    let second = page(&service, &format!("/airports?cursor={cursor}&limit=7")).await;
    assert_eq!(codes(&second), codes(&whole)[7..14]);
    assert_eq!(
        link(&second, "first"),
        Some("/airports?sort=-elevation%2Cname&country=FR&limit=7"),
        "the way back to the beginning says them again"
    );
}

#[tokio::test]
async fn another_limit_is_honoured_with_a_cursor() {
    let service = service::<CURSOR>(60);
    let first = page(&service, "/airports?limit=7").await;
    let cursor = parameter(&first, "next", "cursor").unwrap();
    let second = page(&service, &format!("/airports?cursor={cursor}&limit=30")).await;
    assert_eq!((codes(&second).len(), codes(&second)[0].as_str()), (30, "A007"));
    let second = page(&service, &format!("/airports?cursor={cursor}")).await;
    assert_eq!(codes(&second).len(), 20);
    assert_eq!(faults(&service.get(&format!("/airports?cursor={cursor}&limit=0")).await), ["limit range"]);
}

#[tokio::test]
async fn with_a_cursor_sort_and_filters_are_absent_or_equal() {
    let service = service::<CURSOR>(60);
    let first = page(&service, "/airports?limit=7&sort=-elevation&country=FR").await;
    let next = link(&first, "next").unwrap();
    for equal in ["sort=-elevation", "country=FR", "country=%46R&sort=-elevation,-iata"] {
        assert_eq!(service.get(&format!("{next}&{equal}")).await.status, StatusCode::OK, "{equal}");
    }
    for (other, fault) in [
        ("sort=elevation", "sort invalid"),
        ("sort=-elevation,name", "sort invalid"),
        ("country=DE", "country invalid"),
        ("name=x", "name invalid"),
        ("sort=nonsense", "sort unknown"),
    ] {
        assert_eq!(faults(&service.get(&format!("{next}&{other}")).await), [fault], "{other}");
    }
}

#[tokio::test]
async fn other_parameters_are_kept_and_do_not_matter_to_a_cursor() {
    let service = service::<CURSOR>(60);
    let first = page(&service, "/airports?q=1&limit=7").await;
    let next = link(&first, "next").unwrap();
    assert!(next.starts_with("/airports?q=1&limit=7&cursor="), "{next}");
    let second = page(&service, &next.replace("q=1", "q=2")).await;
    assert_eq!(link(&second, "first"), Some("/airports?q=2&limit=7"));
}

#[tokio::test]
async fn equal_rows_across_the_end_of_a_page_are_each_seen_once() {
    let rows = (0..4).map(|number| Airport { name: "same".to_owned(), ..airport(number) }).collect();
    let service = of::<CURSOR>(rows);
    let first = page(&service, "/airports?sort=name&limit=2").await;
    let second = page(&service, link(&first, "next").unwrap()).await;
    assert_eq!(
        (codes(&first), codes(&second)),
        (vec!["A000".into(), "A001".into()], vec!["A002".into(), "A003".into()])
    );
}

#[tokio::test]
async fn rows_that_come_or_go_before_the_cursor_move_nothing() {
    let rows: Rows<CURSOR> = Arc::new(Mutex::new(airports(20)));
    let service = with(Tollgate::builder().cursor_keys(SECRET, None), &rows);
    let first = page(&service, "/airports?limit=5").await;
    rows.lock().unwrap().retain(|row| row.iata != "A004" && row.iata != "A001");
    rows.lock().unwrap().push(Airport { iata: "A0021".to_owned(), ..airport(2) });
    let second = page(&service, link(&first, "next").unwrap()).await;
    assert_eq!(codes(&second)[0], "A005", "the row of the cursor itself is gone");
}

#[tokio::test]
async fn where_all_rows_behind_a_cursor_have_gone_there_is_a_way_back() {
    let rows: Rows<CURSOR> = Arc::new(Mutex::new(airports(20)));
    let service = with(Tollgate::builder().cursor_keys(SECRET, None), &rows);
    let first = page(&service, "/airports?limit=10").await;
    let second = page(&service, link(&first, "next").unwrap()).await;
    rows.lock().unwrap().retain(|row| row.iata.as_str() < "A010");
    let empty = page(&service, link(&first, "next").unwrap()).await;
    assert_eq!((codes(&empty).len(), link(&empty, "next")), (0, None));
    assert_eq!(codes(&page(&service, link(&empty, "prev").unwrap()).await), codes(&first));
    *rows.lock().unwrap() = airports(20);
    rows.lock().unwrap().retain(|row| row.iata.as_str() >= "A010");
    let empty = page(&service, link(&second, "prev").unwrap()).await;
    assert_eq!((codes(&empty).len(), link(&empty, "prev")), (0, None));
    assert_eq!(codes(&page(&service, link(&empty, "next").unwrap()).await), codes(&second));
}

#[tokio::test]
async fn a_cursor_that_would_be_too_long_is_the_servers_fault_and_is_logged() {
    events::listen();
    let long = |number| Airport { name: "x".repeat(4000), ..airport(number) };
    let service = of::<CURSOR>((0..4).map(long).collect());
    let answer = service.get("/airports?sort=name&limit=2").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.body.contains("cursor") && answer.field("link").is_empty(), "{answer:?}");
    assert!(events::heard().iter().any(|event| event.starts_with("ERROR") && event.contains("4096")));
    assert_eq!(service.get("/airports?limit=2").await.status, StatusCode::OK);
}

#[tokio::test]
async fn filters_that_would_make_a_cursor_too_long_are_refused() {
    let service = service::<CURSOR>(4);
    let answer = service.get(&format!("/airports?country={}", "x".repeat(1025))).await;
    assert_eq!(faults(&answer), ["country range"]);
    let answer =
        service.get(&format!("/airports?name={}&country={}", "x".repeat(600), "y".repeat(600))).await;
    assert_eq!(faults(&answer), ["country range"]);
    assert_eq!(service.get(&format!("/airports?country={}", "x".repeat(1024))).await.status, StatusCode::OK);
}
