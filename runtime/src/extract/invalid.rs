//! The refusal of data that could be read and is not what is expected.

use std::fmt;

use serde_path_to_error::Segment;

use super::fault::Fault;
use super::pairs::NotUtf8;
use crate::core::ErrorKind;
use crate::http::{FieldError, Problem, cut, kinds};

/// The longest name of a parameter that is repeated.
const LONGEST_NAME: usize = 100;

/// What data was read from: what its fields are called, and of what kind the refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Json,
    Form,
    Query,
    Path,
}

impl Source {
    pub(super) const fn kind(self) -> &'static ErrorKind {
        match self {
            Self::Json => &kinds::INVALID_BODY,
            Self::Form => &kinds::INVALID_FORM,
            Self::Query => &kinds::INVALID_QUERY,
            Self::Path => &kinds::INVALID_PATH,
        }
    }

    const fn whole(self) -> &'static str {
        match self {
            Self::Json => "the body",
            Self::Form => "the form",
            Self::Query => "the query",
            Self::Path => "the path",
        }
    }

    const fn part(self) -> &'static str {
        match self {
            Self::Json | Self::Form => "the field",
            Self::Query | Self::Path => "the parameter",
        }
    }

    /// A refusal because of one field, or of all of it where the path is empty.
    pub(super) fn refuse(self, path: &[String], fault: Fault) -> Problem {
        let Fault { code, detail, member: _ } = fault;
        let told = self.tell(path, &detail);
        Problem::of_kind(self.kind()).detail(told).errors([FieldError::at(path, detail).code(code)])
    }

    fn tell(self, path: &[String], detail: &dyn fmt::Display) -> String {
        match path {
            [] => format!("{} {detail}", self.whole()),
            path => format!("{} `{}` {detail}", self.part(), cut(&path.join("."), LONGEST_NAME)),
        }
    }

    /// A refusal because of a member of the value at a path, or of the value itself.
    pub(super) fn refuse_within(self, mut path: Vec<String>, fault: Fault) -> Problem {
        if let Some(member) = &fault.member
            && path.last() != Some(member)
        {
            path.push(member.clone());
        }
        self.refuse(&path, fault)
    }

    /// A refusal of text that is no UTF-8 once it is decoded.
    pub(super) fn refuse_encoding(self, NotUtf8(name): NotUtf8) -> Problem {
        let path: Vec<_> = name.into_iter().collect();
        self.refuse(&path, Fault::encoding())
    }
}

/// The way to the value that serde was reading, as far as it is one of names and numbers.
pub(super) fn steps(path: &serde_path_to_error::Path) -> Vec<String> {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    };
    path.iter().map_while(step).collect()
}
