//! How often a function runs that many ask for at the same time, who find nothing.

use std::{
    future::Future,
    sync::atomic::{AtomicUsize, Ordering},
};

use tokio::{runtime::Builder, sync::Barrier, task::JoinSet, task::yield_now};

use super::Sizes;
use crate::{Failure, markdown::Table, stopwatch};

/// How often the function of one ran.
#[derive(Clone, Copy, Debug)]
pub struct Runs {
    pub(super) subject: &'static str,
    pub(super) asked: usize,
    pub(super) times: usize,
    /// Until all had what they asked for.
    milliseconds: f64,
}

static OURS: AtomicUsize = AtomicUsize::new(0);
static CACHED: AtomicUsize = AtomicUsize::new(0);
static CACHED_BY_KEY: AtomicUsize = AtomicUsize::new(0);

/// What is asked for: it gives way a few times, as whoever asks a database does.
async fn work(runs: &AtomicUsize, key: u32) -> u64 {
    runs.fetch_add(1, Ordering::Relaxed);
    for _ in 0..100 {
        yield_now().await;
    }
    u64::from(key)
}

#[tollgate::call::cached(ttl = "1d")]
async fn ours_together(key: u32) -> u64 {
    work(&OURS, key).await
}

#[cached::macros::cached(ttl_secs = 86_400)]
async fn cached_together(key: u32) -> u64 {
    work(&CACHED, key).await
}

#[cached::macros::cached(ttl_secs = 86_400, sync_writes = "by_key")]
async fn cached_by_key_together(key: u32) -> u64 {
    work(&CACHED_BY_KEY, key).await
}

/// Each with a crowd that asks at the same time.
pub fn measure_runs(sizes: Sizes) -> Result<Vec<Runs>, Failure> {
    crate::variants::install();
    Ok(vec![
        runs("call::cached", sizes.crowd, &OURS, ours_together)?,
        runs("cached", sizes.crowd, &CACHED, cached_together)?,
        runs("cached, sync_writes = \"by_key\"", sizes.crowd, &CACHED_BY_KEY, cached_by_key_together)?,
    ])
}

fn runs<F>(
    subject: &'static str,
    asked: usize,
    counter: &'static AtomicUsize,
    ask: fn(u32) -> F,
) -> Result<Runs, Failure>
where
    F: Future<Output = u64> + Send + 'static,
{
    let before = counter.load(Ordering::Relaxed);
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    let (all, time) = stopwatch::time(|| runtime.block_on(crowd(asked, ask)));
    if all != asked {
        return Err(format!("{subject}: {all} of {asked} had what they asked for").into());
    }
    let times = counter.load(Ordering::Relaxed) - before;
    Ok(Runs { subject, asked, times, milliseconds: time.as_secs_f64() * 1e3 })
}

/// How many of a crowd had what they asked for.
async fn crowd<F>(asked: usize, ask: fn(u32) -> F) -> usize
where
    F: Future<Output = u64> + Send + 'static,
{
    let barrier = std::sync::Arc::new(Barrier::new(asked));
    let mut tasks = JoinSet::new();
    for _ in 0..asked {
        let barrier = std::sync::Arc::clone(&barrier);
        tasks.spawn(async move {
            barrier.wait().await;
            ask(7).await
        });
    }
    tasks.join_all().await.into_iter().filter(|value| *value == 7).count()
}

/// The table that is printed.
#[must_use]
pub fn runs_table(all: &[Runs]) -> Table<4> {
    let mut table = Table::new(["", "ask at the same time", "runs", "ms until all have it"]);
    for Runs { subject, asked, times, milliseconds } in all {
        table.push([
            (*subject).to_owned(),
            asked.to_string(),
            times.to_string(),
            format!("{milliseconds:.1}"),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{super::tests::SMALL, *};

    #[test]
    fn a_crowd_is_counted() {
        let all = measure_runs(SMALL).unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].asked, all[0].times), (SMALL.crowd, 1));
        assert!(all.iter().all(|runs| runs.times >= 1));
    }
}
