//! What planners make of the statements: by an index, from where the page begins.

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, FromRow, Pool, Postgres, Row as _, SqlStr, Sqlite};
use tollgate::Paginate;

use crate::postgres;
use crate::support::{ALL, ByCursor, Place, Seed, fill, page, pagination, run, sqlite};

const ROWS: i64 = 5_000;

fn seeds() -> Vec<Seed> {
    let seed = |number: i64| Seed {
        id: number * 7_919 % ROWS,
        name: format!("{:05}", number * 3_571 % ROWS),
        elevation: (number % 4 > 0).then(|| i32::try_from(number % 1_000).unwrap()),
        latitude: 0.0,
        runway: None,
        country: None,
        is_open: true,
    };
    (0..ROWS).map(seed).collect()
}

const INDEXES: &str = "CREATE INDEX by_name ON airports (name, id);
    CREATE INDEX by_elevation ON airports (elevation, id)";

/// The second page of an order, or the one before the last.
async fn second<DB: Place>(pool: &Pool<DB>, sort: &str, is_back: bool) -> String
where
    ByCursor: for<'r> FromRow<'r, DB::Row>,
{
    let first = page::<DB, ByCursor>(pool, &format!("/airports?sort={sort}")).await;
    if !is_back {
        return first.links().next().unwrap().to_owned();
    }
    let last = page::<DB, ByCursor>(pool, first.links().last().unwrap()).await;
    last.links().prev().unwrap().to_owned()
}

async fn in_sqlite(pool: &Pool<Sqlite>, sort: &str, is_back: bool) -> String {
    let asked = pagination::<ByCursor>(&second(pool, sort, is_back).await).await;
    let (sql, arguments) = asked.select::<Sqlite>(ALL).to_sql().unwrap();
    explained_by_sqlite(pool, sql, arguments).await
}

async fn explained_by_sqlite(pool: &Pool<Sqlite>, sql: SqlStr, arguments: SqliteArguments) -> String {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.as_str()));
    let rows = sqlx::query_with(explain, arguments).fetch_all(pool).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("; ")
}

async fn in_postgres(pool: &Pool<Postgres>, sort: &str, is_back: bool) -> String {
    let asked = pagination::<ByCursor>(&second(pool, sort, is_back).await).await;
    let (sql, arguments) = asked.select::<Postgres>(ALL).to_sql().unwrap();
    explained_by_postgres(pool, sql, arguments).await
}

async fn explained_by_postgres(pool: &Pool<Postgres>, sql: SqlStr, arguments: PgArguments) -> String {
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) {}", sql.as_str()));
    let rows = sqlx::query_with(explain, arguments).fetch_all(pool).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0).trim().to_owned()).collect::<Vec<_>>().join("; ")
}

/// Both databases with these rows and indexes.
async fn databases(schema: &str) -> (Pool<Sqlite>, Pool<Postgres>) {
    let (sqlite, postgres) = (sqlite().await, postgres::pool(schema).await);
    fill(&sqlite, &seeds()).await;
    Sqlite::run(&sqlite, format!("{INDEXES}; ANALYZE airports")).await;
    fill(&postgres, &seeds()).await;
    Postgres::run(&postgres, format!("{INDEXES}; ANALYZE airports")).await;
    (sqlite, postgres)
}

