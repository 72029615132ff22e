//! How a limit counts, and what happens while nobody can.

/// How a limit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// The generic cell rate algorithm: permits come back one by one, evenly.
    #[default]
    Gcra,
    /// A bucket of tokens that fills up evenly, counted in tokens.
    TokenBucket,
    /// Two windows, of which the former weighs less and less.
    SlidingWindow,
    /// The moment of every request of the last period.
    SlidingLog,
    /// A window that begins with the first request, and then the next one.
    FixedWindow,
}

impl Algorithm {
    /// The word of the attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gcra => "gcra",
            Self::TokenBucket => "token_bucket",
            Self::SlidingWindow => "sliding_window",
            Self::SlidingLog => "sliding_log",
            Self::FixedWindow => "fixed_window",
        }
    }
}

/// What happens to a request while the store that processes share is away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnStoreError {
    /// The memory of this process decides, which knows what it has seen of the store's budgets.
    #[default]
    Local,
    /// It passes.
    Open,
    /// It is answered with 503.
    Closed,
}
