//! Values that no column holds, statements and columns that are not simple, and databases that fail.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use sqlx::{FromRow, Pool, Postgres, Row as _, Sqlite, SqlitePool};
use tollgate::pages::Total;
use tollgate::{ApiError, Page, Paginate, Pagination};
use tollgate_tests::Service;

use crate::postgres;
use crate::support::{ALL, ByNumber, Place, pagination, run, sqlite};

/// Numbers that are greater than any of a database.
#[derive(Clone, Debug, PartialEq, Paginate, FromRow)]
#[paginate(key = id, sort(mark), filter(mark), style = cursor)]
struct Marked {
    id: i64,
    #[sqlx(try_from = "i64")]
    mark: u64,
}

const MARKED: &str = "CREATE TABLE marked (id BIGINT PRIMARY KEY, mark BIGINT NOT NULL); INSERT INTO marked VALUES (1, 0), \
                      (2, 9223372036854775807)";

#[test]
fn a_number_that_no_column_holds_is_found_in_no_row() {
    run(async {
        let (sqlite, postgres) = (sqlite().await, postgres::pool("marked").await);
        Sqlite::run(&sqlite, MARKED.to_owned()).await;
        Postgres::run(&postgres, MARKED.to_owned()).await;
        let of_row = |row: sqlx::postgres::PgRow| {
            Ok(Marked { id: row.try_get("id")?, mark: row.try_get::<i64, _>("mark")?.unsigned_abs() })
        };
        for (mark, found) in [(0, 1), (i64::MAX.unsigned_abs(), 1), (1 << 63, 0), (u64::MAX, 0)] {
            let asked = pagination::<Marked>(&format!("/marked?mark={mark}")).await;
            let page = asked.select("SELECT * FROM marked").fetch(&sqlite).await.unwrap();
            assert_eq!(page.data().len(), found, "{mark}");
            let page = asked.select("SELECT * FROM marked").fetch_with(&postgres, of_row).await.unwrap();
            assert_eq!(page.data().len(), found, "{mark}");
        }
        // Nor does a cursor come from such a row, unless the rows were others when it was made.
        let asked = pagination::<Marked>("/marked?limit=1&sort=mark").await;
        let page = asked.page(vec![Marked { id: 3, mark: u64::MAX }; 2], Total::Unknown);
        let asked = pagination::<Marked>(page.links().next().unwrap()).await;
        let page = asked.select("SELECT * FROM marked").fetch(&sqlite).await.unwrap();
        assert_eq!(page.data(), []);
        assert!(
            asked
                .select("SELECT * FROM marked")
                .fetch_with(&postgres, of_row)
                .await
                .unwrap()
                .data()
                .is_empty()
        );
    });
}

#[test]
fn a_text_that_no_column_holds_is_found_in_no_row() {
    run(async {
        let (sqlite, postgres) = (sqlite().await, postgres::pool("nul").await);
        for statement in
            ["CREATE TABLE words (word TEXT PRIMARY KEY)", "INSERT INTO words VALUES ('a'), ('b')"]
        {
            Sqlite::run(&sqlite, statement.to_owned()).await;
            Postgres::run(&postgres, statement.to_owned()).await;
        }
        // A filter is refused before it comes here. A row of SQLite may have such a text.
        let asked = pagination::<Word>("/words?limit=1").await;
        let page = asked.page(vec![Word { word: "a\0".to_owned() }; 2], Total::Unknown);
        let asked = pagination::<Word>(page.links().next().unwrap()).await;
        let page = asked.select("SELECT word FROM words").fetch(&sqlite).await.unwrap();
        assert_eq!(page.into_data(), [Word { word: "b".to_owned() }]);
        let page = asked.select("SELECT word FROM words").fetch(&postgres).await.unwrap();
        assert_eq!(page.data(), []);
    });
}

#[derive(Clone, Debug, PartialEq, Paginate, FromRow)]
#[paginate(key = word, filter(word), style = cursor)]
struct Word {
    word: String,
}

/// Columns of types that texts have to be cast to, or that are called by a word of SQL, or in another table.
#[derive(Clone, Debug, PartialEq, Paginate, FromRow)]
#[paginate(key = id, sort(order, mood), filter(order, mood), style = cursor)]
struct Ticket {
    #[paginate(cast = "uuid")]
    id: String,
    #[paginate(column = "tickets.order", rename = "place")]
    order: i64,
    #[paginate(cast = "mood")]
    mood: Option<String>,
}

const TICKETS: &str = "INSERT INTO tickets VALUES ('00000000-0000-0000-0000-00000000000a', 1, 'sad'),
    ('00000000-0000-0000-0000-000000000002', 1, 'glad'), ('00000000-0000-0000-0000-000000000003', 2, NULL),
    ('00000000-0000-0000-0000-000000000004', 2, 'sad')";

type Item<DB> = fn(<DB as sqlx::Database>::Row) -> Result<Ticket, sqlx::Error>;

async fn walked<DB: Place>(pool: &Pool<DB>, query: &str, statement: &'static str, item: Item<DB>) -> String {
    let (mut seen, mut path) = (String::new(), Some(format!("/tickets?limit=1{query}")));
    while let Some(at) = path {
        let page = pagination::<Ticket>(&at).await.select(statement).fetch_with(pool, item).await.unwrap();
        path = page.links().next().map(str::to_owned);
        seen.extend(page.into_data().iter().map(|ticket| &ticket.id[35..]));
    }
    seen
}

