//! How many rows there are: counted, told by the page itself, estimated, or not known.

use sqlx::Sqlite;
use tollgate::pages::{PageMeta, Total};

use crate::postgres;
use crate::support::{ALL, ByCursor, ByNumber, ByOffset, Place, Seed, fill, page, pagination, run, sqlite};

fn seeds(count: i64) -> Vec<Seed> {
    let seed = |id: i64| Seed {
        id,
        name: format!("{id:05}"),
        elevation: None,
        latitude: 0.0,
        runway: None,
        country: Some(["FR", "DE"][usize::from(id % 2 == 0)].to_owned()),
        is_open: true,
    };
    (0..count).map(seed).collect()
}

#[test]
fn all_pages_tell_the_same_total() {
    run(async {
        let pool = sqlite().await;
        fill(&pool, &seeds(23)).await;
        for (path, total) in [
            ("/airports?per_page=5", 23),
            ("/airports?per_page=23", 23),
            ("/airports?per_page=5&page=5", 23),
            ("/airports?per_page=23&page=2", 23),
            ("/airports?per_page=5&page=9", 23),
            ("/airports?per_page=5&page=9&country=FR", 11),
            ("/airports?per_page=5&page=3&country=FR", 11),
            ("/airports?per_page=5&country=IT", 0),
            ("/airports?per_page=5&page=2&country=IT", 0),
        ] {
            let page = page::<Sqlite, ByNumber>(&pool, path).await;
            assert_eq!(page.meta().total(), Total::Exact(total), "{path}");
        }
        let page = page::<Sqlite, ByOffset>(&pool, "/airports?limit=5&offset=20").await;
        assert_eq!((page.data().len(), page.meta().total()), (3, Total::Exact(23)));
    });
}

#[test]
fn own_conditions_count() {
    run(async {
        let pool = postgres::pool("totals").await;
        fill(&pool, &seeds(23)).await;
        let asked = pagination::<ByNumber>("/airports?per_page=5&country=FR").await;
        let names = ("00004".to_owned(), "00010".to_owned());
        let page = asked
            .select("SELECT * FROM airports WHERE id < $1")
            .bind(20_i64)
            .and_where(|own| {
                own.push("name < ").push_bind(&names.0).push(" OR name > ").push_bind(&names.1);
            })
            .and_where(|_| ())
            .fetch(&pool)
            .await
            .unwrap();
        assert_eq!(page.data().len(), 5);
        assert_eq!(page.meta().total(), Total::Exact(7), "1, 3, 11, 13, 15, 17, 19");
    });
}

#[test]
fn nobody_counts_where_nobody_needs_to() {
    run(async {
        let pool = sqlite().await;
        fill(&pool, &seeds(23)).await;
        // Whoever counts sees this: the rows are limited, their number is not.
        let expensive =
            "SELECT *, CASE WHEN id >= 8 THEN abs(-9223372036854775808) ELSE 0 END AS trap FROM airports";
        let trapped = pagination::<ByNumber>("/airports?per_page=5").await;
        let counted = trapped.select::<Sqlite>(expensive).and_where(|own| {
            own.push("trap = 0");
        });
        assert!(counted.fetch(&pool).await.is_err(), "the trap works");
        let uncounted = |asked: &'static str| async move { pagination::<ByNumber>(asked).await };
        for (total, expected) in
            [(Total::Unknown, None), (Total::Estimate(1_000), Some(1_000)), (Total::Exact(23), Some(23))]
        {
            let asked = uncounted("/airports?per_page=5").await;
            let query = asked.select(expensive).with_total(total).and_where(|own| {
                own.push("trap = 0");
            });
            let page = query.fetch(&pool).await.unwrap();
            assert_eq!((page.data().len(), page.meta().total()), (5, total));
            assert_eq!(page.meta().total().number(), expected);
            assert_eq!(page.links().last().is_some(), matches!(total, Total::Exact(_)));
            assert!(page.links().next().is_some());
        }
        let asked = uncounted("/airports?per_page=5").await.without_total();
        let page = asked.select(ALL).fetch(&pool).await.unwrap();
        assert_eq!(page.meta().total(), Total::Unknown);
        let page = uncounted("/airports").await.select(ALL).without_total().fetch(&pool).await.unwrap();
        assert_eq!(page.meta().total(), Total::Unknown);
        let by_cursor = pagination::<ByCursor>("/airports?limit=5").await;
        let page = by_cursor.select(expensive).and_where(|own| {
            own.push("trap = 0");
        });
        let page = page.fetch(&pool).await.unwrap();
        assert!(matches!(page.meta(), PageMeta::Cursor { limit: 5, .. }));
        assert_eq!(page.data().len(), 5);
    });
}

#[test]
fn one_transaction_sees_the_same_rows_twice() {
    run(async {
        let pool = sqlite().await;
        fill(&pool, &seeds(9)).await;
        let mut transaction = pool.begin().await.unwrap();
        let asked = pagination::<ByNumber>("/airports?per_page=5").await;
        let page = asked.select(ALL).fetch(&mut *transaction).await.unwrap();
        assert_eq!(page.meta().total(), Total::Exact(9));
        transaction.rollback().await.unwrap();
        Sqlite::run(&pool, "DELETE FROM airports WHERE id > 1".to_owned()).await;
        let mut connection = pool.acquire().await.unwrap();
        let page = asked.select(ALL).fetch(&mut *connection).await.unwrap();
        assert_eq!(page.meta().total(), Total::Exact(2));
    });
}
