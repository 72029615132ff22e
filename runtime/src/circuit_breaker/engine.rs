//! When a circuit opens, for how long, and what its trials say: numbers in, a decision out.

use std::time::Duration;

use super::state::Cause;

/// A whole, in parts per million.
const WHOLE: u32 = 1_000_000;

/// What a failure may ask for: nobody is left alone for longer.
pub(crate) const LONGEST_ALONE: u64 = 3_600_000_000_000;

/// The most calls that try a circuit at a time.
const MOST_TRIALS: u32 = 1000;

/// The numbers by which a breaker goes. Rates are parts per million, times are nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Equal opens.
    pub(crate) failure_rate: u32,
    pub(crate) minimum_calls: u32,
    pub(crate) consecutive_failures: u32,
    pub(crate) open_for: u64,
    pub(crate) open_for_growth: u32,
    pub(crate) open_for_max: Option<u64>,
    pub(crate) jitter: u32,
    pub(crate) half_open_calls: u32,
    /// `None`: as the rule says.
    pub(crate) half_open_rate: Option<u32>,
    pub(crate) half_open_wait: Option<u64>,
    /// `None` where nobody looks at how long calls take.
    pub(crate) slow_call: Option<u64>,
    pub(crate) slow_rate: u32,
}

impl Terms {
    /// These, brought to where they mean something.
    pub(crate) fn sound(self) -> Self {
        let rate = |rate: u32| rate.clamp(1, WHOLE);
        Self {
            failure_rate: rate(self.failure_rate),
            minimum_calls: self.minimum_calls.max(1),
            consecutive_failures: self.consecutive_failures.max(1),
            open_for: self.open_for.max(1),
            open_for_growth: self.open_for_growth.max(WHOLE),
            open_for_max: self.open_for_max.map(|longest| longest.max(1)),
            jitter: self.jitter.min(WHOLE - 1),
            half_open_calls: self.half_open_calls.clamp(1, MOST_TRIALS),
            half_open_rate: self.half_open_rate.map(rate),
            half_open_wait: self.half_open_wait.map(|wait| wait.max(1)),
            slow_call: self.slow_call.map(|from| from.max(1)),
            slow_rate: rate(self.slow_rate),
        }
    }

    /// How long it is open, before jitter, where it was open for `last` before without having closed since.
    pub(crate) fn open_after(&self, last: Option<u64>) -> u64 {
        let length = last.map_or(self.open_for, |last| parts_of(last, u64::from(self.open_for_growth)));
        length.min(self.longest())
    }

    /// That length moved by chance, and no shorter than what was asked for.
    pub(crate) fn open_at_last(&self, length: u64, chance: u64, alone_for: Option<Duration>) -> u64 {
        let jitter = u64::from(self.jitter);
        let parts = u64::from(WHOLE) - jitter + chance % (2 * jitter + 1);
        let length = parts_of(length, parts).clamp(1, self.longest());
        let asked = alone_for.map_or(0, |asked| u64::try_from(asked.as_nanos()).unwrap_or(u64::MAX));
        length.max(asked.min(LONGEST_ALONE))
    }

    fn longest(&self) -> u64 {
        self.open_for_max.unwrap_or(u64::MAX)
    }
}

/// What a window holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) calls: u32,
    pub(crate) failures: u32,
    pub(crate) slow: u32,
}

/// What opens a circuit by a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) failure_rate: u32,
    pub(crate) minimum_calls: u32,
    /// `None` where nobody looks at how long calls take.
    pub(crate) slow_rate: Option<u32>,
}

impl Limits {
    /// Why what was counted opens a circuit, if it does.
    pub(crate) fn exceeded_by(&self, counts: Counts) -> Option<Cause> {
        if counts.calls < self.minimum_calls {
            None
        } else if reaches(counts.failures, counts.calls, self.failure_rate) {
            Some(Cause::Failures)
        } else if self.slow_rate.is_some_and(|rate| reaches(counts.slow, counts.calls, rate)) {
            Some(Cause::SlowCalls)
        } else {
            None
        }
    }
}

/// How it stands with the calls that try a circuit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trial {
    /// On their way, or back with a result.
    pub(crate) taken: u32,
    pub(crate) successes: u32,
    pub(crate) failures: u32,
    pub(crate) slow: u32,
}

/// What closes a circuit, or opens it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TrialLimits {
    /// So many results decide.
    pub(crate) calls: u32,
    /// `None`: the first failure opens.
    pub(crate) rate: Option<u32>,
    pub(crate) slow_rate: Option<u32>,
}

/// What became of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    Closes,
    Opens(Cause),
}

impl TrialLimits {
    /// What these results say, once they say something.
    pub(crate) fn conclude(&self, trial: Trial) -> Option<Tried> {
        let results = trial.successes + trial.failures;
        if self.rate.is_none() && trial.failures > 0 {
            return Some(Tried::Opens(Cause::TrialFailed));
        }
        if results < self.calls {
            return None;
        }
        Some(if self.rate.is_some_and(|rate| reaches(trial.failures, results, rate)) {
            Tried::Opens(Cause::TrialFailed)
        } else if self.slow_rate.is_some_and(|rate| reaches(trial.slow, results, rate)) {
            Tried::Opens(Cause::TrialSlow)
        } else {
            Tried::Closes
        })
    }
}

/// Whether that part of a whole is so large, or larger.
fn reaches(part: u32, whole: u32, rate: u32) -> bool {
    u64::from(part) * u64::from(WHOLE) >= u64::from(whole) * u64::from(rate)
}

/// So many parts per million of that.
fn parts_of(nanos: u64, parts: u64) -> u64 {
    let nanos = u128::from(nanos) * u128::from(parts) / u128::from(WHOLE);
    u64::try_from(nanos).unwrap_or(u64::MAX)
}

/// What part of a whole that is.
pub(crate) fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}
