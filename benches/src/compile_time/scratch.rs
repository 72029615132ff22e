//! The scratch workspace, and cargo in it.

use std::{
    env,
    ffi::OsString,
    fmt::Write,
    fs, io,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{Variant, source};
use crate::Failure;

/// A workspace with one member per variant.
#[derive(Debug)]
pub(super) struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// Writes it, in place of an older one, into the target directory that this binary was built in. What
    /// was compiled there before stays.
    pub(super) fn create(variants: &[Variant]) -> Result<Self, Failure> {
        let binary = env::current_exe()?;
        let target = binary.ancestors().nth(2).ok_or("the binary lies in no target directory")?;
        let workspace = Self { folder: target.join("compile_time") };
        for variant in variants {
            fs::create_dir_all(workspace.folder.join(variant.package()).join("src"))?;
            fs::write(
                workspace.folder.join(variant.package()).join("Cargo.toml"),
                source::manifest(variant),
            )?;
            workspace.write_library(variant)?;
        }
        fs::write(workspace.folder.join("Cargo.toml"), root(variants))?;
        fs::copy(source::project().join("Cargo.lock"), workspace.folder.join("Cargo.lock"))?;
        Ok(workspace)
    }

    /// Writes the variant's src/lib.rs, so that it is newer than what was compiled from it.
    pub(super) fn write_library(&self, variant: &Variant) -> io::Result<()> {
        fs::write(self.folder.join(variant.package()).join("src/lib.rs"), source::library(variant))
    }

    /// Checks the variant. The error is the first one that cargo or rustc printed.
    pub(super) fn check(&self, variant: &Variant, network: Network) -> Result<(), String> {
        let output = self.cargo_check(variant, network).output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(())
        } else {
            Err(first_error(&String::from_utf8_lossy(&output.stderr)))
        }
    }

    fn cargo_check(&self, variant: &Variant, network: Network) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.args(["check", "--color=never", "--package", &variant.package()]);
        command.arg("--target-dir").arg(self.folder.join("target"));
        if network == Network::Forbidden {
            command.arg("--offline");
        }
        command.current_dir(&self.folder).env("CARGO_INCREMENTAL", "0").stdin(Stdio::null());
        command
    }
}

/// Whether cargo may download what a scratch crate needs and the project doesn't build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    Allowed,
    Forbidden,
}

fn root(variants: &[Variant]) -> String {
    let mut text = String::from("[workspace]\nresolver = \"3\"\nmembers = [\n");
    for variant in variants {
        // Writing to a String doesn't fail.
        let _ = writeln!(text, "    {:?},", variant.package());
    }
    text + "]\n"
}

fn first_error(messages: &str) -> String {
    let first = messages.lines().find(|line| line.starts_with("error"));
    first.unwrap_or("error: cargo said nothing").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_in_front_of_the_first_error_are_skipped() {
        let messages =
            "   Checking a\nwarning: unused\nerror[E0433]: no `tollgate`\n  --> src\nerror: aborting\n";
        assert_eq!(first_error(messages), "error[E0433]: no `tollgate`");
    }
}
