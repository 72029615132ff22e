//! The questions that the database answers, over all airports.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::FromRequestParts;
use axum::http::Request;

use super::*;

async fn db() -> Db {
    Db::open(None).await.unwrap()
}

fn iata(text: &str) -> Iata {
    text.parse().unwrap()
}

fn change(json: &str) -> AirportChange {
    serde_json::from_str(json).unwrap()
}

fn codes(airports: &[Airport]) -> Vec<&str> {
    airports.iter().map(|airport| airport.iata.as_str()).collect()
}

/// All airports of a search, page by page.
async fn search(db: &Db, query: &str, text: &str) -> Vec<Airport> {
    let (mut found, mut next) = (Vec::new(), Some(format!("/airports?limit=100&{query}")));
    while let Some(uri) = next {
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let pagination = Pagination::from_request_parts(&mut parts, &()).await.unwrap();
        let page = db.search(text, &pagination).await.unwrap();
        next = serde_json::to_value(&page).unwrap()["links"]["next"].as_str().map(ToOwned::to_owned);
        found.extend(page.into_data());
    }
    found
}

async fn count(db: &Db) -> u32 {
    sqlx::query_scalar("SELECT count(*) FROM airports").fetch_one(&db.0).await.unwrap()
}

fn place(lat: f64, lon: f64) -> Position {
    Position { lat: lat.try_into().unwrap(), lon: lon.try_into().unwrap() }
}

#[tokio::test]
async fn an_airport_is_what_the_file_says() {
    let (db, airports) = (db().await, crate::airports::embedded().unwrap());
    for airport in airports.iter().step_by(100) {
        assert_eq!(&db.airport(airport.iata).await.unwrap(), airport);
    }
    let unknown = db.airport(iata("QQQ")).await.unwrap_err();
    assert!(matches!(unknown, AirportError::NotFound { iata: code } if code == iata("QQQ")));
}

#[tokio::test]
async fn known_distances() {
    let db = db().await;
    // Great-circle distances as published for these pairs, within the 0.5 % of a sphere.
    for (from, to, published) in
        [("CDG", "JFK", 5833.0), ("LHR", "SYD", 17_020.0), ("HND", "SFO", 8285.0), ("AKL", "SCL", 9663.0)]
    {
        let (from, to) = (db.airport(iata(from)).await.unwrap(), db.airport(iata(to)).await.unwrap());
        let km = from.position().distance_km(to.position());
        assert!((km / published - 1.0).abs() < 0.005, "{km} is not {published}");
    }
}

#[tokio::test]
async fn search_looks_at_names_cities_and_both_codes() {
    let db = db().await;
    assert!(codes(&search(&db, "", "charles de gaulle").await).contains(&"CDG"));
    assert!(codes(&search(&db, "", "  PARIS ").await).contains(&"ORY"));
    assert_eq!(codes(&search(&db, "", "lfpg").await), ["CDG"]);
    assert!(codes(&search(&db, "", "jfk").await).contains(&"JFK"));
    assert!(codes(&search(&db, "", "ÅLESUND").await).contains(&"AES"));
    for nothing in ["no such place", "%", "' OR 1 = 1 --", "\0", "cdg\nlfpg"] {
        assert!(search(&db, "", nothing).await.is_empty(), "{nothing:?}");
    }
}

#[tokio::test]
async fn search_by_country() {
    let db = db().await;
    let french = search(&db, "country=fr", "").await;
    assert!(french.len() > 100 && french.iter().all(|airport| airport.country.as_str() == "FR"));
    assert!(french.is_sorted_by_key(|airport| airport.iata));
    assert!(!codes(&search(&db, "country=US", "paris").await).contains(&"CDG"));
    assert!(search(&db, "country=AD", "").await.is_empty(), "Andorra is a country and has no airport");
}

#[tokio::test]
async fn search_in_an_order() {
    let db = db().await;
    let high = search(&db, "country=pf&sort=-elevation,name", "").await;
    assert!(high.is_sorted_by(|one, other| one.elevation >= other.elevation));
    let cities = search(&db, "country=pf&sort=-city", "").await;
    let known = cities.iter().take_while(|airport| airport.city.is_some()).count();
    assert!((1..cities.len()).contains(&known), "there are airports of no city, and they come last");
    assert!(cities[known..].iter().all(|airport| airport.city.is_none()));
    assert!(cities[..known].is_sorted_by(|one, other| one.city >= other.city));
    assert_eq!(cities.len(), high.len());
}

