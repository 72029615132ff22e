//! What any shared store does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::cache::remote::{Found, Heard, Remote, Version};
use crate::cache::{Mark, Terms};
use crate::core::Sleep;

/// One store, as two processes see it, with nothing of anybody else's in it. Whoever tests a real server gives it a prefix of its own.
pub(crate) struct Place {
    pub(crate) one: Arc<dyn Remote>,
    pub(crate) other: Arc<dyn Remote>,
    /// Lets that much of the store's time pass.
    pub(crate) pass: Box<dyn Fn(Duration) -> Sleep + Send + Sync>,
}

const MILLISECOND: u64 = 1_000_000;
/// Far enough away that no test sees its end.
const LONG: u64 = 60_000 * MILLISECOND;

static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// A name that no other test has, with everything in it that some protocol might trip over.
fn name() -> String {
    format!("site*[?]::{{x}} \u{e4}\r\n'\"\0:{}", NUMBERS.fetch_add(1, Ordering::Relaxed))
}

fn mark() -> Mark {
    Mark::tag(&name())
}

fn found(payload: &[u8], fresh: u64) -> Found {
    Found { terms: Terms { fresh, ..Terms::default() }, for_nanos: 0, payload: payload.to_vec() }
}

impl Place {
    /// Everything, one after another. It throws everything away now and then.
    pub(crate) async fn all(&self) {
        self.what_is_kept_is_found_by_all().await;
        self.what_is_kept_takes_the_place_of_what_was().await;
        self.any_bytes_come_back_as_they_were().await;
        self.what_is_thrown_away_is_gone_for_all_and_nothing_else().await;
        self.everything_has_the_mark_of_all().await;
        self.what_was_begun_before_a_purge_is_never_found().await;
        self.a_mark_never_stands_where_it_stood().await;
        self.an_entry_grows_old_and_ends().await;
        self.what_is_of_no_use_is_not_found().await;
        self.one_has_the_lease_until_it_gives_it_back_or_it_ends().await;
        self.others_hear_what_is_thrown_away().await;
    }

    async fn versions(&self, marks: &[Mark]) -> Vec<(Mark, Version)> {
        let looked = self.one.look(&name(), marks).await.unwrap();
        assert_eq!(looked.versions.len(), marks.len());
        marks.iter().copied().zip(looked.versions).collect()
    }

    /// Keeps something with these marks, and tells by what name.
    async fn kept(&self, payload: &[u8], marks: &[Mark]) -> String {
        let name = name();
        let versions = self.versions(marks).await;
        self.one.keep(&name, &found(payload, LONG), &versions).await.unwrap();
        name
    }

    async fn payload(&self, name: &str, marks: &[Mark]) -> Option<Vec<u8>> {
        let seen = [&self.one, &self.other].map(|remote| async {
            let looked = remote.look(name, marks).await.unwrap();
            assert_eq!(looked.versions.len(), marks.len());
            looked.found.map(|found| found.payload)
        });
        let [one, other] = seen;
        let (one, other) = (one.await, other.await);
        assert_eq!(one, other, "both processes see the same");
        one
    }

    async fn what_is_kept_is_found_by_all(&self) {
        let (name, marks) = (name(), [Mark::ALL, mark()]);
        let looked = self.one.look(&name, &marks).await.unwrap();
        assert!(looked.found.is_none());
        let versions: Vec<_> = marks.into_iter().zip(looked.versions).collect();
        let terms = Terms {
            initial_age: 3,
            fresh: LONG,
            while_revalidating: 2 * LONG,
            on_error: 3 * LONG,
            is_strict: false,
        };
        let found = Found { terms, for_nanos: 0, payload: b"payload".to_vec() };
        self.one.keep(&name, &found, &versions).await.unwrap();
        for remote in [&self.one, &self.other] {
            let seen = remote.look(&name, &marks).await.unwrap().found.unwrap();
            assert_eq!((seen.terms, &seen.payload[..]), (terms, &b"payload"[..]));
            assert!(seen.for_nanos < LONG);
        }
    }

    async fn what_is_kept_takes_the_place_of_what_was(&self) {
        let marks = [Mark::ALL, mark()];
        let name = self.kept(b"first", &marks).await;
        let versions = self.versions(&marks).await;
        self.other.keep(&name, &found(b"second", LONG), &versions).await.unwrap();
        assert_eq!(self.payload(&name, &marks).await.as_deref(), Some(&b"second"[..]));
    }

    async fn any_bytes_come_back_as_they_were(&self) {
        let all: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
        for payload in [&b""[..], b"\0", b"\r\n$-1\r\n", &all] {
            let name = self.kept(payload, &[Mark::ALL]).await;
            assert!(self.payload(&name, &[Mark::ALL]).await.as_deref() == Some(payload));
        }
    }

