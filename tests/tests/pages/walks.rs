//! Whoever follows links sees each row once: whatever the rows, the order, the filter and the size of pages.

use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use tollgate::Tollgate;
use tollgate_tests::Service;

use crate::support::{Airport, CURSOR, OFFSET, PAGE, Rows, SECRET, SOURCES, codes, link, of, page, with};

/// A row whose values are few, so that many are equal.
fn row<const STYLE: usize>(number: usize, seed: u32) -> Airport<STYLE> {
    let pick = |shift: u32, choices: u32| (seed >> shift) % choices;
    Airport {
        iata: format!("K{:03}", (number * 7919) % 1000),
        name: ["", "a", "B", "b", "é", "z,\"<>"][pick(0, 6) as usize].to_owned(),
        elevation: (pick(3, 4) > 0).then(|| [0, -7, i32::MAX][pick(5, 3) as usize]),
        latitude: [f64::NAN, -0.0, 0.0, 1.5, f64::INFINITY][pick(8, 5) as usize],
        country: (pick(12, 3) > 0).then(|| ["FR", "DE"][pick(14, 2) as usize].to_owned()),
        is_open: pick(16, 2) == 0,
    }
}

/// A query, and what it means.
#[derive(Clone, Debug)]
struct Asked {
    sort: Vec<(usize, bool)>,
    filters: Vec<(&'static str, &'static str)>,
    size: usize,
}

const SORTABLE: [&str; 5] = ["iata", "name", "elevation", "latitude", "country"];

fn asked() -> impl Strategy<Value = Asked> {
    let sort = Just(vec![0, 1, 2, 3, 4]).prop_shuffle();
    let filters = [
        ("country", "FR"),
        ("name", "b"),
        ("name", "z,\"<>"),
        ("elevation", "-7"),
        ("latitude", "0"),
        ("is_open", "true"),
    ];
    let filters = prop::sample::subsequence(filters.to_vec(), 0..=2);
    (sort, any::<[bool; 5]>(), 0..=4_usize, filters, 1..12_usize).prop_map(
        |(sort, ways, count, filters, size)| {
            let sort = sort.into_iter().zip(ways).take(count).collect();
            let mut names = HashSet::new();
            let filters = filters.into_iter().filter(|(name, _)| names.insert(*name)).collect();
            Asked { sort, filters, size }
        },
    )
}

impl Asked {
    fn query(&self, size: &str) -> String {
        let mut query = format!("{size}={}", self.size);
        if !self.sort.is_empty() {
            let written = |(field, is_descending): &(usize, bool)| {
                format!("{}{}", if *is_descending { "-" } else { "" }, SORTABLE[*field])
            };
            let sort: Vec<_> = self.sort.iter().map(written).collect();
            query += "&sort=";
            query += &sort.join(",");
        }
        for (name, value) in &self.filters {
            let value = value.replace('"', "%22").replace('<', "%3C").replace('>', "%3E");
            query.extend(["&", *name, "=", value.as_str()]);
        }
        query
    }

    fn admits<const STYLE: usize>(&self, row: &Airport<STYLE>) -> bool {
        self.filters.iter().all(|(name, value)| match *name {
            "country" => row.country.as_deref() == Some(value),
            "name" => row.name == *value,
            "elevation" => row.elevation == Some(value.parse().unwrap()),
            "latitude" => row.latitude.to_string().trim_start_matches('-') == *value,
            _ => row.is_open,
        })
    }

