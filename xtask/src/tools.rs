//! Programs that a command needs and cargo cannot bring: found on the path, or installed.

use std::{
    env,
    ffi::OsStr,
    process::{Command, Stdio},
};

use crate::{
    failure::{Failure, Outcome},
    process,
};

/// A program outside of cargo, and the packages that hold it.
#[derive(Debug)]
struct Tool {
    binary: &'static str,
    apt: &'static str,
    /// `None` where Homebrew has no such package.
    brew: Option<&'static str>,
    /// Names of xtask's commands.
    needed_by: &'static [&'static str],
}

/// All of them; a new one is one line.
const TOOLS: &[Tool] = &[Tool { binary: "valgrind", apt: "valgrind", brew: None, needed_by: &["bench"] }];

/// Cargo's subcommands that rustup counts as components of their own.
const COMPONENTS: &[(&str, &str)] = &[("fmt", "rustfmt"), ("clippy", "clippy")];

/// Makes sure that all programs `command` needs are there.
pub(crate) fn ensure(command: &str) -> Outcome {
    let missing = missing_for(TOOLS, command);
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)?;
    match missing.iter().find(|tool| !on_path(tool.binary)) {
        Some(tool) => {
            Err(Failure::broken(format!("`{}` is not on the path after its installation", tool.binary)))
        }
        None => Ok(()),
    }
}

/// Makes sure that `cargo fmt` and `cargo clippy` are there.
pub(crate) fn ensure_components() -> Outcome {
    for (subcommand, component) in COMPONENTS {
        if process::succeeds(process::cargo(&format!("{subcommand} --version"))) {
            continue;
        }
        if !on_path("rustup") {
            return Err(Failure::broken(format!(
                "`cargo {subcommand}` is missing: install the package that brings {component}"
            )));
        }
        process::run(process::program("rustup", &format!("component add {component}")))?;
    }
    Ok(())
}

fn missing_for<'a>(tools: &'a [Tool], command: &str) -> Vec<&'a Tool> {
    let needed = tools.iter().filter(|tool| tool.needed_by.contains(&command));
    needed.filter(|tool| !on_path(tool.binary)).collect()
}

fn install(missing: &[&Tool]) -> Outcome {
    if cfg!(target_os = "linux") && on_path("apt-get") {
        install_with_apt(missing)
    } else if cfg!(target_os = "macos") && on_path("brew") {
        install_with_brew(missing)
    } else {
        Err(install_by_hand(missing))
    }
}

fn install_with_apt(missing: &[&Tool]) -> Outcome {
    let prefix = if is_root() || !on_path("sudo") { "" } else { "sudo " };
    // A broken source among many must not stop the installation; a package that cannot be found will.
    let _ = process::run(privileged(prefix, "update -q"));
    let packages: Vec<&str> = missing.iter().map(|tool| tool.apt).collect();
    process::run(privileged(prefix, &format!("install -y -q {}", packages.join(" "))))
}

/// `env` is for sudo, which drops the variable on its way.
fn privileged(prefix: &str, arguments: &str) -> Command {
    let line = format!("{prefix}env DEBIAN_FRONTEND=noninteractive apt-get {arguments}");
    let (name, rest) = line.split_once(' ').unwrap_or((&line, ""));
    let mut command = process::program(name, rest);
    command.stdin(Stdio::inherit()); // sudo may ask for a password
    command
}

fn is_root() -> bool {
    process::capture(process::program("id", "-u")).is_ok_and(|user| user.trim() == "0")
}

fn install_with_brew(missing: &[&Tool]) -> Outcome {
    let packages: Option<Vec<&str>> = missing.iter().map(|tool| tool.brew).collect();
    match packages {
        Some(packages) => process::run(process::program("brew", &format!("install {}", packages.join(" ")))),
        None => Err(install_by_hand(missing)),
    }
}

fn install_by_hand(missing: &[&Tool]) -> Failure {
    let binaries: Vec<&str> = missing.iter().map(|tool| tool.binary).collect();
    Failure::broken(format!(
        "needed here, and not to be had through apt-get or brew: {}",
        binaries.join(", ")
    ))
}

fn on_path(binary: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| is_in(&path, binary))
}

fn is_in(path: &OsStr, binary: &str) -> bool {
    let file = format!("{binary}{}", env::consts::EXE_SUFFIX);
    env::split_paths(path).any(|folder| folder.join(&file).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Tool =
        Tool { binary: "no-such-program", apt: "nothing", brew: None, needed_by: &["bench"] };

    #[test]
    fn a_program_is_found_in_a_folder_of_the_path() {
        let own = env::current_exe().unwrap();
        let folders = [own.join("nowhere"), own.parent().unwrap().to_owned()];
        let path = env::join_paths(folders).unwrap();
        let name = own.file_stem().unwrap().to_str().unwrap();
        assert!(is_in(&path, name));
        assert!(!is_in(&path, "no-such-program"));
    }

    #[test]
    fn only_what_the_command_needs_is_missing() {
        let tools = [ABSENT];
        assert_eq!(missing_for(&tools, "bench").len(), 1);
        assert!(missing_for(&tools, "test").is_empty());
    }

    #[test]
    fn what_cannot_be_installed_is_named() {
        let failure = install_by_hand(&[&ABSENT]);
        assert!(failure.message().unwrap().ends_with(": no-such-program"));
    }

    #[test]
    fn sudo_stands_in_front_only_where_it_is_needed() {
        let asked = process::typed(&privileged("sudo ", "update -q"));
        assert_eq!(asked, "sudo env DEBIAN_FRONTEND=noninteractive apt-get update -q");
        let root = process::typed(&privileged("", "update -q"));
        assert_eq!(root, "env DEBIAN_FRONTEND=noninteractive apt-get update -q");
    }

    #[test]
    fn tools_name_commands_that_exist() {
        let known = |name: &&str| crate::COMMANDS.iter().any(|command| command.name == *name);
        for tool in TOOLS {
            assert!(tool.needed_by.iter().all(known), "{}", tool.binary);
        }
    }
}
