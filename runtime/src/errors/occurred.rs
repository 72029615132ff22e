//! One error that occurred, between its declaration and its answer.

use std::error::Error;
use std::fmt::{self, Display};

use http::HeaderName;
use serde_json::Value;

use super::api_error::ApiError;
use super::header::ErrorHeader;
use super::member::ErrorMember;
use crate::core::{ErrorKind, ErrorLog};
use crate::http::{Problem, general_detail};

/// One error that occurred, as generated code describes it.
#[derive(Debug)]
#[must_use]
pub struct Occurred<'a>(Which<'a>);

#[derive(Debug)]
enum Which<'a> {
    Own { kind: &'static ErrorKind, error: &'a dyn Error, problem: Problem },
    Transparent(&'a dyn ApiError),
}

impl<'a> Occurred<'a> {
    /// An error of a kind.
    pub fn new<E: ApiError>(kind: &'static ErrorKind, error: &'a E) -> Self {
        let problem = Problem::of_kind(kind);
        let problem = if kind.is_exposed() {
            problem.detail(error.to_string())
        } else {
            problem.detail(general_detail(kind.status()))
        };
        Self(Which::Own { kind, error, problem })
    }

    /// An error that another one is the answer of.
    pub fn transparent<E: ApiError>(inner: &'a E) -> Self {
        Self(Which::Transparent(inner))
    }

    /// With an extension member; `null` is left out.
    pub fn extension<T: ErrorMember + ?Sized>(self, name: &'static str, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Null) => self,
            Ok(value) => self.with(|problem| problem.member(name, value)),
            Err(error) => {
                tracing::warn!(target: "tollgate::error", member = name, %error, "a member of a problem could not be written");
                self
            }
        }
    }

    /// With a header field.
    pub fn header<T: ErrorHeader + ?Sized>(self, name: &'static str, value: &T) -> Self {
        match value.to_value() {
            Some(value) => self.with(|problem| problem.header(HeaderName::from_static(name), value)),
            None => self,
        }
    }

    fn with(self, change: impl FnOnce(Problem) -> Problem) -> Self {
        match self.0 {
            Which::Own { kind, error, problem } => Self(Which::Own { kind, error, problem: change(problem) }),
            transparent @ Which::Transparent(_) => Self(transparent),
        }
    }

    /// What the client gets.
    pub fn problem(self) -> Problem {
        match self.0 {
            Which::Own { problem, .. } => problem,
            Which::Transparent(inner) => inner.problem(),
        }
    }

    /// Logs it, where its kind says so.
    pub fn log(&self) {
        match &self.0 {
            Which::Own { kind, error, .. } => log(kind, *error),
            Which::Transparent(inner) => inner.log(),
        }
    }
}

fn log(kind: &ErrorKind, error: &dyn Error) {
    let (status, code) = (kind.status(), kind.code());
    let sources = error.source().map(|_| tracing::field::display(Sources(error)));
    match kind.logged() {
        ErrorLog::Off => {}
        ErrorLog::Warn => {
            tracing::warn!(target: "tollgate::error", status, code, %error, sources, "an error was answered");
        }
        ErrorLog::Error => {
            tracing::error!(target: "tollgate::error", status, code, %error, sources, "an error was answered");
        }
    }
}

/// The errors behind an error, the nearest first. Many write their source into their own text: what was said is not said again.
struct Sources<'a>(&'a dyn Error);

impl Display for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// No chain is longer, unless it is a ring.
        const MOST: usize = 32;
        let chain = std::iter::successors(self.0.source(), |&error| error.source());
        let mut said = String::new();
        for text in chain.take(MOST).map(ToString::to_string) {
            if !said.ends_with(&text) {
                let between = if said.is_empty() { "" } else { ": " };
                write!(f, "{between}{text}")?;
                said = text;
            }
        }
        Ok(())
    }
}
