//! Whoever walks through pages of a database sees each row once, in the order in which memory would have it.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use proptest::test_runner::TestRunner;
use sqlx::{FromRow, Pool};
use tollgate::Page;

use crate::postgres;
use crate::support::{
    ByCursor, ByNumber, ByOffset, Item, Place, Seed, fill, insert, page, pagination, run, sqlite,
};

/// A row whose values are few, so that many are equal.
fn seed(number: usize, seed: u32) -> Seed {
    let pick = |shift: u32, choices: u32| ((seed >> shift) % choices) as usize;
    let (third, number) = (number % 3, i64::try_from(number).unwrap());
    Seed {
        id: [i64::MAX - number, i64::MIN + number, number][third],
        name: ["", "a", "B", "b", "é", "z,\"'<>", "%", "\u{10ffff}"][pick(0, 8)].to_owned(),
        elevation: (pick(3, 4) > 0).then(|| [0, -7, i32::MAX][pick(5, 3)]),
        latitude: [-0.0, 0.0, 1.5, 0.1, f64::INFINITY][pick(8, 5)],
        runway: (pick(11, 3) > 0).then(|| [f64::NAN, -1.0, f64::NEG_INFINITY, 1e300][pick(13, 4)]),
        country: (pick(16, 3) > 0).then(|| ["FR", "DE"][pick(18, 2)].to_owned()),
        is_open: pick(20, 2) == 0,
    }
}

fn seeds(seeds: &[u32]) -> Vec<Seed> {
    seeds.iter().enumerate().map(|(number, pattern)| seed(number, *pattern)).collect()
}

const SORTABLE: [&str; 7] = ["id", "name", "elevation", "latitude", "runway", "country", "is_open"];

const FILTERS: [&str; 9] = [
    "name=b",
    "name=z%2C%22%27%3C%3E",
    "country=FR",
    "elevation=-7",
    "latitude=0",
    "latitude=0.1",
    "runway=-1",
    "is_open=true",
    "name=%25",
];

/// What is asked for, but for the size of pages.
fn query() -> impl Strategy<Value = String> {
    let sort = subsequence(SORTABLE.to_vec(), 0..=4).prop_shuffle();
    let filters = subsequence(FILTERS.to_vec(), 0..=2);
    (sort, any::<[bool; 4]>(), filters).prop_map(|(sort, ways, mut filters)| {
        filters.dedup_by_key(|filter| filter.split('=').next());
        let keys = sort.iter().zip(ways).map(|(key, is_up)| format!("{}{key}", if is_up { "" } else { "-" }));
        let sort: Vec<_> = keys.collect();
        let sort = if sort.is_empty() { String::new() } else { format!("&sort={}", sort.join(",")) };
        filters.iter().fold(sort, |query, filter| format!("{query}&{filter}"))
    })
}

fn ids<T: Item>(rows: &[T]) -> Vec<i64> {
    rows.iter().map(Item::id).collect()
}

/// All rows from a page on, each page held against the one that memory would make.
async fn walk<DB: Place, T>(pool: &Pool<DB>, start: &str, next: Next<T>, rows: &[T]) -> Vec<i64>
where
    T: Item + for<'r> FromRow<'r, DB::Row>,
{
    let (mut seen, mut path) = (Vec::new(), Some(start.to_owned()));
    while let Some(at) = path {
        let page = page::<DB, T>(pool, &at).await;
        let of_memory = pagination::<T>(&at).await.slice(rows);
        assert_eq!(ids(page.data()), ids(of_memory.data()), "{at}");
        assert_eq!(page.meta(), of_memory.meta(), "{at}");
        assert_eq!(page.links().next().is_some(), of_memory.links().next().is_some(), "{at}");
        assert_eq!(page.links().prev().is_some(), of_memory.links().prev().is_some(), "{at}");
        seen.extend(in_direction(&page, next));
        assert!(seen.len() <= rows.len(), "the walk from {start} does not end: {seen:?}");
        path = next.link(&page);
    }
    seen
}

/// The rows of a page as a walk comes by them.
fn in_direction<T: Item>(page: &Page<T>, next: Next<T>) -> Vec<i64> {
    let mut rows = ids(page.data());
    if next.is_back {
        rows.reverse();
    }
    rows
}

/// Which way a walk goes.
struct Next<T> {
    is_back: bool,
    item: std::marker::PhantomData<T>,
}

impl<T> Clone for Next<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Next<T> {}

