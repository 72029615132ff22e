//! Rounds of decisions.

use tokio::{
    runtime::{Builder, Runtime},
    task::{self, JoinSet},
};
use tollgate_servers::RedisServer;

use super::{
    Sizes,
    rows::{ROWS, Row, Whose},
    server,
    subject::Subject,
};
use crate::{Failure, stopwatch};

/// All rounds of one row.
#[derive(Debug)]
pub struct Measured {
    pub(super) name: &'static str,
    pub(super) rounds: Vec<Round>,
}

/// What one round of a row came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    pub(super) per_second: f64,
    /// The server's microseconds of one decision.
    pub(super) micros: f64,
    /// Calls of one decision.
    pub(super) calls: f64,
}

/// Threads of tokio.
const WORKERS: usize = 2;

/// All rows, against a server of their own.
pub fn measure(sizes: Sizes) -> Result<Vec<Measured>, Failure> {
    let server = RedisServer::start();
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
    let mut subjects = Vec::with_capacity(ROWS.len());
    let mut measured = Vec::with_capacity(ROWS.len());
    for (place, row) in ROWS.iter().enumerate() {
        let (url, name) = (server.url(), format!("row{place}"));
        let subject = runtime.block_on(Subject::connect(row.kind, &url, &name, sizes.clients))?;
        // Scripts are taught, budgets begun, and those that are to be spent are.
        runtime.block_on(decide(&subject, row, sizes, false))?;
        subjects.push(subject);
        measured.push(Measured { name: row.name, rounds: Vec::with_capacity(sizes.rounds) });
    }
    for _ in 0..sizes.rounds {
        for ((row, subject), measured) in ROWS.iter().zip(&subjects).zip(&mut measured) {
            measured.rounds.push(round(&server, &runtime, subject, row, sizes)?);
        }
    }
    Ok(measured)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer decisions than 2^52")]
fn round(
    server: &RedisServer,
    runtime: &Runtime,
    subject: &Subject,
    row: &'static Row,
    sizes: Sizes,
) -> Result<Round, Failure> {
    server::forget_calls(server);
    let (ended, time) = stopwatch::time(|| runtime.block_on(decide(subject, row, sizes, true)));
    ended?;
    let calls = server::calls(server, row.command)?;
    let decisions = (sizes.tasks * sizes.decisions * row.times) as f64;
    Ok(Round {
        per_second: decisions / time.as_secs_f64(),
        micros: calls.micros as f64 / decisions,
        calls: calls.calls as f64 / decisions,
    })
}

/// All decisions of one round. Where they are `checked`, it fails if one of them is not as the row says, since that would
/// be another's cost.
async fn decide(subject: &Subject, row: &'static Row, sizes: Sizes, checked: bool) -> Result<(), Failure> {
    let mut tasks = JoinSet::new();
    for nth in 0..sizes.tasks {
        let subject = subject.clone();
        tasks.spawn(async move {
            let strange =
                decide_in_turn(subject, row, nth, sizes).await.map_err(|error| format!("{error:?}"))?;
            if checked && strange > 0 {
                return Err(format!("{}: {strange} decisions of a task were others", row.name));
            }
            Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

/// The decisions of one task, about clients that no other task decides about at the same time. Tells how many were not as
/// the row says.
async fn decide_in_turn(mut subject: Subject, row: &Row, nth: usize, sizes: Sizes) -> Result<usize, Failure> {
    let mut strange = 0;
    for decision in 0..sizes.decisions * row.times {
        let client = match row.whose {
            Whose::Everybody => (decision * sizes.tasks + nth) % sizes.clients,
            Whose::One => 0,
        };
        strange += usize::from(subject.admit(client).await? != row.admits());
        // As a request ends, and the next one is another task.
        task::yield_now().await;
    }
    Ok(strange)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            SMALL,
            rows::{HOT_SHARING, LEASED, REFUSED, SHARING},
        },
        *,
    };

    #[test]
    fn every_row_decides_and_asks_the_server_as_often_as_it_says() {
        let measured = measure(SMALL).unwrap();
        assert_eq!(measured.len(), ROWS.len());
        for Measured { name, rounds } in measured {
            assert_eq!(rounds.len(), SMALL.rounds);
            for round in rounds {
                assert!(round.per_second > 0.0, "{name}: {round:?}");
                let is_asked = match name {
                    REFUSED | LEASED => round.calls < 0.5,
                    SHARING | HOT_SHARING => round.calls > 0.0 && round.calls <= 1.0,
                    _ => (round.calls - 1.0).abs() < 1e-9 && round.micros > 0.0,
                };
                assert!(is_asked, "{name}: {round:?}");
            }
        }
    }
}
