//! `cargo xtask package`: builds the packages from nothing but what would be uploaded.

use crate::{
    failure::Outcome,
    package_files::{self, PUBLISHED},
    process::{cargo, run as run_program},
    step::step,
};

pub(super) fn run(arguments: &[String]) -> Outcome {
    super::no_arguments(arguments)?;
    step("package files", package_files::check_all)?;
    step("build the packages", || run_program(cargo(&command_line())))
}

/// Both at once: cargo (1.90 or later) then finds the macros among the packages instead of in the registry.
fn command_line() -> String {
    format!("package --allow-dirty -p {}", PUBLISHED.join(" -p "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_published_crates_are_packaged_together() {
        assert_eq!(command_line(), "package --allow-dirty -p tollgate-macros -p tollgate");
    }
}
