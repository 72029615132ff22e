//! Who may ask for what: two API keys, each of which stands for somebody with one role.

use std::collections::HashMap;
use std::fmt;
use std::future::ready;

use tollgate::{ApiKeys, Principal, PrincipalResolver};

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text, for whoever compares it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The keys that the service knows. They are two different ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Of somebody who may look at things.
    pub reader: Secret,
    /// Of somebody who may change them.
    pub editor: Secret,
}

/// What everybody knows: for a demonstration, and never for anything else.
impl Default for Keys {
    fn default() -> Self {
        let [reader, editor] = ["demo-reader", "demo-editor"].map(|key| Secret(key.to_owned()));
        Self { reader, editor }
    }
}

impl Keys {
    /// Finds out by the field `x-api-key` who asks.
    ///
    /// The look-up compares hashes under a secret of the process first, so its time tells nothing about the keys.
    #[must_use]
    pub fn resolver(&self) -> impl PrincipalResolver + use<> {
        let holders = HashMap::from([
            (self.reader.expose().to_owned(), Principal::new("grace").with_role("reader")),
            (self.editor.expose().to_owned(), Principal::new("ada").with_role("editor")),
        ]);
        ApiKeys::new("x-api-key", move |key: String| ready(Ok(holders.get(&key).cloned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_out_of_logs() {
        let shown = format!("{:?}", Keys::default());
        assert_eq!(shown, "Keys { reader: Secret(..), editor: Secret(..) }");
    }
}
