//! The texts of statements: for every order, and the same whatever a client sends.

use std::fmt::Write as _;

use sqlx::{Postgres, Sqlite};
use tollgate::pages::Total;
use tollgate::pages::sql::PageDatabase;
use tollgate::{Paginate, Pagination};

use crate::support::{ByCursor, ByNumber, ByOffset, Item, Seed, pagination, run};

/// A row that may be sorted by columns of both kinds.
#[derive(Clone, Debug, Paginate)]
#[paginate(key = key, sort(a, b, maybe_a, maybe_b), style = cursor)]
struct Row {
    key: i64,
    a: i64,
    b: String,
    maybe_a: Option<i64>,
    maybe_b: Option<String>,
}

fn row(has_a: bool, has_b: bool) -> Row {
    Row {
        key: 1,
        a: 1,
        b: "b".to_owned(),
        maybe_a: has_a.then_some(1),
        maybe_b: has_b.then(|| "b".to_owned()),
    }
}

/// The statement, without what all have in common.
fn text<DB: PageDatabase, T: Paginate>(pagination: &Pagination<T>) -> String {
    let query = pagination.select::<DB>("SELECT ..").and_where(|own| {
        own.push("own = 1");
    });
    let (sql, _) = query.to_sql().unwrap();
    sql.as_str().to_owned()
}

fn tail(pagination: &Pagination<Row>) -> String {
    let (sql, _) = pagination.select::<Sqlite>("SELECT ..").to_sql().unwrap();
    let tail = sql.as_str().strip_prefix("SELECT item.* FROM (SELECT ..\n) AS item ").unwrap();
    tail.replace("item.", "")
}

/// Every order by up to three keys, the last of which is the key of the row, in its own direction or another.
fn orders() -> Vec<String> {
    let (firsts, seconds) = (["a", "-a", "maybe_a", "-maybe_a"], ["b", "-b", "maybe_b", "-maybe_b"]);
    let mut orders = vec![String::new(), "-key".to_owned()];
    orders.extend(firsts.iter().map(|first| (*first).to_owned()));
    orders.extend(
        firsts.iter().flat_map(|first| seconds.iter().map(move |second| format!("{first},{second}"))),
    );
    orders.extend(["a,-key", "-a,key", "maybe_a,-key", "-maybe_a,-b,key"].map(str::to_owned));
    orders
}

/// Forward and backward, from the end and from behind a row, whose values may be absent.
async fn tails(order: &str) -> Vec<String> {
    let sort = if order.is_empty() { String::new() } else { format!("&sort={order}") };
    let first = pagination::<Row>(&format!("/rows?limit=2{sort}")).await;
    let mut tails = vec![format!("first     {}", tail(&first))];
    for (has_a, has_b) in [(true, true), (false, true), (true, false), (false, false)] {
        if (!has_a && !order.contains("maybe_a")) || (!has_b && !order.contains("maybe_b")) {
            continue;
        }
        let rows = || vec![row(has_a, has_b); 3];
        let page = first.page(rows(), Total::Unknown);
        let next = pagination::<Row>(page.links().next().unwrap()).await;
        let page = next.page(rows(), Total::Unknown);
        let back = pagination::<Row>(page.links().prev().unwrap()).await;
        let mark = |has: bool| if has { 'x' } else { '-' };
        tails.push(format!("next {}{}   {}", mark(has_a), mark(has_b), tail(&next)));
        tails.push(format!("back {}{}   {}", mark(has_a), mark(has_b), tail(&back)));
    }
    let page = first.page(vec![row(true, true); 3], Total::Unknown);
    let last = pagination::<Row>(page.links().last().unwrap()).await;
    tails.push(format!("last      {}", tail(&last)));
    tails
}

#[test]
fn every_order_has_its_condition() {
    let mut text = String::new();
    for order in orders() {
        let tails = run(tails(&order)).join("\n  ");
        let order = if order.is_empty() { "(no order)" } else { &order };
        write!(text, "{order}\n  {tails}\n").unwrap();
    }
    insta::assert_snapshot!(text);
}

const HOSTILE: [&str; 9] = [
    "' OR 1=1 --",
    "\"; DROP TABLE airports; --",
    "1) OR (1=1",
    "$1",
    "?1",
    "NULL",
    "\\'",
    "%27%20OR%201=1",
    "\u{2019} OR \u{ff07}1\u{ff07}=1",
];

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02X}").unwrap();
        encoded
    })
}

fn seed(text: &str) -> Seed {
    let country = Some(text.to_owned());
    Seed {
        id: 7,
        name: text.to_owned(),
        elevation: None,
        latitude: 1.0,
        runway: Some(2.0),
        country,
        is_open: true,
    }
}

/// All statements of one style that come of a text: in filters, in rows that cursors are made of, in parameters of nobody.
async fn statements<DB: PageDatabase, T: Item>(hostile: &str) -> Vec<String> {
    let mut statements = Vec::new();
    for sort in ["", "&sort=name", "&sort=-name,country", "&sort=country,-name,id"] {
        for filter in ["", "&name=", "&name=x&country="] {
            let value = if filter.is_empty() { String::new() } else { encoded(hostile) };
            let path = format!("/{0}?{0}={0}&{1}=2{sort}{filter}{value}", encoded(hostile), T::SIZE);
            let asked = pagination::<T>(&path).await;
            statements.push(text::<DB, T>(&asked));
            let page = asked.page(vec![T::from(seed(hostile)); 3], Total::Exact(9));
            let links =
                [page.links().next(), page.links().prev(), page.links().last(), page.links().itself()];
            for link in links.into_iter().flatten() {
                statements.push(text::<DB, T>(&pagination(link).await));
            }
        }
    }
    statements
}

async fn all<DB: PageDatabase>(hostile: &str) -> Vec<String> {
    let mut all = statements::<DB, ByNumber>(hostile).await;
    all.extend(statements::<DB, ByOffset>(hostile).await);
    all.extend(statements::<DB, ByCursor>(hostile).await);
    all
}

#[test]
fn no_text_of_a_client_is_part_of_a_statement() {
    run(async {
        let (of_sqlite, of_postgres) = (all::<Sqlite>("harmless").await, all::<Postgres>("harmless").await);
        assert!(of_sqlite.len() > 100 && of_sqlite.iter().all(|text| !text.contains("harmless")));
        for hostile in HOSTILE {
            assert_eq!(all::<Sqlite>(hostile).await, of_sqlite, "{hostile:?}");
            assert_eq!(all::<Postgres>(hostile).await, of_postgres, "{hostile:?}");
        }
    });
}

#[test]
fn a_statement_is_written_for_its_database() {
    run(async {
        let asked = pagination::<ByNumber>("/airports?page=3&per_page=5&sort=-runway,name&country=FR").await;
        let of_postgres = text::<Postgres, _>(&asked);
        let expected = "SELECT item.* FROM (SELECT ..\n) AS item WHERE (own = 1) AND item.\"country\" = $1 \
                        ORDER BY NULLIF(item.\"runway\", 'NaN') DESC NULLS LAST, item.\"name\", item.\"id\" LIMIT $2 OFFSET $3";
        assert_eq!(of_postgres, expected);
        let of_sqlite =
            expected.replace('$', "?").replace("NULLIF(item.\"runway\", 'NaN')", "item.\"runway\"");
        assert_eq!(text::<Sqlite, _>(&asked), of_sqlite);
    });
}
