//! The macros that stand where an expression may.

/// One of our macros that are expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    Limits,
    Rates,
}
