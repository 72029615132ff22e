//! The answers to requests whose version nobody can tell, or nobody answers.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::ALLOW;
use serde_json::Value;

use super::found::Source;
use super::readers::OnHole;
use crate::core::{Chosen, ErrorKind, VersionInfo, VersionTable};
use crate::http::Problem;
use crate::http::dates;
use crate::http::kinds::{
    AMBIGUOUS_VERSION, MALFORMED_VERSION, UNSUPPORTED_VERSION, VERSION_GONE, VERSION_NOT_ANSWERED,
    VERSION_REQUIRED,
};

/// A request that has no answer because of its version.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// The version that it asks for, where that is one.
    pub(crate) chosen: Option<Chosen>,
    problem: Problem,
}

impl Refused {
    /// As documents show it.
    #[cfg(feature = "openapi")]
    pub(super) fn into_problem(self) -> Problem {
        self.problem
    }

    pub(crate) fn into_answer(self) -> Response {
        self.problem.into_response()
    }
}

/// How much of what a client writes is repeated to it.
const MOST_REPEATED: usize = 64;

/// It says no version, and has to. `example`: what it could have sent.
#[cold]
pub(super) fn required(table: &VersionTable, example: &str) -> Refused {
    let detail = format!("this request has to say which version it asks for: {example}");
    refused(table, &VERSION_REQUIRED, detail, None)
}

/// It says two.
#[cold]
pub(super) fn ambiguous(table: &VersionTable, one: &str, other: &str) -> Refused {
    let detail = format!("this request asks for two versions, {} and {}: say one", cut(one), cut(other));
    refused(table, &AMBIGUOUS_VERSION, detail, None)
}

/// It says something that is no version.
#[cold]
pub(super) fn malformed(table: &VersionTable, text: &str) -> Refused {
    refused(
        table,
        &MALFORMED_VERSION,
        format!("`{}` is no version: ask for {}", cut(text), listed(table)),
        None,
    )
}

/// It says one that there is not.
#[cold]
pub(super) fn unsupported(table: &VersionTable, text: &str, source: Source) -> Refused {
    let detail = format!("there is no version `{}`: ask for {}", cut(text), listed(table));
    let mut refused = refused(table, &UNSUPPORTED_VERSION, detail, None);
    refused.problem = refused.problem.with_status(match source {
        Source::Header | Source::Query | Source::Own => StatusCode::BAD_REQUEST,
        Source::Path => StatusCode::NOT_FOUND,
        Source::Accept => StatusCode::NOT_ACCEPTABLE,
        Source::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
    });
    refused
}

/// The same, in front of a router.
pub(crate) fn unsupported_in_path(table: &VersionTable, text: &str) -> Response {
    unsupported(table, text, Source::Path).into_answer()
}

/// There is such a version, and nothing answers it here.
#[cold]
pub(super) fn hole(table: &VersionTable, chosen: Chosen, on_hole: OnHole) -> Refused {
    let detail = format!("version {} has nothing here", chosen.name());
    let mut refused = refused(table, &VERSION_NOT_ANSWERED, detail, Some(chosen));
    if on_hole == OnHole::MethodNotAllowed {
        let problem = refused.problem.with_status(StatusCode::METHOD_NOT_ALLOWED);
        // Which are allowed in that version, the router does not know. RFC 9110 has an empty list for none.
        refused.problem = problem.header(ALLOW, http::HeaderValue::from_static(""));
    }
    refused
}

/// It was taken out of service.
#[cold]
pub(super) fn gone(table: &VersionTable, chosen: Chosen) -> Refused {
    let sunset = chosen.info().and_then(VersionInfo::sunset_at).unwrap_or_default();
    let day = dates::written(i64::try_from(sunset).unwrap_or(i64::MAX));
    let day = day.to_str().unwrap_or_default();
    let detail =
        format!("version {} was taken out of service on {day}: ask for {}", chosen.name(), listed(table));
    refused(table, &VERSION_GONE, detail, Some(chosen))
}

fn refused(table: &VersionTable, kind: &ErrorKind, detail: String, chosen: Option<Chosen>) -> Refused {
    let names = table.versions().iter().map(|version| Value::from(version.name()));
    let problem = Problem::of_kind(kind).detail(detail).member("supported", names.collect::<Value>());
    Refused { chosen, problem }
}

/// `v1, v2 or v3`
fn listed(table: &VersionTable) -> String {
    let names: Vec<_> = table.versions().iter().map(VersionInfo::name).collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// What a client wrote, as far as it is worth repeating, without characters that could do harm in a log.
fn cut(text: &str) -> String {
    let mut escaped: String = text.chars().take(MOST_REPEATED).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST_REPEATED).is_some() {
        escaped.push_str("..");
    }
    escaped
}