    fn compare<const STYLE: usize>(&self, one: &Airport<STYLE>, other: &Airport<STYLE>) -> Ordering {
        let by = |(field, is_descending): &(usize, bool)| {
            let (one, other) = (value(one, *field), value(other, *field));
            match (one, other) {
                (Some(one), Some(other)) if *is_descending => other.cmp(&one),
                (Some(one), Some(other)) => one.cmp(&other),
                (one, other) => one.is_none().cmp(&other.is_none()),
            }
        };
        let is_descending = self.sort.last().is_some_and(|(_, is_descending)| *is_descending);
        self.sort.iter().chain([&(0, is_descending)]).map(by).find(|by| by.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn expected<const STYLE: usize>(&self, rows: &[Airport<STYLE>]) -> Vec<String> {
        let mut rows: Vec<_> = rows.iter().filter(|row| self.admits(row)).collect();
        rows.sort_by(|one, other| self.compare(one, other));
        rows.into_iter().map(|row| row.iata.clone()).collect()
    }
}

/// A number or a text; `None` where it is absent.
fn value<const STYLE: usize>(row: &Airport<STYLE>, field: usize) -> Option<(i64, String)> {
    match field {
        0 => Some((0, row.iata.clone())),
        1 => Some((0, row.name.clone())),
        2 => row.elevation.map(|elevation| (elevation.into(), String::new())),
        #[allow(clippy::cast_possible_truncation, reason = "they are halves, or without end")]
        3 => (!row.latitude.is_nan()).then(|| ((row.latitude * 2.0) as i64, String::new())),
        _ => row.country.clone().map(|country| (0, country)),
    }
}

/// All rows from a page on in one direction, and what is done before each step.
async fn walk(service: &Service, start: &str, direction: &str, mut between: impl FnMut()) -> Vec<String> {
    let (mut rows, mut next) = (Vec::new(), Some(start.to_owned()));
    for _ in 0..1000 {
        let Some(path) = next else { return rows };
        let page = page(service, &path).await;
        let mut seen = codes(&page);
        if direction == "prev" {
            seen.reverse();
        }
        rows.extend(seen);
        next = link(&page, direction).map(str::to_owned);
        between();
    }
    panic!("the walk from {start} does not end")
}

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn rows_of<const STYLE: usize>(seeds: &[u32]) -> Vec<Airport<STYLE>> {
    seeds.iter().enumerate().map(|(number, seed)| row(number, *seed)).collect()
}

/// Forward from the first page, and backward from the last.
fn walked<const STYLE: usize>(seeds: &[u32], asked: &Asked, source: &str, size: &str) -> [Vec<String>; 3] {
    let rows = rows_of::<STYLE>(seeds);
    let expected = asked.expected(&rows);
    let service = of(rows);
    run(async {
        let start = format!("{source}?{}", asked.query(size));
        let forward = walk(&service, &start, "next", || ()).await;
        let last = link(&page(&service, &start).await, "last").unwrap().to_owned();
        let mut backward = walk(&service, &last, "prev", || ()).await;
        backward.reverse();
        [expected, forward, backward]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn by_number_each_row_is_seen_once(seeds in prop::collection::vec(any::<u32>(), 0..40), asked in asked(), source in prop::sample::select(&SOURCES[..])) {
        let [expected, forward, backward] = walked::<PAGE>(&seeds, &asked, source, "per_page");
        prop_assert_eq!(&forward, &expected);
        prop_assert_eq!(&backward, &expected);
    }

    #[test]
    fn by_offset_each_row_is_seen_once(seeds in prop::collection::vec(any::<u32>(), 0..40), asked in asked(), source in prop::sample::select(&SOURCES[..])) {
        let [expected, forward, backward] = walked::<OFFSET>(&seeds, &asked, source, "limit");
        prop_assert_eq!(&forward, &expected);
        prop_assert_eq!(&backward, &expected);
    }

    #[test]
    fn each_row_is_seen_once_where_nobody_counted_them(
        seeds in prop::collection::vec(any::<u32>(), 0..40),
        asked in asked(),
        source in prop::sample::select(&["/uncounted", "/estimated"][..]),
    ) {
        let rows = rows_of::<PAGE>(&seeds);
        let expected = asked.expected(&rows);
        let service = of(rows);
        let start = format!("{source}?{}", asked.query("per_page"));
        prop_assert_eq!(run(walk(&service, &start, "next", || ())), expected);
    }

    #[test]
    fn by_cursor_each_row_is_seen_once(seeds in prop::collection::vec(any::<u32>(), 0..40), asked in asked(), source in prop::sample::select(&SOURCES[..])) {
        let [expected, forward, backward] = walked::<CURSOR>(&seeds, &asked, source, "limit");
        prop_assert_eq!(&forward, &expected);
        prop_assert_eq!(&backward, &expected);
    }

    #[test]
    fn by_cursor_the_way_back_from_the_last_page_shows_the_same_pages(seeds in prop::collection::vec(any::<u32>(), 1..40), asked in asked()) {
        let service = of(rows_of::<CURSOR>(&seeds));
        run(async {
            let (mut there, mut path) = (Vec::new(), Some(format!("/airports?{}", asked.query("limit"))));
            let mut previous = None;
            while let Some(at) = path {
                let page = page(&service, &at).await;
                there.push(codes(&page));
                previous = link(&page, "prev").map(str::to_owned);
                path = link(&page, "next").map(str::to_owned);
            }
            there.pop();
            let mut back = Vec::new();
            while let Some(at) = previous {
                let page = page(&service, &at).await;
                back.push(codes(&page));
                previous = link(&page, "prev").map(str::to_owned);
            }
            back.reverse();
            assert_eq!(back, there);
        });
    }

    #[test]
    fn by_cursor_rows_that_stay_are_seen_once_while_others_come_and_go(
        seeds in prop::collection::vec(any::<u32>(), 0..30),
        changes in prop::collection::vec((any::<u32>(), any::<prop::sample::Index>(), any::<bool>()), 0..60),
        asked in asked(),
        direction in prop::sample::select(&["next", "prev"][..]),
        source in prop::sample::select(&SOURCES[..]),
    ) {
        let (stay, go): (Vec<_>, Vec<_>) = rows_of::<CURSOR>(&seeds).into_iter().enumerate().partition(|(number, _)| number % 2 == 0);
        let stay: Vec<_> = stay.into_iter().map(|(_, row)| row).collect();
        let mut guests: Vec<_> = go.into_iter().map(|(_, row)| row).collect();
        let rows: Rows<CURSOR> = Arc::new(Mutex::new(stay.iter().chain(&guests).cloned().collect()));
        let service = with(Tollgate::builder().cursor_keys(SECRET, None), &rows);
        let (mut changes, mut number) = (changes.into_iter(), 100);
        let change = || {
            for (seed, index, comes) in changes.by_ref().take(6) {
                if comes {
                    guests.push(row(number, seed));
                    number += 1;
                } else if !guests.is_empty() {
                    guests.swap_remove(index.index(guests.len()));
                }
            }
            *rows.lock().unwrap() = guests.iter().chain(&stay).cloned().collect();
        };
        let mut expected = asked.expected(&stay);
        let seen = run(async {
            let first = page(&service, &format!("{source}?{}", asked.query("limit"))).await;
            let start = if direction == "next" { "first" } else { "last" };
            walk(&service, link(&first, start).unwrap(), direction, change).await
        });
        if direction == "prev" {
            expected.reverse();
        }
        let staying: HashSet<_> = expected.iter().cloned().collect();
        let seen_staying: Vec<_> = seen.iter().filter(|code| staying.contains(*code)).cloned().collect();
        prop_assert_eq!(seen_staying, expected);
        let distinct: HashSet<_> = seen.iter().collect();
        prop_assert_eq!(distinct.len(), seen.len(), "nobody is seen twice");
    }
}

#[test]
fn pages_of_one_of_ten_and_of_the_maximum_are_the_same_rows() {
    let service = crate::support::service::<CURSOR>(120);
    run(async {
        let mut walks = Vec::new();
        for limit in [1, 10, 100] {
            walks.push(
                walk(&service, &format!("/airports?sort=-elevation,country&limit={limit}"), "next", || ())
                    .await,
            );
        }
        assert!(walks[0].len() == 120 && walks[0] == walks[1] && walks[1] == walks[2]);
        let mut codes = walks[0].clone();
        codes.sort_by_key(|code| Reverse(code.clone()));
        codes.dedup();
        assert_eq!(codes.len(), 120);
    });
}
