//! The words of `invalidates`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::attribute::Attribute;

const ALL: &str = "one function's answers all go by `site = \"airport\"`, and those of all functions by `tollgate.cache()`: take this away";
const AFTER: &str =
    "it throws away after an answer that succeeded (2xx or 3xx), and before that is sent: take this away";
const STORE: &str = "functions never share answers: write `tags = [\"airport:{iata}\"]`, or `site = \"airport\"` for all of one function";

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["tags", "keys", "site"],
    lists: &[("tag", "tags"), ("key", "keys")],
    renamed: &[
        ("tag", "tags"),
        ("cache_tags", "tags"),
        ("surrogate_key", "tags"),
        ("surrogate_keys", "tags"),
        ("groups", "tags"),
        ("key", "keys"),
        ("cache_key", "keys"),
        ("function", "site"),
        ("handler", "site"),
        ("sites", "site"),
        ("target", "site"),
        ("endpoint", "site"),
        ("route", "site"),
    ],
    foreign: &[
        ("all", ALL),
        ("all_entries", ALL),
        ("allEntries", ALL),
        ("everything", ALL),
        ("before", AFTER),
        ("before_invocation", AFTER),
        ("beforeInvocation", AFTER),
        ("after", AFTER),
        ("on", AFTER),
        ("on_status", AFTER),
        ("on_success", AFTER),
        ("cache", STORE),
        ("cache_name", STORE),
        ("cache_names", STORE),
        ("namespace", STORE),
        (
            "path",
            "write the texts of `key` templates, as in `keys = [\"{iata}\"]`; a function without `key` goes by path and query, as in `keys = [\"/airports/{iata}\"]`",
        ),
        (
            "paths",
            "write the texts of `key` templates, as in `keys = [\"{iata}\"]`; a function without `key` goes by path and query, as in `keys = [\"/airports/{iata}\"]`",
        ),
        (
            "url",
            "write the texts of `key` templates, as in `keys = [\"{iata}\"]`; a function without `key` goes by path and query, as in `keys = [\"/airports/{iata}\"]`",
        ),
        (
            "pattern",
            "what belongs together has a tag in common: write `tags = [\"airports\"]` here and in `#[tollgate::cached]`",
        ),
        (
            "prefix",
            "what belongs together has a tag in common: write `tags = [\"airports\"]` here and in `#[tollgate::cached]`",
        ),
        ("ttl", "it keeps nothing: take it away, or write it in `#[tollgate::cached]`"),
        ("if", AFTER),
        ("condition", AFTER),
    ],
    takes_positional: true,
    example: Some("tags = [\"airports\"]"),
    ..Vocabulary::of(Attribute::Invalidates)
};