#[test]
fn where_an_index_serves_planners_use_it_from_where_the_page_begins() {
    run(async {
        let (sqlite, postgres) = databases("plans").await;
        // One comparison of rows, and nothing to sort.
        for (sort, is_back, of_sqlite, of_postgres) in [
            ("id", false, "rowid>?", "id > "),
            ("id", true, "rowid<?", "id < "),
            ("-id", false, "rowid<?", "id < "),
            ("name", false, "name>?", "ROW(name, id) > "),
            ("name", true, "name<?", "ROW(name, id) < "),
            ("-name", false, "name<?", "ROW(name, id) < "),
            ("-name", true, "name>?", "ROW(name, id) > "),
        ] {
            let plan = in_sqlite(&sqlite, sort, is_back).await;
            assert!(
                plan.starts_with("SEARCH airports") && plan.ends_with(&format!("({of_sqlite})")),
                "{sort}: {plan}"
            );
            let plan = in_postgres(&postgres, sort, is_back).await;
            assert!(plan.contains(&format!("Index Cond: ({of_postgres}")), "{sort}: {plan}");
            assert!(!plan.contains("Sort") && !plan.contains("Filter"), "{sort}: {plan}");
        }
        // The expansion: rows of one name are sorted among themselves.
        for (sort, is_back, of_sqlite, of_postgres) in [
            ("name,-id", false, "(name>?)", "Index Cond: (name >= "),
            ("name,-id", true, "(name<?)", "Index Cond: (name <= "),
            ("-name,id", false, "(name<?)", "Index Cond: (name <= "),
            ("-name,id", true, "(name>?)", "Index Cond: (name >= "),
        ] {
            let plan = in_sqlite(&sqlite, sort, is_back).await;
            let expected = format!(
                "SEARCH airports USING INDEX by_name {of_sqlite}; USE TEMP B-TREE FOR LAST TERM OF ORDER BY"
            );
            assert_eq!(plan, expected, "{sort}");
            let plan = in_postgres(&postgres, sort, is_back).await;
            assert!(
                plan.contains(of_postgres) && plan.contains("Presorted Key: airports.name"),
                "{sort}: {plan}"
            );
        }
    });
}

#[test]
fn an_index_spares_columns_that_may_be_null_the_sorting() {
    run(async {
        let (sqlite, postgres) = databases("plans_of_null").await;
        let index =
            "CREATE INDEX downward ON airports (elevation DESC NULLS LAST, id DESC); ANALYZE airports";
        Postgres::run(&postgres, index.to_owned()).await;
        for (sort, index) in [("elevation", "by_elevation"), ("-elevation", "downward")] {
            for is_back in [false, true] {
                let plan = in_sqlite(&sqlite, sort, is_back).await;
                assert_eq!(plan, "SCAN airports USING INDEX by_elevation", "{sort}");
                let plan = in_postgres(&postgres, sort, is_back).await;
                assert!(plan.contains(&format!("using {index}")) && !plan.contains("Sort"), "{sort}: {plan}");
            }
        }
    });
}

/// A row whose absent elevation the database gives a value.
#[derive(Paginate, FromRow)]
#[paginate(key = id, sort(elevation), style = cursor)]
struct Valued {
    id: i64,
    elevation: i32,
}

#[test]
fn a_generated_column_in_the_place_of_one_that_may_be_null_is_served_by_an_index() {
    const STATEMENT: &str = "SELECT id, known AS elevation FROM airports";
    let column = |kind: &str| {
        format!(
            "ALTER TABLE airports ADD COLUMN known INTEGER GENERATED ALWAYS AS (coalesce(elevation, -1000)) {kind};
             CREATE INDEX valued ON airports (known, id); ANALYZE airports"
        )
    };
    run(async {
        let (sqlite, postgres) = databases("valued").await;
        Sqlite::run(&sqlite, column("VIRTUAL")).await;
        Postgres::run(&postgres, column("STORED")).await;
        for sort in ["elevation", "-elevation"] {
            let asked = pagination::<Valued>(&format!("/airports?sort={sort}")).await;
            let page = asked.select(STATEMENT).fetch(&sqlite).await.unwrap();
            let next = pagination::<Valued>(page.links().next().unwrap()).await;
            let (sql, arguments) = next.select::<Sqlite>(STATEMENT).to_sql().unwrap();
            let plan = explained_by_sqlite(&sqlite, sql, arguments).await;
            assert!(
                plan.starts_with("SEARCH airports USING INDEX valued") && !plan.contains("TEMP"),
                "{plan}"
            );
            let (sql, arguments) = next.select::<Postgres>(STATEMENT).to_sql().unwrap();
            let plan = explained_by_postgres(&postgres, sql, arguments).await;
            assert!(plan.contains("using valued") && plan.contains("Index Cond: (ROW("), "{plan}");
        }
    });
}
