//! What a circuit breaker may cost.

use super::{
    allocations::Allocations,
    speed::{Timing, find},
    subject::{CALLS, CONSECUTIVE, RECLOSER, STACK},
};

/// The most that a call may take, as a part of recloser's, from so many threads.
const TIMES: &[(&str, usize, f64)] =
    &[(CONSECUTIVE, 1, 1.0 / 3.0), (CALLS, 1, 1.0 / 3.0), (CONSECUTIVE, 2, 0.1), (CALLS, 2, 0.1)];
/// The most nanoseconds that a whole stack may take on one thread.
const NANOSECONDS: f64 = 150.0;

/// A line for each target that was measured.
#[must_use]
pub fn report(timings: &[Timing], allocations: &[Allocations]) -> Vec<String> {
    let mut lines: Vec<_> = TIMES.iter().filter_map(|target| judge_time(*target, timings)).collect();
    lines.extend(find(timings, STACK, 1).and_then(Timing::median).map(judge_stack));
    lines.extend(allocations.iter().find(|one| one.subject == STACK).map(judge_allocations));
    lines
}

fn judge_time((subject, threads, most): (&str, usize, f64), timings: &[Timing]) -> Option<String> {
    let ratio = find(timings, subject, threads)?.ratio_to(find(timings, RECLOSER, threads)?)?;
    let verdict = verdict(ratio <= most);
    Some(format!("{threads} threads: {subject} ≤ {most:.2} × recloser: {ratio:.2}, {verdict}"))
}

fn judge_stack(nanoseconds: f64) -> String {
    let verdict = verdict(nanoseconds <= NANOSECONDS);
    format!("{STACK} ≤ {NANOSECONDS} ns: {nanoseconds:.1}, {verdict}")
}

fn judge_allocations(Allocations { allocations, .. }: &Allocations) -> String {
    format!("{STACK}, no allocation: {allocations:.1}, {}", verdict(*allocations <= 0.0))
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "ok" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_itself_allowed_and_what_was_not_measured_is_skipped() {
        let timings = [
            Timing::of(CALLS, 2, 10.0),
            Timing::of(CONSECUTIVE, 2, 11.0),
            Timing::of(RECLOSER, 2, 100.0),
            Timing::of(STACK, 1, 150.0),
        ];
        let lines = report(&timings, &[Allocations { subject: STACK, allocations: 0.5 }]);
        assert_eq!(lines[0], "2 threads: call::circuit_breaker, in a row ≤ 0.10 × recloser: 0.11, MISSED");
        assert_eq!(lines[1], "2 threads: call::circuit_breaker, 100 calls ≤ 0.10 × recloser: 0.10, ok");
        assert!(lines[2].ends_with("≤ 150 ns: 150.0, ok"), "{}", lines[2]);
        assert!(lines[3].ends_with("no allocation: 0.5, MISSED"), "{}", lines[3]);
        assert_eq!(lines.len(), 4);
    }
}
