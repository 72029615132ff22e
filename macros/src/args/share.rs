//! `share = "logins"`: a name that several functions have in common.

use syn::LitStr;

use super::Named;
use crate::errors::Errors;

/// What sites share one of.
pub(crate) struct Shared {
    pub(crate) noun: &'static str,
    pub(crate) example: &'static str,
}

/// Longer names say no more, and keys in a store carry them.
const LONGEST_SHARE: usize = 64;

impl Named {
    /// The name of what is shared.
    pub(crate) fn share(&self, shared: &Shared, errors: &Errors) -> Option<LitStr> {
        let Shared { noun, example } = shared;
        let text = self.text(example, errors)?;
        let name = text.value();
        let message = if name.trim().is_empty() {
            format!("what shares {noun} has a name: write `{example}`")
        } else if name.len() > LONGEST_SHARE {
            format!(
                "`share` is at most {LONGEST_SHARE} bytes, and this is {}: write a shorter one",
                name.len()
            )
        } else if name.trim() != name {
            format!("`share` is written without blanks around it: write `share = {:?}`", name.trim())
        } else if name.chars().any(char::is_control) {
            format!("`share` stands in logs, so it has no control characters: write one as in `{example}`")
        } else {
            return Some(text);
        };
        errors.at(&text, message);
        None
    }
}
