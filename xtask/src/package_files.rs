//! What a published package may hold, and what it must.

use crate::{
    failure::{Failure, Outcome},
    process,
};

/// The crates that are published, in the order in which one needs the other.
pub(crate) const PUBLISHED: &[&str] = &["tollgate-macros", "tollgate"];

const REQUIRED: &[&str] = &["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"];
const ALLOWED: &[&str] =
    &["Cargo.toml", "Cargo.toml.orig", "Cargo.lock", ".cargo_vcs_info.json", "README.md", "CHANGELOG.md"];
const ALLOWED_BEGINNINGS: &[&str] = &["src/", "LICENSE-"];

/// Compares the file list of every published package with the above.
pub(crate) fn check_all() -> Outcome {
    for package in PUBLISHED {
        let list = process::capture(process::cargo(&format!("package --list --allow-dirty -p {package}")))?;
        let complaints = complaints(&list);
        if !complaints.is_empty() {
            return Err(Failure::broken(format!("the package {package} {}", complaints.join(", "))));
        }
    }
    Ok(())
}

fn complaints(list: &str) -> Vec<String> {
    let files: Vec<&str> = list.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let lacking = REQUIRED.iter().filter(|file| !files.contains(file)).map(|file| format!("lacks {file}"));
    let stray = files.iter().filter(|file| !is_allowed(file)).map(|file| format!("must not hold {file}"));
    lacking.chain(stray).collect()
}

fn is_allowed(file: &str) -> bool {
    ALLOWED.contains(&file) || ALLOWED_BEGINNINGS.iter().any(|beginning| file.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
.cargo_vcs_info.json
Cargo.lock
Cargo.toml
Cargo.toml.orig
LICENSE-APACHE
LICENSE-MIT
README.md
src/docs/rate_limited.md
src/lib.rs
";

    #[test]
    fn a_usual_package_passes() {
        assert!(complaints(GOOD).is_empty());
    }

    #[test]
    fn a_stray_file_is_named() {
        let list = format!("{GOOD}tests/ui/bad.rs\nREADME.md.bak\n");
        assert_eq!(complaints(&list), ["must not hold tests/ui/bad.rs", "must not hold README.md.bak"]);
    }

    #[test]
    fn a_lost_licence_is_named() {
        assert_eq!(complaints(&GOOD.replace("LICENSE-MIT\n", "")), ["lacks LICENSE-MIT"]);
        assert_eq!(complaints("").len(), REQUIRED.len());
    }
}
