//! The words of `#[version(..)]`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::derive::Derive;

const NAME: &str = "the name stands first and alone: write `version(\"v1\")`";
const DEFAULT: &str = "this is said on the variant: write `#[version(\"v1\", default)]`";

/// On a variant.
pub(super) const VARIANT: Vocabulary = Vocabulary {
    place: " on a variant",
    keys: &["deprecated", "sunset", "link", "gone", "preview", "default"],
    renamed: &[
        ("documentation", "link"),
        ("doc", "link"),
        ("url", "link"),
        ("docs", "link"),
        ("removed", "sunset"),
        ("retired", "sunset"),
        ("beta", "preview"),
    ],
    foreign: &[
        ("required", "this is said on the enum: write `#[version(required)]` above it"),
        ("status", "write `deprecated = \"2026-01-01\"`, `preview` or nothing"),
    ],
    foreign_positional: &[("name", NAME), ("version", NAME), ("number", NAME), ("rename", NAME)],
    takes_positional: true,
    ..Vocabulary::named(Derive::ApiVersion.attribute())
};

/// On the enum.
pub(super) const ENUM: Vocabulary = Vocabulary {
    place: " on an enum",
    keys: &["required"],
    common: &["crate"],
    foreign: &[
        ("default", DEFAULT),
        ("default_version", DEFAULT),
        ("deprecated", DEFAULT),
        ("sunset", DEFAULT),
    ],
    unnamed: "write `required`, or say `#[version(\"v1\", default)]` on a variant",
    ..Vocabulary::named(Derive::ApiVersion.attribute())
};
