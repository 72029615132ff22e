//! What any shared store does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::super::called::Called;
use super::super::remote::{Forced, Heard, MOST_NODES, Node, Order, Remote};
use crate::core::Sleep;

/// One store, as two processes see it, with nothing of anybody else's in it.
pub(crate) struct Place {
    pub(crate) one: Arc<dyn Remote>,
    pub(crate) other: Arc<dyn Remote>,
    /// Lets that much of the store's time pass.
    pub(crate) pass: Box<dyn Fn(Duration) -> Sleep + Send + Sync>,
}

/// Far enough away that no test sees its end.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(50);

static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// A name that no other test has, with everything in it that some protocol might trip over.
fn name() -> Called {
    let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
    Called::site(&format!("site*[?]::{{x}} \u{e4}\r\n'\"\0:%{number}"), None)
}

#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<Heard>>>);

impl Ear {
    fn at(remote: &dyn Remote) -> Self {
        let ear = Self::default();
        let own = ear.clone();
        remote.listen(Box::new(move |heard| own.all(|all| all.push(heard.clone()))));
        ear
    }

    fn all<T>(&self, look: impl FnOnce(&mut Vec<Heard>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn has(&self, is_it: impl Fn(&Heard) -> bool) -> bool {
        self.all(|all| all.iter().any(is_it))
    }
}

impl Place {
    /// Everything, one after another.
    pub(crate) async fn all(&self) {
        let ears = [Ear::at(&*self.one), Ear::at(&*self.other)];
        for ear in &ears {
            self.until("hearing begins", || ear.has(|heard| *heard == Heard::Missed)).await;
        }
        self.who_is_open_is_known_to_all_until_it_ends().await;
        self.who_closes_is_not_open_any_more().await;
        self.so_many_processes_are_told_and_the_longest_first().await;
        self.the_latest_order_stands_for_all().await;
        self.an_order_is_later_than_what_was_known().await;
        self.what_was_lost_is_put_back_and_nothing_later_is_overwritten().await;
        self.everybody_hears_everything(&ears).await;
    }

    async fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        for _ in 0..400 {
            if is_so() {
                return;
            }
            (self.pass)(SHORT / 2).await;
        }
        panic!("{what}: it never comes");
    }

    async fn nodes(&self, called: &Called) -> Vec<Node> {
        let [one, other] = [&self.one, &self.other].map(|remote| async {
            let openings = remote.openings(called).await.unwrap();
            assert!(openings.iter().all(|(_, left)| *left <= LONG));
            openings.into_iter().map(|(node, _)| node).collect::<Vec<_>>()
        });
        let (one, other) = (one.await, other.await);
        assert_eq!(one, other, "both processes see the same");
        one
    }

    async fn order_for(&self, called: &Called) -> Option<Order> {
        let orders = self.other.orders().await.unwrap();
        orders.into_iter().find(|(of, _)| of == called).map(|(_, order)| order)
    }

    async fn who_is_open_is_known_to_all_until_it_ends(&self) {
        let (called, own) = (name(), name());
        self.one.opened(&called, Node(1), LONG).await.unwrap();
        self.other.opened(&called, Node(u64::MAX), SHORT).await.unwrap();
        self.one.opened(&own, Node(1), SHORT).await.unwrap();
        assert_eq!(self.nodes(&called).await.first(), Some(&Node(1)));
        (self.pass)(SHORT * 2).await;
        assert_eq!(self.nodes(&called).await, [Node(1)]);
        assert_eq!(self.nodes(&own).await, []);
    }

    async fn who_closes_is_not_open_any_more(&self) {
        let called = name();
        for node in [1, 2] {
            self.one.opened(&called, Node(node), LONG).await.unwrap();
        }
        self.other.closed(&called, Node(1)).await.unwrap();
        self.other.closed(&called, Node(7)).await.unwrap();
        assert_eq!(self.nodes(&called).await, [Node(2)]);
        self.other.closed(&name(), Node(1)).await.unwrap();
    }

    async fn so_many_processes_are_told_and_the_longest_first(&self) {
        let called = name();
        for node in 0..u64::try_from(MOST_NODES).unwrap() + 8 {
            let left = LONG / 2 + Duration::from_millis(100) * u32::try_from(node).unwrap();
            self.one.opened(&called, Node(node), left).await.unwrap();
        }
        let expected: Vec<_> = (8..u64::try_from(MOST_NODES).unwrap() + 8).rev().map(Node).collect();
        assert_eq!(self.nodes(&called).await, expected);
    }

    async fn the_latest_order_stands_for_all(&self) {
        let called = name();
        assert_eq!(self.order_for(&called).await, None);
        let mut latest = 0;
        for forced in [Forced::Open, Forced::Closed, Forced::Not, Forced::Open] {
            for remote in [&self.one, &self.other] {
                let order = remote.force(&called, forced, 0).await.unwrap();
                assert!(order.stamp > latest && order.forced == forced);
                assert_eq!(self.order_for(&called).await, Some(order));
                latest = order.stamp;
            }
        }
    }

    async fn an_order_is_later_than_what_was_known(&self) {
        let known = 8_000_000_000_000_000;
        let order = self.one.force(&name(), Forced::Open, known).await.unwrap();
        assert_eq!(order.stamp, known + 1);
    }

    async fn what_was_lost_is_put_back_and_nothing_later_is_overwritten(&self) {
        let called = name();
        let early = Order { stamp: 7, forced: Forced::Closed };
        self.one.restore(&called, early).await.unwrap();
        assert_eq!(self.order_for(&called).await, Some(early));
        let late = self.one.force(&called, Forced::Open, 0).await.unwrap();
        self.one.restore(&called, early).await.unwrap();
        self.one.restore(&called, Order { forced: Forced::Not, ..late }).await.unwrap();
        assert_eq!(self.order_for(&called).await, Some(late));
    }

    async fn everybody_hears_everything(&self, ears: &[Ear]) {
        let called = name();
        self.one.opened(&called, Node(7), LONG).await.unwrap();
        self.one.opened(&called, Node(8), LONG / 2).await.unwrap();
        let order = self.other.force(&called, Forced::Open, 0).await.unwrap();
        for ear in ears {
            let both = |heard: &Heard| match heard {
                Heard::Opened(of, openings) => {
                    *of == called && openings.iter().map(|(node, _)| node.0).eq([7, 8])
                }
                _ => false,
            };
            self.until("an opening", || ear.has(both)).await;
            self.until("an order", || ear.has(|heard| *heard == Heard::Forced(called.clone(), order))).await;
        }
    }
}
