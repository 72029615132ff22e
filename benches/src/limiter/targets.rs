//! What the limiter may cost.

use std::time::Duration;

use super::{
    bound::Bound,
    memory::{Fill, worst},
    pauses::Pauses,
    speed::Timing,
};

/// The most that tollgate's time may be, as a multiple of governor's, for so many clients and threads.
const RATIOS: &[(u32, usize, f64)] = &[(1, 1, 0.7), (1, 2, 0.9), (1_000_000, 1, 0.6), (1_000_000, 2, 0.6)];
/// The most bytes that a client may take, at any fill.
const BYTES: f64 = 64.0;
/// The longest that a decision may take.
const PAUSE: Duration = Duration::from_millis(1);

/// A line for each target that was measured.
#[must_use]
pub fn report(timings: &[Timing], tollgate: &[Fill], pauses: &Pauses, bound: &Bound) -> Vec<String> {
    let mut lines: Vec<_> = RATIOS.iter().filter_map(|target| judge_ratio(*target, timings)).collect();
    lines.extend(worst(tollgate).map(judge_bytes));
    lines.push(judge_pause(pauses));
    lines.push(judge_bound(bound));
    lines
}

fn judge_ratio((clients, threads, most): (u32, usize, f64), timings: &[Timing]) -> Option<String> {
    let is_meant = |timing: &&Timing| (timing.clients, timing.threads) == (clients, threads);
    let ratio = timings.iter().find(is_meant)?.ratio();
    let verdict = verdict(ratio <= most);
    Some(format!("{clients} clients, {threads} threads ≤ {most} × governor: {ratio:.2}, {verdict}"))
}

fn judge_bytes(worst: Fill) -> String {
    let (clients, bytes) = (worst.clients, worst.bytes_each());
    format!("a client ≤ {BYTES} bytes: {bytes:.1} of {clients}, {}", verdict(bytes <= BYTES))
}

fn judge_pause(pauses: &Pauses) -> String {
    let longest = pauses.longest();
    format!("the longest decision ≤ {PAUSE:?}: {longest:.0?}, {}", verdict(longest <= PAUSE))
}

fn judge_bound(bound: &Bound) -> String {
    let Bound { room, active, kept, newcomers, admitted } = bound;
    format!(
        "active clients keep their state in a full table of {room}: {kept} of {active}, and {newcomers} newcomers got \
         {admitted} permits, {}",
        verdict(bound.holds())
    )
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "ok" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{pauses::tests::pauses_of, speed::tests::timing},
        *,
    };

    #[test]
    fn a_limit_is_itself_allowed_and_what_was_not_measured_is_skipped() {
        let bound = Bound { room: 10, active: 2, kept: 2, newcomers: 30, admitted: 9 };
        let fills = [Fill { clients: 10, bytes: 641 }];
        let lines = report(&[timing(1, 2, 0.9)], &fills, &pauses_of(PAUSE), &bound);
        assert_eq!(lines[0], "1 clients, 2 threads ≤ 0.9 × governor: 0.90, ok");
        assert_eq!(lines[1], "a client ≤ 64 bytes: 64.1 of 10, MISSED");
        assert_eq!(lines[2], "the longest decision ≤ 1ms: 1ms, ok");
        assert!(lines[3].ends_with("2 of 2, and 30 newcomers got 9 permits, ok"), "{}", lines[3]);
        assert_eq!(lines.len(), 4);
    }
}
