//! The words of `fallback`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::attribute::Attribute;

const ALONE: &str = "the function stands alone: write `fallback(path::to::function)`";
const VALUE: &str = "a function says what is answered instead: write `fallback(path::to::function)`";
const WHEN: &str = "it answers for failures of the function, an open circuit breaker, a full bulkhead and a timeout: take it away";

/// What is renamed has its value; a word that stands alone is a function.
pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    foreign: &[
        ("on", WHEN),
        ("if", WHEN),
        ("when", WHEN),
        ("statuses", WHEN),
        ("status", WHEN),
        ("should_handle", WHEN),
        ("predicate", WHEN),
    ],
    foreign_positional: &[
        ("path", ALONE),
        ("fallback", ALONE),
        ("function", ALONE),
        ("handler", ALONE),
        ("method", ALONE),
        ("fallback_method", ALONE),
        ("fallbackMethod", ALONE),
        ("fallback_function", ALONE),
        ("with", ALONE),
        ("to", ALONE),
        ("call", ALONE),
        ("value", VALUE),
        ("response", VALUE),
        ("body", VALUE),
        ("default", VALUE),
        ("service", VALUE),
    ],
    takes_positional: true,
    takes_words: true,
    ..Vocabulary::of(Attribute::Fallback)
};
