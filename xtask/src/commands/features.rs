//! `cargo xtask features`: `tollgate` compiles without features, with each of them alone, and with all.
//!
//! Clippy, not `cargo check`: an import that a feature leaves unused is a failure too.

use std::fs;

use crate::{
    failure::{Failure, Outcome},
    process,
    step::step,
    tools,
};

const MANIFEST: &str = "runtime/Cargo.toml";

pub(super) fn run(arguments: &[String]) -> Outcome {
    super::no_arguments(arguments)?;
    step("tools", tools::ensure_components)?;
    let manifest = fs::read_to_string(process::root().join(MANIFEST));
    let manifest = manifest.map_err(|error| Failure::broken(format!("{MANIFEST}: {error}")))?;
    step("no features", || check(""))?;
    for feature in features(&manifest) {
        step(&format!("feature {feature}"), || check(&format!("--features {feature}")))?;
    }
    step("all features", || check("--all-features"))
}

fn check(selection: &str) -> Outcome {
    let line = format!("clippy -p tollgate --no-default-features {selection} -- -D warnings");
    process::run(process::cargo(&line))
}

/// The names in the table `[features]`, without `default`. Our manifests are simple: a name, `=`, a list that
/// may go over several lines and holds no `=`.
fn features(manifest: &str) -> Vec<&str> {
    let table = manifest.lines().skip_while(|line| line.trim() != "[features]").skip(1);
    let table = table.take_while(|line| !line.starts_with('['));
    let code = table.map(|line| line.split_once('#').map_or(line, |(code, _)| code));
    let names = code.filter_map(|line| Some(line.split_once('=')?.0.trim().trim_matches('"')));
    names.filter(|name| *name != "default").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feature_table_is_read() {
        let manifest = "\
[package]
name = \"tollgate\"

[features]
default = []
# comment = not a feature
openapi = [\"dep:utoipa\"] # why = because
redis-tls = [
    \"redis\",
    \"redis?/tls\",
]
\"full\" = [\"openapi\"]

[dependencies]
axum = \"0.8\"
";
        assert_eq!(features(manifest), ["openapi", "redis-tls", "full"]);
    }

    #[test]
    fn no_table_means_no_features() {
        assert!(features("[package]\nname = \"tollgate\"\n").is_empty());
        assert!(features("[features]\n").is_empty());
    }

    #[test]
    fn our_own_manifest_has_the_feature_full() {
        let manifest = fs::read_to_string(process::root().join(MANIFEST)).unwrap();
        assert!(features(&manifest).contains(&"full"));
    }
}
