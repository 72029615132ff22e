//! The words of `timeout`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::attribute::Attribute;

const FIRST: &str = "the time stands first and alone: write `timeout(\"2s\")`";
const SECONDS: &str = "a time has its unit and stands alone: write `timeout(\"2s\")`";
const TOTAL: &str = "a handler runs once, so that it has one time: write `timeout(\"2s\")`; what is asked for again has a total, by \
                     `#[tollgate::call::timeout(\"2s\", total = \"5s\")]` on a function that the handler calls";
const STATUS: &str =
    "who waits too long is answered 504: take it away, or let `#[tollgate::fallback(path)]` answer";
const BODY: &str = "it measures until the function has answered: take it away";
const GONE: &str = "what takes too long is dropped where it waits: take it away";

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    foreign: &[
        ("total", TOTAL),
        ("overall", TOTAL),
        ("attempts", TOTAL),
        ("status", STATUS),
        ("status_code", STATUS),
        ("error", STATUS),
        ("message", STATUS),
        ("response", STATUS),
        ("on_timeout", STATUS),
        ("fallback", STATUS),
        ("body", BODY),
        ("read", BODY),
        ("read_timeout", BODY),
        ("cancel", GONE),
        ("cancel_running_future", GONE),
        ("cancelRunningFuture", GONE),
    ],
    foreign_positional: &[
        ("duration", FIRST),
        ("timeout", FIRST),
        ("timeout_duration", FIRST),
        ("timeoutDuration", FIRST),
        ("time", FIRST),
        ("limit", FIRST),
        ("time_limit", FIRST),
        ("after", FIRST),
        ("deadline", FIRST),
        ("within", FIRST),
        ("each", FIRST),
        ("per_attempt", FIRST),
        ("max", FIRST),
        ("value", FIRST),
        ("secs", SECONDS),
        ("seconds", SECONDS),
        ("sec", SECONDS),
        ("millis", SECONDS),
        ("milliseconds", SECONDS),
        ("ms", SECONDS),
        ("minutes", SECONDS),
        ("timeout_secs", SECONDS),
        ("timeout_ms", SECONDS),
        ("duration_secs", SECONDS),
        ("duration_ms", SECONDS),
    ],
    takes_positional: true,
    ..Vocabulary::of(Attribute::Timeout)
};
