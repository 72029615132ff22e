//! What is wrong with a parameter of pages, and the answer that says so.

use std::borrow::Cow;

use crate::http::{FieldError, Problem, kinds};

/// What is wrong with one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) parameter: &'static str,
    pub(super) code: &'static str,
    /// What follows the parameter in a sentence.
    pub(super) detail: Cow<'static, str>,
}

impl Fault {
    pub(super) fn new(
        parameter: &'static str,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { parameter, code, detail: detail.into() }
    }
}

/// Everything that is wrong, at once.
pub(super) fn invalid_pagination(faults: Vec<Fault>) -> Problem {
    let details: Vec<_> =
        faults.iter().map(|fault| format!("`{}` {}", fault.parameter, fault.detail)).collect();
    let errors = faults.into_iter().map(|Fault { parameter, code, detail }| {
        FieldError::new(format!("#/{parameter}"), detail).code(code)
    });
    Problem::of_kind(&kinds::INVALID_PAGINATION).detail(details.join("; ")).errors(errors)
}

/// One text for all of them: nobody is to find out how far a forgery got.
pub(super) fn invalid_cursor() -> Problem {
    const DETAIL: &str = "the cursor is not valid here: begin again without it";
    Problem::of_kind(&kinds::INVALID_CURSOR).detail(DETAIL).errors([FieldError::new("#/cursor", DETAIL)])
}
