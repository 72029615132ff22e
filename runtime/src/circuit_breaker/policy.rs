//! What `#[circuit_breaker]` and `#[call::circuit_breaker]` say, as a constant.

use std::fmt;

use http::response::Parts;

use crate::core::{Outcome, Policy, PolicyEntry, TimeText, Verdict};

/// What a handler's answer says of what is behind it.
pub type Judge = fn(&Parts) -> Verdict;

/// A whole, in parts per million: rates are given in these.
pub(crate) const WHOLE: u32 = 1_000_000;

/// When a circuit opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// After so many failures without a success between them.
    Consecutive(u32),
    /// Where so large a part of what the window holds failed.
    Rate {
        /// In parts per million. Equal opens.
        failure_rate: u32,
        /// Fewer results say nothing yet. Of a window of calls it is never more than these.
        minimum_calls: u32,
        /// What counts.
        window: Window,
    },
}

/// The results that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The last so many.
    Calls(u32),
    /// Those of the last so many nanoseconds.
    Time(u64),
}

/// Calls that take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlowCalls {
    /// Slow is what takes so many nanoseconds or longer.
    pub(crate) from: u64,
    /// Where so large a part of the window is slow the circuit opens, in parts per million.
    pub(crate) rate: u32,
}

/// How a configuration holds a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forced {
    Open,
    Closed,
}

/// When a circuit opens, for how long, and how it is tried.
#[derive(Clone, Copy, Debug)]
pub struct CircuitBreaker {
    pub(crate) rule: Rule,
    pub(crate) slow: Option<SlowCalls>,
    /// How many nanoseconds it is open for the first time.
    pub(crate) open_for: u64,
    /// By how much longer each further time, in parts per million of the former; closing begins anew.
    pub(crate) open_for_growth: u32,
    /// At most so long.
    pub(crate) open_for_max: Option<u64>,
    /// Up to so much longer or shorter, in parts per million, so that processes do not all come back at once.
    pub(crate) jitter: u32,
    pub(crate) half_open_calls: u32,
    /// `None`: as the rule says; of consecutive failures the first one opens again.
    pub(crate) half_open_rate: Option<u32>,
    /// How many nanoseconds it is half-open at most; then it opens again.
    pub(crate) half_open_wait: Option<u64>,
    /// It never opens, and tells when it would.
    pub(crate) metrics_only: bool,
    /// A configuration holds it so.
    pub(crate) forced: Option<Forced>,
    pub(crate) judge: Option<Judge>,
    /// Sites of one such name have one breaker.
    pub(crate) share: Option<&'static str>,
    /// What its keys are made of, in words: a breaker for each. Empty where there is one.
    pub(crate) key: &'static str,
    pub(crate) max_keys: u32,
}

impl CircuitBreaker {
    /// Opens for 30 s where half of at least 20 calls within 10 s failed.
    #[must_use]
    pub const fn new() -> Self {
        let window = Window::Time(10_000_000_000);
        Self {
            rule: Rule::Rate { failure_rate: WHOLE / 2, minimum_calls: 20, window },
            slow: None,
            open_for: 30_000_000_000,
            open_for_growth: WHOLE,
            open_for_max: None,
            jitter: WHOLE / 10,
            half_open_calls: 3,
            half_open_rate: None,
            half_open_wait: None,
            metrics_only: false,
            forced: None,
            judge: None,
            share: None,
            key: "",
            max_keys: 1024,
        }
    }

    /// Opens after so many failures in a row.
    ///
    /// # Panics
    /// At compile time, where that is none.
    #[must_use]
    pub const fn consecutive_failures(mut self, failures: u32) -> Self {
        assert!(failures > 0, "a circuit opens after at least one failure");
        self.rule = Rule::Consecutive(failures);
        self
    }

    /// Opens where so large a part failed, of at least so many calls in a window.
    ///
    /// # Panics
    /// At compile time, where the rate is nothing or more than the whole, or where nothing would count.
    #[must_use]
    pub const fn failure_rate(mut self, failure_rate: u32, minimum_calls: u32, window: Window) -> Self {
        assert!(failure_rate > 0 && failure_rate <= WHOLE, "a failure rate is above 0 and at most 1");
        assert!(minimum_calls > 0, "at least one call decides");
        let minimum_calls = match window {
            Window::Calls(calls) => {
                assert!(calls > 0 && calls <= 10_000, "a window is of 1 to 10000 calls");
                if minimum_calls > calls { calls } else { minimum_calls }
            }
            Window::Time(nanos) => {
                assert!(nanos >= 1_000_000, "a window is of a millisecond at least");
                minimum_calls
            }
        };
        self.rule = Rule::Rate { failure_rate, minimum_calls, window };
        self
    }

    /// Opens, too, where so large a part takes so many nanoseconds or longer.
    ///
    /// # Panics
    /// At compile time, where the rate is nothing or more than the whole, or where there is no window.
    #[must_use]
    pub const fn slow_calls(mut self, from: u64, rate: u32) -> Self {
        assert!(rate > 0 && rate <= WHOLE, "a slow rate is above 0 and at most 1");
        assert!(from > 0, "a slow call takes time");
        assert!(matches!(self.rule, Rule::Rate { .. }), "slow calls are counted in a window");
        self.slow = Some(SlowCalls { from, rate });
        self
    }

    /// Open for so many nanoseconds.
    ///
    /// # Panics
    /// At compile time, where that is none.
    #[must_use]
    pub const fn open_for(mut self, nanos: u64) -> Self {
        assert!(nanos > 0, "a circuit is open for a while");
        self.open_for = nanos;
        self
    }

