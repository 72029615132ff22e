//! The examples that are held to their documents: a further one is one row.

/// How an example is started, and who calls it.
#[derive(Debug)]
pub(super) struct Example {
    /// Its package and its program.
    pub(super) name: &'static str,
    /// Its command line, as one would type it, for all that concerns its document.
    pub(super) arguments: &'static str,
    /// Beside `HOST` and `PORT`.
    pub(super) environment: &'static [(&'static str, &'static str)],
    /// Header fields of those in whose names schemathesis calls, an empty one for nobody. Whoever comes first may do
    /// everything: each operation must admit something of theirs.
    pub(super) callers: &'static [&'static str],
    /// The versions that it has, the newest first, each with a document of its own.
    pub(super) versions: &'static [&'static str],
}

pub(super) const EXAMPLES: &[Example] = &[AIRPORTS, USERS];

pub(super) const AIRPORTS: Example = Example {
    name: "airports",
    arguments: "--limits off",
    environment: &[("ADMIN_TOKEN", ADMIN_TOKEN)],
    callers: &["x-api-key: demo-editor", "x-api-key: demo-reader", ""],
    versions: &["v2", "v1"],
};

const USERS: Example =
    Example { name: "users", arguments: "--limits off", environment: &[], callers: &[""], versions: &[] };

/// What the service was told to accept on its operational routes.
pub(super) const ADMIN_TOKEN: &str = "operator-of-the-contract";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_a_caller_and_can_be_called_often() {
        for Example { name, arguments, callers, .. } in EXAMPLES {
            assert!(!callers.is_empty(), "{name}");
            assert!(arguments.contains("--limits off"), "{name}: schemathesis would measure its limits");
        }
    }
}
