//! What may be asked for in every style, and what is said of what may not.

use http::StatusCode;

use crate::support::{CURSOR, OFFSET, PAGE, codes, faults, link, page, service};

#[tokio::test]
async fn a_parameter_of_another_style_is_refused() {
    let by_page = service::<PAGE>(1);
    for (query, fault) in [("offset=0", "offset"), ("limit=5", "limit"), ("cursor=", "cursor")] {
        assert_eq!(
            faults(&by_page.get(&format!("/airports?{query}")).await),
            [format!("{fault} unsupported")]
        );
    }
    let by_offset = service::<OFFSET>(1);
    for (query, fault) in [("page=1", "page"), ("per_page=5", "per_page"), ("cursor=x", "cursor")] {
        assert_eq!(
            faults(&by_offset.get(&format!("/airports?{query}")).await),
            [format!("{fault} unsupported")]
        );
    }
    let by_cursor = service::<CURSOR>(1);
    for (query, fault) in [("page=1", "page"), ("per_page=5", "per_page"), ("offset=1", "offset")] {
        let answer = by_cursor.get(&format!("/airports?{query}")).await;
        assert_eq!(faults(&answer), [format!("{fault} unsupported")]);
        assert!(answer.body.contains("use `cursor` and `limit`"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let service = service::<PAGE>(1);
    for name in ["page", "per_page", "sort", "country"] {
        let answer = service.get(&format!("/airports?{name}=1&q=2&{name}=1")).await;
        assert!(faults(&answer).contains(&format!("{name} duplicate")), "{}", answer.body);
    }
    let answer = service.get("/airports?page=1&p%61ge=1").await;
    assert_eq!(faults(&answer), ["page duplicate"], "whatever it is spelled like");
}

#[tokio::test]
async fn unknown_parameters_are_kept_in_links_and_otherwise_ignored() {
    let service = service::<PAGE>(45);
    let page = page(&service, "/airports?q=a%20b+c&page=2&empty&x[]=1&iata=A001").await;
    assert_eq!(codes(&page).len(), 20);
    for (name, number) in [("first", 1), ("last", 3), ("next", 3), ("prev", 1), ("self", 2)] {
        let expected = format!("/airports?q=a%20b+c&empty&x%5B%5D=1&iata=A001&page={number}&per_page=20");
        assert_eq!(link(&page, name), Some(expected.as_str()));
    }
}

#[tokio::test]
async fn rows_are_sorted_by_several_fields_and_the_key_breaks_ties() {
    let page = page(&service::<PAGE>(30), "/airports?sort=-name,elevation&per_page=100").await;
    let rows = page["data"].as_array().unwrap();
    let sorted = |row: &serde_json::Value| {
        let (name, code) =
            (row["name"].as_str().unwrap().to_owned(), row["iata"].as_str().unwrap().to_owned());
        (std::cmp::Reverse(name), row["elevation"].as_i64().unwrap_or(i64::MAX), code)
    };
    assert!(rows.is_sorted_by_key(sorted), "{rows:#?}");
    assert_eq!(link(&page, "self"), Some("/airports?sort=-name%2Celevation&page=1&per_page=100"));
}

#[tokio::test]
async fn what_is_absent_comes_last_in_either_direction() {
    let service = service::<PAGE>(30);
    for sort in ["elevation", "-elevation", "country", "-country", "latitude", "-latitude"] {
        let page = page(&service, &format!("/airports?per_page=100&sort={sort}")).await;
        let field = sort.trim_start_matches('-');
        let absent: Vec<_> =
            page["data"].as_array().unwrap().iter().map(|row| row[field].is_null()).collect();
        assert!(absent.is_sorted() && absent[29] && !absent[0], "{sort}: {absent:?}");
    }
}

#[tokio::test]
async fn the_tie_breaker_goes_the_way_of_the_field_before_it() {
    let service = service::<PAGE>(30);
    for (sort, expected) in [
        ("name", ["A000", "A007", "A014"]),
        ("-name", ["A027", "A020", "A013"]),
        ("-iata", ["A029", "A028", "A027"]),
    ] {
        let page = page(&service, &format!("/airports?sort={sort}&per_page=3")).await;
        assert_eq!(codes(&page), expected, "{sort}");
    }
}

#[tokio::test]
async fn a_field_that_cannot_be_sorted_by_is_refused_with_those_that_can() {
    let service = service::<PAGE>(1);
    let answer = service.get("/airports?sort=elevatoin").await;
    assert_eq!(faults(&answer), ["sort unknown"]);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("did you mean `elevation`?"), "{detail}");
    assert!(detail.contains("`iata`, `name`, `elevation`, `latitude`, `country`"), "{detail}");
    for sort in [
        "",
        ",",
        "name,",
        "--name",
        "-",
        " name",
        "NAME",
        "is_open",
        "name;DROP TABLE airports",
        "1",
        "name desc",
    ] {
        let answer = service.get(&format!("/airports?sort={}", sort.replace(' ', "%20"))).await;
        assert_eq!(faults(&answer), ["sort unknown"], "{sort}");
    }
    assert_eq!(faults(&service.get("/airports?sort=name,-name").await), ["sort duplicate"]);
}

#[tokio::test]
async fn filters_are_equalities_and_several_are_all_asked_for() {
    let service = service::<PAGE>(100);
    let page = page(&service, "/airports?country=FR&elevation=-100&per_page=100").await;
    let rows = page["data"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["country"] == "FR" && row["elevation"] == -100));
    assert_eq!(page["meta"]["total"], rows.len());
    assert_eq!(link(&page, "next"), None);
    assert_eq!(link(&page, "self"), Some("/airports?country=FR&elevation=-100&page=1&per_page=100"));
}

#[tokio::test]
async fn a_filter_that_is_no_value_of_its_field_is_refused() {
    let service = service::<PAGE>(10);
    for (query, fault) in [
        ("elevation=high", "elevation"),
        ("elevation=2147483648", "elevation"),
        ("elevation=", "elevation"),
        ("latitude=NaN", "latitude"),
        ("latitude=inf", "latitude"),
        ("latitude=1e400", "latitude"),
        ("is_open=yes", "is_open"),
    ] {
        assert_eq!(
            faults(&service.get(&format!("/airports?{query}")).await),
            [format!("{fault} type")],
            "{query}"
        );
    }
    let answer = service.get("/airports?elevation=high").await;
    assert_eq!(answer.json()["detail"], "`elevation` is no whole number from -2147483648 to 2147483647");
    assert_eq!(service.get("/airports?latitude=-0.0").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_text_is_refused() {
    let service = service::<PAGE>(10);
    for value in ["%ff", "%c0%8a", "%00", "a%00b", "%ed%a0%80"] {
        assert_eq!(
            faults(&service.get(&format!("/airports?country={value}")).await),
            ["country encoding"],
            "{value}"
        );
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let answer = service::<PAGE>(1)
        .get("/airports?page=0&per_page=0&limit=1&sort=x&elevation=high&country=a&country=b")
        .await;
    let mut faults = faults(&answer);
    faults.sort();
    assert_eq!(
        faults,
        [
            "country duplicate",
            "elevation type",
            "limit unsupported",
            "page range",
            "per_page range",
            "sort unknown"
        ]
    );
}
