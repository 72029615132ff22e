//! What any cache does, wherever it keeps its entries. The numbers are rows of BEHAVIOURS 2.3.

use std::sync::atomic::Ordering;

use super::kit::{ALL_LEVELS, Kit, Levels, SECOND, settle};
use crate::cache::{How, Mark, Terms};

/// Does that on all levels.
async fn on_all<F: Future<Output = ()>>(test: impl Fn(Kit) -> F) {
    for levels in ALL_LEVELS {
        test(Kit::new(levels)).await;
    }
}

#[tokio::test]
async fn row_1_it_is_made_once_for_as_long_as_it_is_fresh() {
    on_all(|kit| async move {
        assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Made));
        settle().await;
        kit.advance(9.999);
        assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Hit));
        kit.advance(1.001);
        assert_eq!(kit.ask("a").await, ("2".to_owned(), How::Made));
        assert_eq!((kit.ask("b").await.0.as_str(), kit.runs()), ("3", 3));
    })
    .await;
}

#[tokio::test]
async fn row_5_what_failed_is_not_kept() {
    on_all(|kit| async move {
        kit.fails.store(true, Ordering::SeqCst);
        for _ in 0..2 {
            assert_eq!(kit.ask("a").await, ("failed".to_owned(), How::Made));
        }
        assert_eq!(kit.runs(), 2);
    })
    .await;
}

#[tokio::test]
async fn rows_7_and_8_something_stale_stands_in_for_what_fails_as_long_as_its_terms_allow() {
    on_all(|mut kit| async move {
        kit.terms = Terms { fresh: SECOND, on_error: 3 * SECOND, ..Terms::default() };
        assert_eq!(kit.ask("a").await.0, "1");
        settle().await;
        kit.fails.store(true, Ordering::SeqCst);
        kit.advance(1.0);
        assert_eq!(kit.ask("a").await, ("1".to_owned(), How::StaleOnError));
        assert_eq!(kit.ask("other").await, ("failed".to_owned(), How::Made), "of no other key");
        kit.advance(3.0);
        assert_eq!(kit.ask("a").await, ("failed".to_owned(), How::Made));
    })
    .await;
}

#[tokio::test]
async fn what_is_strict_stands_in_for_nothing() {
    on_all(|mut kit| async move {
        kit.terms = Terms {
            fresh: SECOND,
            on_error: SECOND,
            while_revalidating: SECOND,
            is_strict: true,
            ..Terms::default()
        };
        kit.ask("a").await;
        settle().await;
        kit.fails.store(true, Ordering::SeqCst);
        kit.advance(1.0);
        assert_eq!(kit.ask("a").await.0, "failed");
    })
    .await;
}

#[tokio::test]
async fn row_9_a_renewal_that_fails_is_told_and_what_is_kept_stays() {
    on_all(|mut kit| async move {
        kit.terms.on_error = 10 * SECOND;
        kit.ask("a").await;
        settle().await;
        kit.fails.store(true, Ordering::SeqCst);
        let work = kit.work();
        let renewed = super::kit::said(kit.cache.renew(kit.question("a"), || work).await);
        assert_eq!(renewed, ("failed".to_owned(), How::Made));
        assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Hit));
    })
    .await;
}

#[tokio::test]
async fn a_renewal_is_made_whatever_is_kept_and_is_what_is_kept_then() {
    on_all(|kit| async move {
        kit.ask("a").await;
        settle().await;
        let work = kit.work();
        let renewed = super::kit::said(kit.cache.renew(kit.question("a"), || work).await);
        assert_eq!(renewed, ("2".to_owned(), How::Made));
        settle().await;
        assert_eq!(kit.ask("a").await, ("2".to_owned(), How::Hit));
    })
    .await;
}

#[tokio::test]
async fn stale_is_given_while_it_is_made_anew_once() {
    on_all(|mut kit| async move {
        kit.terms = Terms { fresh: SECOND, while_revalidating: 5 * SECOND, ..Terms::default() };
        kit.ask("a").await;
        settle().await;
        kit.advance(1.0);
        assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Stale));
        if kit.has_memory {
            // Without memory they wait for what is under way.
            assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Stale));
        }
        settle().await;
        assert_eq!((kit.ask("a").await, kit.runs()), (("2".to_owned(), How::Hit), 2));
        settle().await;
        kit.advance(6.0);
        assert_eq!(kit.ask("a").await, ("3".to_owned(), How::Made), "too old to be of use");
    })
    .await;
}

#[tokio::test]
async fn rows_23_and_25_hits_do_not_keep_an_entry_alive_and_one_that_has_ended_is_no_hit() {
    on_all(|kit| async move {
        kit.ask("a").await;
        settle().await;
        for _ in 0..19 {
            kit.advance(0.5);
            assert_eq!(kit.ask("a").await.1, How::Hit);
        }
        kit.advance(0.5);
        assert_eq!(kit.ask("a").await.1, How::Made);
    })
    .await;
}

#[tokio::test]
async fn what_is_thrown_away_is_made_anew_and_nothing_else() {
    on_all(|kit| async move {
        for key in ["a", "b"] {
            kit.ask(key).await;
        }
        settle().await;
        kit.invalidate(&[Mark::key("a")]).await;
        assert_eq!(kit.ask("a").await.1, How::Made);
        assert_eq!(kit.ask("b").await.1, How::Hit);
        settle().await;
        for mark in [Mark::site("test::site"), Mark::ALL] {
            kit.invalidate(&[mark]).await;
            for key in ["a", "b"] {
                assert_eq!(kit.ask(key).await.1, How::Made);
            }
            settle().await;
        }
    })
    .await;
}

#[tokio::test]
async fn row_28_throwing_everything_away_does_not_count_as_anything_else() {
    let kit = Kit::new(Levels::Memory);
    kit.ask("a").await;
    kit.invalidate(&[Mark::ALL]).await;
    assert!(kit.cache.get(b"a", crate::core::Moment::ORIGIN).is_none());
    assert!(kit.cache.peek(b"a", crate::core::Moment::ORIGIN).is_none());
    assert_eq!(kit.cache.store_errors(), 0);
}
