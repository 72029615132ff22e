//! What comes along with `tollgate`: no crate in two versions, and one `syn`.

use std::collections::BTreeSet;

use crate::{
    failure::{Failure, Outcome},
    process,
};

/// Fails if somebody who depends on `tollgate` would compile a crate twice because of us.
pub(crate) fn check() -> Outcome {
    refuse_duplicates(&process::capture(tree("--duplicates"))?)?;
    require_one_syn(&process::capture(tree("--prefix none"))?)
}

fn tree(more: &str) -> std::process::Command {
    process::cargo(&format!("tree --quiet -p tollgate --features openapi,redis -e normal,build {more}"))
}

fn refuse_duplicates(tree: &str) -> Outcome {
    let tops: Vec<&str> = tree.lines().filter(|line| line.starts_with(char::is_alphanumeric)).collect();
    if tops.is_empty() {
        return Ok(());
    }
    println!("{}", tree.trim_end()); // who brings them
    Err(Failure::broken(format!("crates in several versions: {}", tops.join(", "))))
}

fn require_one_syn(tree: &str) -> Outcome {
    let versions = versions_of("syn", tree);
    if versions.len() == 1 {
        return Ok(());
    }
    let found: Vec<&str> = versions.into_iter().collect();
    Err(Failure::broken(format!("there must be one version of syn, not [{}]", found.join(", "))))
}

/// The distinct versions in lines such as `syn v3.0.1 (*)`.
fn versions_of<'a>(name: &str, tree: &'a str) -> BTreeSet<&'a str> {
    let version = |line: &'a str| line.strip_prefix(name)?.strip_prefix(" v")?.split_whitespace().next();
    tree.lines().filter_map(version).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tollgate v0.1.0\nsyn v3.0.1\nsyn-mid v0.6.0\nserde v1.0.0\nsyn v3.0.1 (*)\n";

    #[test]
    fn a_repeated_crate_is_one_version() {
        assert_eq!(versions_of("syn", TREE), BTreeSet::from(["3.0.1"]));
        assert!(require_one_syn(TREE).is_ok());
    }

    #[test]
    fn a_second_syn_and_a_missing_one_are_failures() {
        let failure = require_one_syn(&format!("{TREE}syn v2.0.9\n")).unwrap_err();
        assert!(failure.message().unwrap().ends_with("[2.0.9, 3.0.1]"));
        assert!(require_one_syn("tollgate v0.1.0\n").is_err());
    }

    #[test]
    fn only_an_empty_list_of_duplicates_passes() {
        assert!(refuse_duplicates("\n").is_ok());
        let failure =
            refuse_duplicates("syn v2.0.9\n└── a v1.0.0\n\nsyn v3.0.1\n└── b v1.0.0\n").unwrap_err();
        assert_eq!(failure.message(), Some("crates in several versions: syn v2.0.9, syn v3.0.1"));
    }
}
