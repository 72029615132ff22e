//! The words of `api_error`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::derive::Derive;

const TEXT: &str = "the text is that of thiserror: write `#[error(\"..\")]`";
const THISERROR: &str = "`#[from]` and `#[source]` are thiserror's, and stand on the field";
const ANSWERED: &str =
    "every variant is answered; one with `status = 500` tells the client nothing of itself";
const DOCUMENTED: &str = "documents show the doc comment: write `/// ..` above it";
const PROBLEM: &str =
    "every answer is a problem (RFC 9457), and its shape is set for all of them at the `Tollgate`";
const ON_TYPE: &str = "write `#[api_error(crate = path)]` above the type";
const ON_VARIANT: &str = "each variant says how it is answered, so write this above a variant";

/// Above a variant.
pub(super) const VARIANT: Vocabulary = Vocabulary {
    keys: &["status", "code", "title", "type", "expose", "transparent", "log", "extension", "headers"],
    groups: &["extension", "headers"],
    renamed: &[
        ("status_code", "status"),
        ("statusCode", "status"),
        ("http_status", "status"),
        ("http_code", "status"),
        ("response_status", "status"),
        ("error_code", "code"),
        ("errorCode", "code"),
        ("kind", "code"),
        ("slug", "code"),
        ("summary", "title"),
        ("name", "title"),
        ("uri", "type"),
        ("url", "type"),
        ("ty", "type"),
        ("type_uri", "type"),
        ("type_url", "type"),
        ("problem_type", "type"),
        ("exposed", "expose"),
        ("public", "expose"),
        ("forward", "transparent"),
        ("delegate", "transparent"),
        ("passthrough", "transparent"),
        ("log_level", "log"),
        ("level", "log"),
        ("extensions", "extension"),
        ("extra", "extension"),
        ("extras", "extension"),
        ("member", "extension"),
        ("members", "extension"),
        ("include", "extension"),
        ("fields", "extension"),
        ("header", "headers"),
    ],
    foreign: &[
        ("message", TEXT),
        ("msg", TEXT),
        ("detail", TEXT),
        ("display", TEXT),
        ("error", TEXT),
        ("text", TEXT),
        ("fmt", TEXT),
        ("from", THISERROR),
        ("source", THISERROR),
        ("skip", ANSWERED),
        ("ignore", ANSWERED),
        ("hidden", ANSWERED),
        ("internal", ANSWERED),
        ("description", DOCUMENTED),
        ("doc", DOCUMENTED),
        ("docs", DOCUMENTED),
        ("body", PROBLEM),
        ("schema", PROBLEM),
        ("content_type", PROBLEM),
        ("retry_after", "write `headers(retry_after = field)`"),
        ("data", "write `extension(field)` for each field that is sent"),
        ("crate", ON_TYPE),
    ],
    takes_positional: true,
    example: Some(EXAMPLE),
    ..Vocabulary::named(Derive::ApiError.attribute())
};

pub(super) const EXAMPLE: &str = "status = 404, code = \"not_found\"";

/// Above a struct, which is answered in one way.
pub(super) const STRUCT: Vocabulary = Vocabulary { common: &["crate"], ..VARIANT };

/// Above an enum, whose variants say the rest.
pub(super) const ENUM: Vocabulary = Vocabulary {
    place: " above an enum",
    common: &["crate"],
    foreign: &[
        ("status", ON_VARIANT),
        ("code", ON_VARIANT),
        ("title", ON_VARIANT),
        ("type", ON_VARIANT),
        ("expose", ON_VARIANT),
        ("transparent", ON_VARIANT),
        ("log", ON_VARIANT),
        ("extension", ON_VARIANT),
        ("headers", ON_VARIANT),
    ],
    unnamed: ON_VARIANT,
    example: Some("crate = my_facade::tollgate"),
    ..Vocabulary::named(Derive::ApiError.attribute())
};
