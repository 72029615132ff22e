//! The words of `versioned`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::attribute::Attribute;

const RANGE: &str =
    "a handler answers a range of versions: write `since = V2`, `before = V3`, both, or `only = V2`";
const UPPER: &str = "the upper bound is the first version that is not answered any more: write `before = V3`";
const DEPRECATED: &str =
    "a version is deprecated for all handlers: write `#[version(\"v1\", deprecated = \"2026-01-01\")]` on it";
const FIRST: &str = "the enum stands first and alone: write `versioned(Version, since = V2)`";

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["since", "before", "only"],
    renamed: &[
        ("from", "since"),
        ("introduced", "since"),
        ("added", "since"),
        ("min", "since"),
        ("equals", "only"),
    ],
    foreign: &[
        ("versions", RANGE),
        ("range", RANGE),
        ("in", RANGE),
        ("until", UPPER),
        ("to", UPPER),
        ("through", UPPER),
        ("max", UPPER),
        ("removed", UPPER),
        ("deprecated", DEPRECATED),
        ("sunset", DEPRECATED),
    ],
    foreign_positional: &[("version", FIRST), ("api", FIRST), ("enum", FIRST), ("of", FIRST)],
    takes_positional: true,
    takes_words: true,
    ..Vocabulary::of(Attribute::Versioned)
};
