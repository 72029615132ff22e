//! What an answer says of what is behind a function.

/// What a circuit breaker makes of an answer.
///
/// `is_failure = path::to::function` of `#[circuit_breaker]` and `#[call::circuit_breaker]` names the function that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// What is behind it works.
    Success,
    /// It does not.
    Failure,
    /// The answer says nothing of that, as where the caller asked for something wrong: it counts on neither side.
    Excluded,
}
