//! A shared store in memory that can be switched away, holds replies back and counts its calls; and a clock moved by hand.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::super::super::engine::{Charge, Standing};
use super::super::super::memory::Memory;
use super::super::super::policy::Rate;
use super::super::super::remote::{Remote, RemoteDecision, Reply};
use super::super::super::store::{Ask, Ruling, Scope, Store, Unavailable};
use super::super::{How, Limits, Settled};
use crate::core::{Clock, Key, Moment, Sleep};

pub(super) const SECOND: u64 = 1_000_000_000;
pub(super) const MINUTE: u64 = 60 * SECOND;

pub(super) const FIVE_A_MINUTE: &[Rate] = &[Rate::new("default", 5, MINUTE)];
pub(super) const HUNDRED_A_MINUTE: &[Rate] = &[Rate::new("default", 100, MINUTE)];

/// A clock that is set by hand.
#[derive(Debug, Default)]
pub(super) struct ByHand(AtomicU64);

impl ByHand {
    pub(super) fn advance(&self, nanos: u64) {
        self.0.fetch_add(nanos, Ordering::SeqCst);
    }
}

impl Clock for ByHand {
    fn now(&self) -> Moment {
        Moment::from_nanos(self.0.load(Ordering::SeqCst))
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep_until(&self, _: Moment) -> Sleep {
        Box::pin(std::future::pending())
    }
}

/// The store.
#[derive(Debug)]
pub(super) struct Fake {
    budgets: Mutex<Memory>,
    clock: Arc<ByHand>,
    calls: AtomicU64,
    away: AtomicBool,
    nonsense: AtomicBool,
    /// Replies are held back until they are released.
    holds: AtomicBool,
    held: Mutex<Vec<oneshot::Sender<()>>>,
    /// When it granted how many permits.
    granted: Mutex<Vec<(u64, u64)>>,
}

impl Fake {
    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    /// Whether it answers.
    pub(super) fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    /// It answers with nothing at all.
    pub(super) fn talk_nonsense(&self) {
        self.nonsense.store(true, Ordering::SeqCst);
    }

    /// From now on replies are held back, or not.
    pub(super) fn hold(&self, holds: bool) {
        self.holds.store(holds, Ordering::SeqCst);
    }

    /// Sends the reply that was held back as the `place`-th of those that are left.
    pub(super) fn release(&self, place: usize) {
        let _ = self.held.lock().unwrap().remove(place).send(());
    }

    /// How many replies are held back.
    pub(super) fn held(&self) -> usize {
        self.held.lock().unwrap().len()
    }

    /// As if it had been started anew.
    pub(super) fn come_back_empty(&self) {
        *self.budgets.lock().unwrap() = Memory::new(10_000);
        self.set_away(false);
    }

    /// How many permits of a key are left.
    pub(super) fn left(&self, ask: &Ask<'_>) -> u32 {
        self.budgets.lock().unwrap().read(std::slice::from_ref(ask), self.clock.now())[0].remaining
    }

    /// When it granted how many permits.
    pub(super) fn granted(&self) -> Vec<(u64, u64)> {
        self.granted.lock().unwrap().clone()
    }

    /// Spends permits as another process would.
    pub(super) fn spend_elsewhere(&self, ask: &Ask<'_>, times: u32) {
        for _ in 0..times {
            let _ = self.budgets.lock().unwrap().decide(std::slice::from_ref(ask), self.clock.now());
        }
    }

    /// Counts the call, does what is asked, and replies when it may.
    async fn answer<T>(&self, work: impl FnOnce(&Memory, Moment) -> T) -> Result<T, Unavailable> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err(Unavailable);
        }
        let done = work(&self.budgets.lock().unwrap(), self.clock.now());
        if self.holds.load(Ordering::SeqCst) {
            let (release, released) = oneshot::channel();
            self.held.lock().unwrap().push(release);
            released.await.map_err(|_| Unavailable)?;
        }
        Ok(done)
    }
}