#[tokio::test]
async fn nearest_agrees_with_measuring_everything() {
    let db = db().await;
    for place in [place(49.0128, 2.55), place(-12.3, 45.6), place(90.0, 0.0), place(-16.8, -180.0)] {
        let mut all = crate::airports::embedded().unwrap();
        all.sort_by(|one, other| {
            let km = |airport: &Airport| place.distance_km(airport.position());
            km(one).total_cmp(&km(other)).then(one.iata.cmp(&other.iata))
        });
        assert_eq!(db.nearest(place, 100).await.unwrap(), all[..100]);
    }
    assert_eq!(db.nearest(place(0.0, 0.0), 10_000).await.unwrap().len(), 7884);
    assert!(db.nearest(place(0.0, 0.0), 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn nearest_crosses_the_antimeridian_and_the_poles() {
    let db = db().await;
    // Taveuni, Fiji, lies on both sides of the antimeridian: both searches see the same airports.
    for lon in [180.0, -180.0] {
        assert_eq!(codes(&db.nearest(place(-16.8, lon), 3).await.unwrap()), ["TVU", "LUC", "SVU"]);
    }
    for (lat, lon) in [(90.0, 135.0), (-90.0, -77.0)] {
        let (one, other) = (db.nearest(place(lat, 0.0), 3).await, db.nearest(place(lat, lon), 3).await);
        assert_eq!(one.unwrap(), other.unwrap());
    }
}

#[tokio::test]
async fn a_changed_airport_is_found_by_what_it_is_now() {
    let db = db().await;
    let json = r#"{"name":"Pinguinville","city":null,"elevation":-12,"lat":-89.9,"lon":0}"#;
    let changed = db.change(iata("CDG"), change(json)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.city.as_deref()), ("Pinguinville", None));
    assert_eq!(db.airport(iata("CDG")).await.unwrap(), changed);
    assert_eq!(codes(&search(&db, "", "pinguin").await), ["CDG"]);
    assert!(!codes(&search(&db, "", "charles de gaulle").await).contains(&"CDG"));
    assert_eq!(db.nearest(place(-89.9, 0.0), 1).await.unwrap(), [changed]);
    assert_eq!(count(&db).await, 7884);
}

#[tokio::test]
async fn an_unknown_code_changes_nothing() {
    let refused = db().await.change(iata("QQQ"), change(r#"{"name":"Nowhere"}"#)).await;
    assert!(matches!(refused, Err(AirportError::NotFound { .. })));
}

#[tokio::test]
async fn a_database_in_memory_is_its_own() {
    let (one, other) = (db().await, db().await);
    one.change(iata("CDG"), change(r#"{"name":"Roissy"}"#)).await.unwrap();
    assert_ne!(other.airport(iata("CDG")).await.unwrap().name, "Roissy");
}

/// A place for a database, which is tidied up.
struct TemporaryFile(std::path::PathBuf);

impl TemporaryFile {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("airports-unit-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_is_lost_among_many_at_once() {
    let file = TemporaryFile::new();
    for db in [db().await, Db::open(Some(&file.0)).await.unwrap()] {
        let tasks = ["elevation", "lat", "lon"].map(|field| {
            let db = db.clone();
            tokio::spawn(async move {
                for number in 1..=20 {
                    db.change(iata("CDG"), change(&format!(r#"{{"{field}":{number}}}"#))).await.unwrap();
                    assert_eq!(search(&db, "", "lfpg").await.len(), 1);
                }
            })
        });
        for task in tasks {
            task.await.unwrap();
        }
        let airport = db.airport(iata("CDG")).await.unwrap();
        assert_eq!(airport.position(), place(20.0, 20.0));
        assert!((airport.elevation - 20.0).abs() < 1e-9);
    }
}

#[tokio::test]
async fn a_file_is_filled_once_and_keeps_its_changes() {
    let file = TemporaryFile::new();
    {
        let db = Db::open(Some(&file.0)).await.unwrap();
        db.change(iata("CDG"), change(r#"{"name":"Roissy"}"#)).await.unwrap();
        sqlx::query("DELETE FROM airports WHERE iata = 'JFK'").execute(&db.0).await.unwrap();
        db.0.close().await;
    }
    let db = Db::open(Some(&file.0)).await.unwrap();
    assert_eq!(db.airport(iata("CDG")).await.unwrap().name, "Roissy");
    assert!(db.airport(iata("JFK")).await.is_err());
    assert_eq!(count(&db).await, 7883);
}

#[tokio::test]
async fn what_is_no_database_is_named() {
    let file = TemporaryFile::new();
    fs::write(&file.0, "no database, but a text that is long enough to be taken for one ".repeat(20))
        .unwrap();
    let message = Db::open(Some(&file.0)).await.unwrap_err().to_string();
    assert!(message.starts_with(&format!("cannot open the database {}: ", file.0.display())), "{message}");
    assert!(message.ends_with("; check --db"), "{message}");
    assert!(Db::open(Some(Path::new("/nowhere/at/all.db"))).await.is_err());
}
