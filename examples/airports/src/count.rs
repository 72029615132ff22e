//! How many results a request may ask for.

use serde::Deserialize;
use thiserror::Error;

/// A number of results from 1 to `MAX`; a request that says none gets `DEFAULT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Count<const DEFAULT: usize, const MAX: usize>(usize);

impl<const DEFAULT: usize, const MAX: usize> Count<DEFAULT, MAX> {
    /// The number.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

impl<const DEFAULT: usize, const MAX: usize> Default for Count<DEFAULT, MAX> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

/// A text that is no such number.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("must be a whole number from 1 to {max}, not `{text}`")]
pub struct CountError {
    max: usize,
    text: String,
}

/// From text and not from a number, so that `1e9`, `-1` and `501` all get the one message that says what is right.
impl<const DEFAULT: usize, const MAX: usize> TryFrom<String> for Count<DEFAULT, MAX> {
    type Error = CountError;

    fn try_from(text: String) -> Result<Self, CountError> {
        match text.parse() {
            Ok(number) if (1..=MAX).contains(&number) => Ok(Self(number)),
            _ => Err(CountError { max: MAX, text }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<usize> {
        Count::<5, 100>::try_from(text.to_owned()).ok().map(Count::get)
    }

    #[test]
    fn numbers_within_the_bounds() {
        assert_eq!(Count::<5, 100>::default().get(), 5);
        assert_eq!([parse("1"), parse("007"), parse("100")], [Some(1), Some(7), Some(100)]);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["0", "101", "-1", "1e9", "1.0", "", " 1", "٣", "18446744073709551617"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
