//! Programs that a command needs and cargo cannot bring: found on the path, or installed.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
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
    /// Where packages put it that keep it from the path: in `bin` of such a folder, or of one in it.
    folders: &'static [&'static str],
    apt: &'static str,
    /// `None` where Homebrew has no such package.
    brew: Option<&'static str>,
    /// Arguments with which it succeeds, where being on the path is not enough.
    works: Option<&'static str>,
    /// Names of xtask's commands.
    needed_by: &'static [&'static str],
}

impl Tool {
    fn is_there(&self) -> bool {
        let works = |arguments| process::succeeds(process::program(self.binary, arguments));
        (on_path(self.binary) || self.is_packaged()) && self.works.is_none_or(works)
    }

    fn is_packaged(&self) -> bool {
        let within = |folder: &Path| folder.join("bin").join(self.binary).is_file();
        let below = |folder: &Path| {
            fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| within(&entry.path()))
        };
        self.folders.iter().map(Path::new).any(|folder| within(folder) || below(folder))
    }
}

/// All of them; a new one is one line.
const TOOLS: &[Tool] = &[
    Tool {
        binary: "valgrind",
        folders: &[],
        apt: "valgrind",
        brew: None,
        works: None,
        needed_by: &["bench"],
    },
    // Tests start a server of their own.
    Tool {
        binary: "initdb",
        folders: &["/usr/lib/postgresql", "/opt/homebrew/opt/postgresql@17", "/usr/local/opt/postgresql@17"],
        apt: "postgresql",
        brew: Some("postgresql@17"),
        works: None,
        needed_by: &["test"],
    },
    // Tests and benchmarks start servers of their own, on free ports: a service that the package starts, or the machine has, is
    // in nobody's way, and nobody asks it anything.
    Tool {
        binary: "redis-server",
        folders: &[],
        apt: "redis-server",
        brew: Some("redis"),
        works: None,
        needed_by: &["bench", "test"],
    },
    // Debian's Python comes without the part that makes virtual environments.
    Tool {
        binary: "python3",
        folders: &[],
        apt: "python3-venv",
        brew: Some("python"),
        works: Some("-m ensurepip --version"),
        needed_by: &["contract"],
    },
];

/// Cargo's subcommands that rustup counts as components of their own.
const COMPONENTS: &[(&str, &str)] = &[("fmt", "rustfmt"), ("clippy", "clippy")];

/// Makes sure that all programs `command` needs are there.
pub(crate) fn ensure(command: &str) -> Outcome {
    let missing = missing_for(TOOLS, command);
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)?;
    match missing.iter().find(|tool| !tool.is_there()) {
        Some(tool) => Err(Failure::broken(format!("`{}` does not work after its installation", tool.binary))),
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
    needed.filter(|tool| !tool.is_there()).collect()
}

fn install(missing: &[&Tool]) -> Outcome {
    if has_apt() {
        install_with_apt(missing)
    } else if has_brew() {
        install_with_brew(missing)
    } else {
        Err(install_by_hand(missing))
    }
}

fn has_apt() -> bool {
    cfg!(target_os = "linux") && on_path("apt-get")
}

fn has_brew() -> bool {
    cfg!(target_os = "macos") && on_path("brew")
}

/// A program out of a package that is better not installed; it lies below `folder` from then on.
pub(crate) fn unpacked(binary: &str, package: &str, folder: &Path) -> Result<PathBuf, Failure> {
    let below = folder.join("usr/bin").join(binary);
    if on_path(binary) {
        return Ok(binary.into());
    }
    if has_apt() && !below.is_file() {
        unpack_with_apt(package, folder)?;
    } else if has_brew() {
        process::run(process::program("brew", &format!("install {package}")))?;
        return Ok(binary.into());
    }
    if below.is_file() { Ok(below) } else { Err(by_hand(&[binary])) }
}

fn unpack_with_apt(package: &str, folder: &Path) -> Outcome {
    let cannot = |error| Failure::broken(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(cannot)?;
    let _ = process::run(privileged(sudo(), "update -q"));
    let mut download = process::program("apt-get", &format!("download -q {package}"));
    download.current_dir(folder);
    process::run(download)?;
    let files = fs::read_dir(folder).map_err(cannot)?.filter_map(Result::ok).map(|file| file.path());
    let archive = files.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).max();
    let archive = archive.ok_or_else(|| Failure::broken(format!("apt-get brought no package {package}")))?;
    let mut unpack = process::program("dpkg-deb", "--extract");
    unpack.arg(archive).arg(folder);
    process::run(unpack)
}

fn install_with_apt(missing: &[&Tool]) -> Outcome {
    let prefix = sudo();
    // A broken source among many must not stop the installation; a package that cannot be found will.
    let _ = process::run(privileged(prefix, "update -q"));
    let packages: Vec<&str> = missing.iter().map(|tool| tool.apt).collect();
    process::run(privileged(prefix, &format!("install -y -q {}", packages.join(" "))))
}

/// What stands in front of a command that only root may run.
fn sudo() -> &'static str {
    if is_root() || !on_path("sudo") { "" } else { "sudo " }
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
    by_hand(&missing.iter().map(|tool| tool.binary).collect::<Vec<_>>())
}

fn by_hand(binaries: &[&str]) -> Failure {
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

    const ABSENT: Tool = Tool {
        binary: "no-such-program",
        folders: &[],
        apt: "nothing",
        brew: None,
        works: None,
        needed_by: &["bench"],
    };

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
    fn a_program_that_does_not_work_is_missing() {
        let cargo = Tool { binary: "cargo", works: Some("--version"), ..ABSENT };
        assert!(cargo.is_there());
        assert!(!Tool { works: Some("--no-such-flag"), ..cargo }.is_there());
    }

    #[test]
    fn a_program_is_found_where_packages_put_it() {
        let root = env::temp_dir().join(format!("tollgate-tools-{}", std::process::id()));
        fs::create_dir_all(root.join("17/bin")).unwrap();
        fs::write(root.join("17/bin/no-such-program"), "").unwrap();
        let is_found = |folder: &Path| {
            let folder: &'static str = folder.to_str().unwrap().to_owned().leak();
            Tool { folders: Box::leak(Box::new([folder])), ..ABSENT }.is_there()
        };
        assert!(is_found(&root) && is_found(&root.join("17")));
        assert!(!is_found(&root.join("nowhere")) && !is_found(&root.join("17/bin")));
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn what_is_on_the_path_is_not_unpacked() {
        let found = unpacked("cargo", "no-such-package", Path::new("no-such-folder")).unwrap();
        assert_eq!(found, Path::new("cargo"));
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
