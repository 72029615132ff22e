//! What declares limits: this attribute, and whatever else takes its arguments.

use super::VOCABULARY;
use crate::args::Vocabulary;

/// Where limits are declared.
///
/// What stands there may have fewer keys than `rate_limited`, or further ones: the vocabulary lets its own keys alone
/// through to the models, and whoever has a further one takes it from the arguments first.
pub(crate) struct Form {
    pub(crate) vocabulary: &'static Vocabulary,
    /// What stands around the arguments where it is written out: `#[rate_limited(` and `)]`.
    pub(crate) around: (&'static str, &'static str),
}

/// `#[rate_limited(..)]` on a handler.
pub(crate) const HANDLER: Form = Form { vocabulary: &VOCABULARY, around: ("#[rate_limited(", ")]") };

impl Form {
    /// Its name.
    pub(crate) const fn name(&self) -> &'static str {
        self.vocabulary.attribute
    }

    /// How it is written with these arguments.
    pub(crate) fn with(&self, arguments: &str) -> String {
        let (before, behind) = self.around;
        format!("{before}{arguments}{behind}")
    }
}