fn decided(budgets: &Memory, asks: &[Ask<'_>], now: Moment) -> RemoteDecision {
    let mut asks = asks.to_vec();
    if let [ask] = &mut asks[..] {
        let left = budgets.read(std::slice::from_ref(ask), now).iter().map(|at| at.remaining).min();
        ask.cost = ask.cost.max(ask.lease.min(left.unwrap()));
    }
    let rulings = budgets.decide(&asks, now).unwrap();
    let granted = if rulings.iter().all(Ruling::fits) { asks[0].cost } else { 0 };
    let rates = asks.iter().flat_map(|ask| ask.rates);
    let told =
        rates.zip(rulings).map(|(rate, ruling)| Ruling::told(ruling.verdict, ruling.standing(rate, now)));
    RemoteDecision { rulings: told.collect(), granted }
}

impl Remote for Fake {
    fn decide<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, RemoteDecision> {
        Box::pin(async move {
            let mut decision = self.answer(|budgets, now| decided(budgets, asks, now)).await?;
            let granted = (self.clock.now().as_nanos(), decision.granted.into());
            self.granted.lock().unwrap().push(granted);
            if self.nonsense.load(Ordering::SeqCst) {
                decision.rulings.clear();
            }
            Ok(decision)
        })
    }

    fn read<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, Vec<Standing>> {
        Box::pin(self.answer(|budgets, now| budgets.read(asks, now).to_vec()))
    }

    fn reset<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, ()> {
        Box::pin(self.answer(|budgets, _| budgets.reset(asks)))
    }

    fn give_back<'a>(&'a self, asks: &'a [Ask<'a>], charges: &'a [Charge], _: Moment) -> Reply<'a, ()> {
        Box::pin(self.answer(move |budgets, now| budgets.give_back(asks, charges, now)))
    }

    fn timeout(&self) -> Duration {
        Duration::from_millis(30)
    }

    fn name(&self) -> &'static str {
        "fake"
    }
}

/// A store, a clock, and something that runs futures.
pub(super) struct House {
    pub(super) store: Arc<Fake>,
    pub(super) clock: Arc<ByHand>,
    pub(super) runtime: Runtime,
}

impl House {
    pub(super) fn new() -> Self {
        let clock = Arc::new(ByHand::default());
        clock.advance(1_000 * SECOND);
        let store = Fake {
            budgets: Mutex::new(Memory::new(10_000)),
            clock: Arc::clone(&clock),
            calls: AtomicU64::new(0),
            away: AtomicBool::new(false),
            nonsense: AtomicBool::new(false),
            holds: AtomicBool::new(false),
            held: Mutex::default(),
            granted: Mutex::default(),
        };
        Self { store: Arc::new(store), clock, runtime: runtime() }
    }

    /// A process that shares the store.
    pub(super) fn process(&self) -> Limits {
        Limits::shared(10_000, Arc::clone(&self.clock) as _, Arc::clone(&self.store) as _)
    }

    pub(super) fn decide(&self, process: &Limits, asks: &[Ask<'_>]) -> Settled {
        self.runtime.block_on(process.decide(asks, self.clock.now()))
    }

    /// Whether one request is admitted.
    pub(super) fn take(&self, process: &Limits, ask: &Ask<'_>) -> bool {
        is_admitted(&self.decide(process, std::slice::from_ref(ask)))
    }

    /// How many requests of many are admitted.
    pub(super) fn take_all(&self, process: &Limits, ask: &Ask<'_>, requests: usize) -> usize {
        (0..requests).filter(|_| self.take(process, ask)).count()
    }

    /// Has everything run that was spawned.
    pub(super) fn run_tasks(&self) {
        self.runtime.block_on(async {
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        });
    }
}

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

/// Whether a request with real limits alone passes.
pub(super) fn is_admitted(settled: &Settled) -> bool {
    settled.how != How::Closed && settled.rulings.iter().all(Ruling::fits)
}

/// What is known of a charge of that moment, after which the budget needs so long to be full.
pub(super) fn charged(at: Moment, full_in: u64) -> [Charge; 1] {
    [Charge { at, full_at: at.saturating_add_nanos(full_in) }]
}

/// A question by `key` under a limit of that number.
pub(super) fn ask(scope: u32, key: &str, rates: &'static [Rate]) -> Ask<'static> {
    Ask::new(Scope::new(scope), Key::from(key), rates)
}

/// The same, taking permits in blocks.
pub(super) fn leased(scope: u32, key: &str, rates: &'static [Rate], lease: u32) -> Ask<'static> {
    Ask { lease, ..ask(scope, key, rates) }
}
