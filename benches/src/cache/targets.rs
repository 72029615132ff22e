//! What the cache may cost.

use super::{
    ratio::Ratios,
    speed::{Timing, find},
    together::Runs,
};

/// The most that a hit may take, as a part or a multiple of another's, among so many keys from so many threads.
const TIMES: &[(&str, u32, usize, f64)] = &[
    ("cached, bounded", 10_000, 2, 1.0 / 3.0),
    ("cached", 10_000, 2, 1.0 / 3.0),
    ("moka", 1, 1, 1.3),
    ("moka", 1, 2, 1.3),
    ("moka", 10_000, 1, 1.3),
    ("moka", 10_000, 2, 1.3),
];
const OURS: &str = "call::cached";
/// How much less may be found than moka finds.
const RATIO: f64 = 0.01;

/// A line for each target that was measured.
#[must_use]
pub fn report(timings: &[Timing], ratios: &[Ratios], runs: &[Runs]) -> Vec<String> {
    let mut lines: Vec<_> = TIMES.iter().filter_map(|target| judge_time(*target, timings)).collect();
    lines.extend(judge_ratio(ratios));
    lines.extend(runs.iter().find(|runs| runs.subject == OURS).map(judge_runs));
    lines
}

fn judge_time((peer, keys, threads, most): (&str, u32, usize, f64), timings: &[Timing]) -> Option<String> {
    let ratio = find(timings, OURS, keys, threads)?.ratio_to(find(timings, peer, keys, threads)?)?;
    let verdict = verdict(ratio <= most);
    Some(format!("{keys} keys, {threads} threads: {OURS} ≤ {most:.2} × {peer}: {ratio:.2}, {verdict}"))
}

fn judge_ratio(ratios: &[Ratios]) -> Option<String> {
    let worst = ratios.iter().map(|all| all.values - all.moka).min_by(f64::total_cmp)?;
    let verdict = verdict(worst >= -RATIO);
    Some(format!("hit ratio of values ≥ moka's − 1 point: {:+.2} at worst, {verdict}", worst * 100.0))
}

fn judge_runs(Runs { asked, times, .. }: &Runs) -> String {
    format!(
        "{asked} who find nothing at the same time run the function once: {times}, {}",
        verdict(*times == 1)
    )
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "ok" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_itself_allowed_and_what_was_not_measured_is_skipped() {
        let timings = [Timing::of(OURS, 1, 1, 130.0), Timing::of("moka", 1, 1, 100.0)];
        let found = Ratios { skew: 1.0, room: 1, values: 0.52, answers: 0.5, moka: 0.54, quick_cache: 0.5 };
        let lines = report(&timings, &[found], &[]);
        assert_eq!(lines[0], "1 keys, 1 threads: call::cached ≤ 1.30 × moka: 1.30, ok");
        assert_eq!(lines[1], "hit ratio of values ≥ moka's − 1 point: -2.00 at worst, MISSED");
        assert_eq!(lines.len(), 2);
    }
}