impl<T> Next<T> {
    const FORWARD: Self = Self { is_back: false, item: std::marker::PhantomData };
    const BACK: Self = Self { is_back: true, item: std::marker::PhantomData };

    fn link(self, page: &Page<T>) -> Option<String> {
        let link = if self.is_back { page.links().prev() } else { page.links().next() };
        link.map(str::to_owned)
    }
}

async fn there_and_back<DB: Place, T>(pool: &Pool<DB>, patterns: &[u32], query: &str, size: usize)
where
    T: Item + for<'r> FromRow<'r, DB::Row>,
{
    let seeds = seeds(patterns);
    fill(pool, &seeds).await;
    let rows: Vec<T> = seeds.into_iter().map(T::from).collect();
    let start = format!("/airports?{}={size}{query}", T::SIZE);
    let forward = walk(pool, &start, Next::FORWARD, &rows).await;
    let last = page::<DB, T>(pool, &start).await.links().last().unwrap().to_owned();
    let mut back = walk(pool, &last, Next::BACK, &rows).await;
    back.reverse();
    assert_eq!(forward, back, "{start}");
    let distinct: HashSet<_> = forward.iter().collect();
    assert_eq!(distinct.len(), forward.len(), "{start}");
}

/// Rows come and go between pages; those that stay are seen once, in order.
async fn while_others_change<DB: Place>(
    pool: &Pool<DB>,
    patterns: &[u32],
    changes: &[(u32, Index)],
    query: &str,
    is_back: bool,
) where
    ByCursor: for<'r> FromRow<'r, DB::Row>,
{
    let (stay, go): (Vec<_>, Vec<_>) =
        seeds(patterns).into_iter().enumerate().partition(|(number, _)| number % 2 == 0);
    let stay: Vec<_> = stay.into_iter().map(|(_, seed)| seed).collect();
    let mut guests: Vec<_> = go.into_iter().map(|(_, seed)| seed).collect();
    fill(pool, &stay).await;
    insert(pool, &guests).await;
    let start = format!("/airports?limit=3{query}");
    let mut changes = changes.iter().zip(1000..);
    let first = page::<DB, ByCursor>(pool, &start).await;
    let next = if is_back { Next::BACK } else { Next::FORWARD };
    let mut path = (if is_back { first.links().last() } else { first.links().first() }).map(str::to_owned);
    let mut seen = Vec::new();
    while let Some(at) = path {
        let page = page::<DB, ByCursor>(pool, &at).await;
        seen.extend(in_direction(&page, next));
        path = next.link(&page);
        for ((pattern, index), number) in changes.by_ref().take(4) {
            guests.push(seed(number, *pattern));
            insert(pool, &guests[guests.len() - 1..]).await;
            let gone = guests.swap_remove(index.index(guests.len()));
            DB::run(pool, format!("DELETE FROM airports WHERE id = {}", gone.id)).await;
        }
    }
    let distinct: HashSet<_> = seen.iter().copied().collect();
    assert_eq!(distinct.len(), seen.len(), "nobody is seen twice: {start}");
    let stay: Vec<ByCursor> = stay.into_iter().map(ByCursor::from).collect();
    let whole = pagination::<ByCursor>(&format!("/airports?limit=100{query}")).await.slice(&stay);
    let mut expected = ids(whole.data());
    if is_back {
        expected.reverse();
    }
    let staying: HashSet<_> = expected.iter().copied().collect();
    seen.retain(|id| staying.contains(id));
    assert_eq!(seen, expected, "{start}");
}

fn patterns() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 0..30)
}

async fn in_every_style<DB: Place>(pool: &Pool<DB>, patterns: &[u32], query: &str, size: usize)
where
    ByNumber: for<'r> FromRow<'r, DB::Row>,
    ByOffset: for<'r> FromRow<'r, DB::Row>,
    ByCursor: for<'r> FromRow<'r, DB::Row>,
{
    there_and_back::<DB, ByNumber>(pool, patterns, query, size).await;
    there_and_back::<DB, ByOffset>(pool, patterns, query, size).await;
    there_and_back::<DB, ByCursor>(pool, patterns, query, size).await;
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) })
}

/// Any rows, any query, any size of pages, one connection for all cases.
fn walks<DB: Place>(cases: u32, connect: impl Future<Output = Pool<DB>>)
where
    ByNumber: for<'r> FromRow<'r, DB::Row>,
    ByOffset: for<'r> FromRow<'r, DB::Row>,
    ByCursor: for<'r> FromRow<'r, DB::Row>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pool = runtime.block_on(connect);
    let mut runner = runner(cases);
    let any = (patterns(), query(), 1..9_usize);
    let walked = runner.run(&any, |(patterns, query, size)| {
        runtime.block_on(in_every_style(&pool, &patterns, &query, size));
        Ok(())
    });
    walked.unwrap_or_else(|error| panic!("{error}"));
}