    /// Longer each time that it opens without having closed, by that factor in parts per million, and never longer than that.
    ///
    /// # Panics
    /// At compile time, where it would become shorter.
    #[must_use]
    pub const fn open_for_growth(mut self, factor: u32, longest: Option<u64>) -> Self {
        assert!(factor >= WHOLE, "a circuit stays open no shorter than before");
        if let Some(longest) = longest {
            assert!(longest >= self.open_for, "the longest time is no shorter than the first");
        }
        self.open_for_growth = factor;
        self.open_for_max = longest;
        self
    }

    /// Up to so much longer or shorter, in parts per million.
    ///
    /// # Panics
    /// At compile time, where it is more than the whole.
    #[must_use]
    pub const fn jitter(mut self, parts: u32) -> Self {
        assert!(parts < WHOLE, "jitter is below 1");
        self.jitter = parts;
        self
    }

    /// So many calls try whether it works again.
    ///
    /// # Panics
    /// At compile time, where that is none, or more than 1000.
    #[must_use]
    pub const fn half_open_calls(mut self, calls: u32) -> Self {
        assert!(calls > 0 && calls <= 1000, "1 to 1000 calls try whether it works again");
        self.half_open_calls = calls;
        self
    }

    /// It opens again where so large a part of these failed, in parts per million.
    ///
    /// # Panics
    /// At compile time, where the rate is nothing or more than the whole.
    #[must_use]
    pub const fn half_open_rate(mut self, rate: u32) -> Self {
        assert!(rate > 0 && rate <= WHOLE, "a failure rate is above 0 and at most 1");
        self.half_open_rate = Some(rate);
        self
    }

    /// It opens again where these are not back after so many nanoseconds.
    ///
    /// # Panics
    /// At compile time, where that is none.
    #[must_use]
    pub const fn half_open_wait(mut self, nanos: u64) -> Self {
        assert!(nanos > 0, "a trial takes time");
        self.half_open_wait = Some(nanos);
        self
    }

    /// It never opens, and tells when it would.
    #[must_use]
    pub const fn metrics_only(mut self) -> Self {
        self.metrics_only = true;
        self
    }

    /// What a handler's answers mean.
    #[must_use]
    pub const fn judged_by(mut self, judge: Judge) -> Self {
        self.judge = Some(judge);
        self
    }

    /// All sites that say this name have one breaker.
    #[must_use]
    pub const fn share(mut self, name: &'static str) -> Self {
        self.share = Some(name);
        self
    }

    /// A breaker for each of these, and so many at most.
    ///
    /// # Panics
    /// At compile time, where there would be none, or more than a million.
    #[must_use]
    pub const fn by(mut self, key: &'static str, max_keys: u32) -> Self {
        assert!(max_keys > 0 && max_keys <= 1_000_000, "a breaker is kept for 1 to 1000000 keys");
        self.key = key;
        self.max_keys = max_keys;
        self
    }

    /// Whether it ever refuses a call.
    pub(crate) fn can_open(&self) -> bool {
        !self.metrics_only && self.forced != Some(Forced::Closed)
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        const OUTCOMES: &[Outcome] =
            &[Outcome::Success, Outcome::Failure, Outcome::Excluded, Outcome::Cancelled, Outcome::Refused];
        let label = Policy::CircuitBreaker.attribute();
        PolicyEntry::new(Policy::CircuitBreaker, label, self.to_string(), OUTCOMES)
            .declared_as(self)
            .reporting_only(self.metrics_only)
    }
}

/// What is not as it is by default.
impl CircuitBreaker {
    fn fmt_opening(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { open_for_growth, open_for_max, jitter, .. } = *self;
        if open_for_growth != Self::new().open_for_growth {
            write!(f, ", {} times as long again", f64::from(open_for_growth) / f64::from(WHOLE))?;
        }
        if let Some(longest) = open_for_max {
            write!(f, ", at most {}", TimeText(longest))?;
        }
        if jitter != Self::new().jitter {
            write!(f, ", jitter {}", Percent(jitter))?;
        }
        Ok(())
    }

    fn fmt_trials(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { half_open_calls, half_open_rate, half_open_wait, .. } = *self;
        if half_open_calls != Self::new().half_open_calls {
            write!(f, ", tried by {half_open_calls}")?;
        }
        if let Some(rate) = half_open_rate {
            write!(f, ", again where {} of these failed", Percent(rate))?;
        }
        if let Some(wait) = half_open_wait {
            write!(f, ", again after {} without their results", TimeText(wait))?;
        }
        Ok(())
    }
}

impl Default for CircuitBreaker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for CircuitBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rule {
            Rule::Consecutive(failures) => write!(f, "{failures} failures in a row")?,
            Rule::Rate { failure_rate, minimum_calls, window } => {
                write!(f, "{} of {minimum_calls} or more failed within ", Percent(failure_rate))?;
                match window {
                    Window::Calls(calls) => write!(f, "{calls} calls")?,
                    Window::Time(nanos) => write!(f, "{}", TimeText(nanos))?,
                }
            }
        }
        if let Some(SlowCalls { from, rate }) = self.slow {
            write!(f, ", or {} took {}", Percent(rate), TimeText(from))?;
        }
        write!(f, ": open for {}", TimeText(self.open_for))?;
        self.fmt_opening(f)?;
        self.fmt_trials(f)?;
        if !self.key.is_empty() {
            write!(f, ", by {}", self.key)?;
        }
        f.write_str(if self.metrics_only { ", metrics only" } else { "" })?;
        f.write_str(match self.forced {
            Some(Forced::Open) => ", forced open",
            Some(Forced::Closed) => ", forced closed",
            None => "",
        })
    }
}

/// Parts per million as people write them.
struct Percent(u32);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", f64::from(self.0) / 10_000.0)
    }
}