#[test]
fn columns_of_other_types_and_names_are_walked_through() {
    run(async {
        let (sqlite, postgres) = (sqlite().await, postgres::pool("tickets").await);
        let create = "CREATE TABLE tickets (id TEXT PRIMARY KEY, \"order\" BIGINT, mood TEXT)";
        Sqlite::run(&sqlite, format!("{create}; {TICKETS}")).await;
        let create = "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE tickets (id UUID PRIMARY KEY, \"order\" BIGINT, mood MOOD)";
        Postgres::run(&postgres, format!("{create}; {TICKETS}")).await;
        let of_sqlite = "SELECT tickets.id, tickets.\"order\", tickets.mood FROM tickets JOIN tickets other USING (id) \
                         WHERE 1 = 0 OR other.\"order\" > 0 -- all of them";
        let of_postgres =
            "SELECT *, id::text AS id_text, mood::text AS mood_text FROM tickets -- all of them";
        for (query, by_text, by_enum) in [
            ("", "234a", "234a"),
            ("&sort=-id", "a432", "a432"),
            ("&sort=place,-id", "a243", "a243"),
            ("&sort=mood", "24a3", "4a23"),
            ("&sort=-mood,place", "a423", "2a43"),
            ("&place=2&sort=mood", "43", "43"),
            ("&mood=sad", "4a", "4a"),
        ] {
            assert_eq!(
                walked(&sqlite, query, of_sqlite, |row| Ticket::from_row(&row)).await,
                by_text,
                "{query}"
            );
            let item: Item<Postgres> = |row| {
                Ok(Ticket {
                    id: row.try_get("id_text")?,
                    order: row.try_get("order")?,
                    mood: row.try_get("mood_text")?,
                })
            };
            assert_eq!(walked(&postgres, query, of_postgres, item).await, by_enum, "{query}");
        }
    });
}

#[test]
fn placeholders_of_every_kind_are_bound_to_their_values() {
    run(async {
        let pool = sqlite().await;
        Sqlite::run(&pool, MARKED.to_owned()).await;
        for statement in [
            "SELECT * FROM marked WHERE id < ?",
            "SELECT * FROM marked WHERE id < ?1",
            "SELECT * FROM marked WHERE id < $1",
        ] {
            let asked = pagination::<Marked>("/marked?mark=0&limit=1").await;
            let query = asked.select(statement).bind(2_i64).and_where(|own| {
                own.push("id > ").push_bind(-1_i64).push(" AND id <> ").push_bind(7_i64);
            });
            assert_eq!(
                query.fetch(&pool).await.unwrap().into_data(),
                [Marked { id: 1, mark: 0 }],
                "{statement}"
            );
        }
    });
}

/// What cannot be bound.
#[derive(Clone)]
struct Unbindable;

impl sqlx::Type<Sqlite> for Unbindable {
    fn type_info() -> sqlx::sqlite::SqliteTypeInfo {
        <i64 as sqlx::Type<Sqlite>>::type_info()
    }
}

impl sqlx::Encode<'_, Sqlite> for Unbindable {
    fn encode_by_ref(
        &self,
        _: &mut sqlx::sqlite::SqliteArgumentsBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        Err("it cannot be bound".into())
    }
}

#[test]
fn what_goes_wrong_is_an_error_of_the_page() {
    run(async {
        let pool = sqlite().await;
        let asked = pagination::<ByNumber>("/airports").await;
        assert!(
            matches!(asked.select(ALL).fetch(&pool).await, Err(sqlx::Error::Database(_))),
            "there is no table"
        );
        let unbindable = asked.select(ALL).bind(Unbindable).fetch(&pool).await;
        assert!(matches!(unbindable, Err(sqlx::Error::Encode(_))));
        let unbindable = asked.select(ALL).and_where(|own| {
            own.push("id = ").push_bind(Unbindable).push(" OR id = ").push_bind(1_i64);
        });
        assert!(matches!(unbindable.fetch(&pool).await, Err(sqlx::Error::Encode(_))));
        let undecodable = asked.select("SELECT 'text' AS id").fetch(&pool).await;
        assert!(matches!(
            undecodable,
            Err(sqlx::Error::Database(_) | sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnDecode { .. })
        ));
    });
}

#[derive(Debug, thiserror::Error, ApiError)]
enum ListError {
    #[error("the database did not answer: {0}")]
    #[api_error(status = 503, code = "no_database")]
    Database(#[from] sqlx::Error),
}

async fn words(
    State(pool): State<SqlitePool>,
    pagination: Pagination<Word>,
) -> Result<Page<String>, ListError> {
    let most = "y".to_owned();
    let words = pagination.select("SELECT word FROM words").and_where(|own| {
        own.push("word < ").push_bind(&most);
    });
    Ok(words.fetch(&pool).await?.map(|word| word.word))
}

#[test]
fn a_handler_answers_a_page_of_a_database() {
    run(async {
        let pool = sqlite().await;
        Sqlite::run(&pool, "CREATE TABLE words (word TEXT PRIMARY KEY)".to_owned()).await;
        Sqlite::run(&pool, "INSERT INTO words VALUES ('a'), ('b'), ('c'), ('z')".to_owned()).await;
        let service = Service::of(Router::new().route("/words", get(words)).with_state(pool.clone()));
        let first = service.get("/words?limit=2").await;
        assert_eq!(first.json()["data"], serde_json::json!(["a", "b"]), "{first:?}");
        let next = service.get(first.json()["links"]["next"].as_str().unwrap()).await.json();
        assert_eq!(next["data"], serde_json::json!(["c"]));
        assert_eq!(service.get("/words?word=%00").await.status, StatusCode::BAD_REQUEST);
        Sqlite::run(&pool, "DROP TABLE words".to_owned()).await;
        let broken = service.get("/words").await;
        assert_eq!(broken.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!broken.body.contains("no such table"), "{}", broken.body);
    });
}