fn walks_among_changes<DB: Place>(cases: u32, connect: impl Future<Output = Pool<DB>>)
where
    ByCursor: for<'r> FromRow<'r, DB::Row>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pool = runtime.block_on(connect);
    let mut runner = runner(cases);
    let changes = prop::collection::vec((any::<u32>(), any::<Index>()), 0..40);
    let any = (patterns(), changes, query(), any::<bool>());
    let walked = runner.run(&any, |(patterns, changes, query, is_back)| {
        runtime.block_on(while_others_change(&pool, &patterns, &changes, &query, is_back));
        Ok(())
    });
    walked.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn in_sqlite_each_row_is_seen_once_there_and_back() {
    walks(100, sqlite());
}

#[test]
fn in_postgres_each_row_is_seen_once_there_and_back() {
    walks(60, postgres::pool("walks"));
}

#[test]
fn in_sqlite_rows_that_stay_are_seen_once_while_others_come_and_go() {
    walks_among_changes(100, sqlite());
}

#[test]
fn in_postgres_rows_that_stay_are_seen_once_while_others_come_and_go() {
    walks_among_changes(60, postgres::pool("changes"));
}

/// Forward and back through rows that memory would put into another order.
async fn each_once<DB: Place>(pool: &Pool<DB>, query: &str, count: usize)
where
    ByCursor: for<'r> FromRow<'r, DB::Row>,
{
    let start = format!("/airports?limit=2&sort={query}");
    let first = page::<DB, ByCursor>(pool, &start).await;
    let mut walks = Vec::new();
    for (next, from) in [(Next::FORWARD, first.links().first()), (Next::BACK, first.links().last())] {
        let (mut seen, mut path) = (Vec::new(), from.map(str::to_owned));
        while let Some(at) = path.filter(|_| seen.len() <= count) {
            let page = page::<DB, ByCursor>(pool, &at).await;
            seen.extend(in_direction(&page, next));
            path = next.link(&page);
        }
        walks.push(seen);
    }
    walks[1].reverse();
    assert_eq!(walks[0], walks[1], "{start}");
    assert_eq!(walks[0].iter().collect::<HashSet<_>>().len(), count, "{start}");
    assert_eq!(walks[0].len(), count, "{start}");
}

#[test]
fn nan_in_a_column_that_is_never_null_is_walked_through() {
    run(async {
        let pool = postgres::pool("nan").await;
        let number = |number: u32| seed(number as usize, number * 0x0123_4567);
        let latitude = |is_open: bool| if is_open { f64::NAN } else { 1.0 };
        let seeds = (0..15).map(number).map(|seed| Seed { latitude: latitude(seed.is_open), ..seed });
        fill(&pool, &seeds.collect::<Vec<_>>()).await;
        for query in ["latitude", "-latitude", "latitude,-name", "-latitude,country", "name,-latitude"] {
            each_once(&pool, query, 15).await;
        }
    });
}

#[test]
fn a_collation_of_the_columns_own_is_walked_through() {
    const NAMES: [&str; 10] = ["a", "A", "b", "ä", "Z", "z", "é", "e", "E", "Ä"];
    let seeds = || {
        NAMES.iter().enumerate().map(|(number, name)| Seed { name: (*name).to_owned(), ..seed(number, 77) })
    };
    run(async {
        let pool = postgres::pool("collated").await;
        fill(&pool, &seeds().collect::<Vec<_>>()).await;
        Place::run(&pool, "ALTER TABLE airports ALTER name TYPE TEXT COLLATE \"und-x-icu\"".to_owned()).await;
        let pool_of_sqlite = sqlite().await;
        fill(&pool_of_sqlite, &[]).await;
        let table = "DROP TABLE airports; CREATE TABLE airports (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE,
            elevation INTEGER, latitude REAL NOT NULL, runway REAL, country TEXT, is_open BOOLEAN NOT NULL)";
        Place::run(&pool_of_sqlite, table.to_owned()).await;
        insert(&pool_of_sqlite, &seeds().collect::<Vec<_>>()).await;
        for query in ["name", "-name", "name,-id", "country,-name"] {
            each_once(&pool, query, 10).await;
            each_once(&pool_of_sqlite, query, 10).await;
        }
    });
}
