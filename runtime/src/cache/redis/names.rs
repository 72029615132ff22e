//! What keys are called on the server.

use std::fmt::Write;

use super::super::marks::Mark;

/// The entry of that name.
pub(super) fn entry(namespace: &str, name: &str) -> String {
    format!("{namespace}:c:{name}")
}

/// What a mark stands at.
pub(super) fn mark(namespace: &str, mark: &Mark) -> String {
    let mut name = String::with_capacity(namespace.len() + 3 + 2 * mark.0.len());
    name.push_str(namespace);
    name.push_str(":m:");
    for byte in mark.0 {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Who makes the entry of that name.
pub(super) fn lease(namespace: &str, name: &str) -> String {
    format!("{namespace}:l:{name}")
}

/// Where processes tell each other what they throw away.
pub(super) fn channel(namespace: &str) -> String {
    format!("{namespace}:cache")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_keys_never_meet() {
        let mut first = Mark::ALL;
        first.0[0] = 0xAB;
        assert_eq!(entry("airports", "a:b"), "airports:c:a:b");
        assert_eq!(mark("airports", &first), format!("airports:m:ab{}", "0".repeat(30)));
        assert_eq!(lease("airports", "a"), "airports:l:a");
        assert_eq!(channel("airports"), "airports:cache");
    }
}