    async fn what_is_thrown_away_is_gone_for_all_and_nothing_else(&self) {
        let (gone, stays) = (mark(), mark());
        let first = self.kept(b"first", &[Mark::ALL, gone, stays]).await;
        let second = self.kept(b"second", &[Mark::ALL, stays]).await;
        self.other.invalidate(&[gone, mark()]).await.unwrap();
        assert_eq!(self.payload(&first, &[Mark::ALL, gone, stays]).await, None);
        assert!(self.payload(&second, &[Mark::ALL, stays]).await.is_some());
        let again = self.kept(b"third", &[Mark::ALL, gone]).await;
        assert!(self.payload(&again, &[Mark::ALL, gone]).await.is_some(), "what is made later stays");
    }

    async fn everything_has_the_mark_of_all(&self) {
        let tag = mark();
        let name = self.kept(b"first", &[Mark::ALL, tag]).await;
        self.one.invalidate(&[Mark::ALL]).await.unwrap();
        assert_eq!(self.payload(&name, &[Mark::ALL, tag]).await, None);
    }

    async fn what_was_begun_before_a_purge_is_never_found(&self) {
        let (name, marks) = (name(), [Mark::ALL, mark()]);
        let before = self.versions(&marks).await;
        self.other.invalidate(&marks[1..]).await.unwrap();
        self.one.keep(&name, &found(b"old", LONG), &before).await.unwrap();
        assert_eq!(self.payload(&name, &marks).await, None);
    }

    async fn a_mark_never_stands_where_it_stood(&self) {
        let mark = mark();
        let mut stood = vec![self.versions(&[mark]).await[0].1];
        assert_eq!(self.versions(&[mark]).await[0].1, stood[0], "looking changes nothing");
        for _ in 0..8 {
            self.other.invalidate(&[mark]).await.unwrap();
            let now = self.versions(&[mark]).await[0].1;
            assert!(!stood.contains(&now));
            stood.push(now);
        }
    }

    async fn an_entry_grows_old_and_ends(&self) {
        let (name, marks) = (name(), [Mark::ALL]);
        let versions = self.versions(&marks).await;
        let terms = Terms {
            initial_age: 1_000 * MILLISECOND,
            fresh: 1_100 * MILLISECOND,
            on_error: 300 * MILLISECOND,
            ..Terms::default()
        };
        let kept = Found { terms, for_nanos: 0, payload: b"a".to_vec() };
        self.one.keep(&name, &kept, &versions).await.unwrap();
        (self.pass)(Duration::from_millis(150)).await;
        let seen = self.other.look(&name, &marks).await.unwrap().found.unwrap();
        assert!(seen.for_nanos >= 140 * MILLISECOND, "{seen:?}");
        assert_eq!(seen.terms, terms, "its age is told apart from its terms");
        (self.pass)(Duration::from_millis(300)).await;
        assert_eq!(self.payload(&name, &marks).await, None, "400 ms are over");
    }

    async fn what_is_of_no_use_is_not_found(&self) {
        let (name, marks) = (name(), [Mark::ALL]);
        let versions = self.versions(&marks).await;
        self.one.keep(&name, &found(b"a", 0), &versions).await.unwrap();
        assert_eq!(self.payload(&name, &marks).await, None);
    }

    async fn one_has_the_lease_until_it_gives_it_back_or_it_ends(&self) {
        let (name, long) = (name(), Duration::from_nanos(LONG));
        assert!(self.one.lease(&name, 1, long).await.unwrap());
        assert!(!self.other.lease(&name, 2, long).await.unwrap());
        self.other.release(&name, 2).await.unwrap();
        assert!(!self.other.lease(&name, 2, long).await.unwrap(), "a foreign token gives nothing back");
        self.one.release(&name, 1).await.unwrap();
        assert!(self.other.lease(&name, 2, Duration::from_millis(100)).await.unwrap());
        assert!(!self.one.lease(&name, 3, long).await.unwrap());
        (self.pass)(Duration::from_millis(200)).await;
        assert!(self.one.lease(&name, 3, long).await.unwrap(), "it has ended");
        self.other.release(&name, 2).await.unwrap();
        assert!(!self.other.lease(&name, 4, long).await.unwrap(), "whose it was gives back nobody else's");
    }

    async fn others_hear_what_is_thrown_away(&self) {
        let told: Arc<std::sync::Mutex<Vec<Mark>>> = Arc::default();
        let tells = Arc::clone(&told);
        self.other.listen(Box::new(move |message| {
            if let Heard::Invalidated(marks) = message {
                tells.lock().unwrap().extend(marks);
            }
        }));
        // Whoever begins to listen may miss what is thrown away just then.
        for _ in 0..100 {
            let (first, second) = (mark(), mark());
            self.one.invalidate(&[first, second]).await.unwrap();
            (self.pass)(Duration::from_millis(50)).await;
            let told = told.lock().unwrap();
            if told.contains(&first) && told.contains(&second) {
                return;
            }
        }
        panic!("nothing was heard");
    }
}
