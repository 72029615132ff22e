//! `cargo xtask docs`: the documentation as docs.rs builds it.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    failure::{Failure, Outcome},
    process::{capture, cargo, program, run as run_program},
};

pub(super) fn run(arguments: &[String]) -> Outcome {
    super::no_arguments(arguments)?;
    let mut build = cargo("doc -p tollgate --no-deps --all-features");
    if is_nightly()? {
        build.env("RUSTDOCFLAGS", "--cfg docsrs");
    } else {
        println!("this rustc is not a nightly one: built without the marks of features (`--cfg docsrs`)");
    }
    run_program(build)?;
    println!("{}", index()?.display());
    Ok(())
}

/// Only nightly knows `doc_cfg`, which `--cfg docsrs` turns on.
fn is_nightly() -> Result<bool, Failure> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Ok(capture(program(rustc, "--version"))?.contains("-nightly"))
}

fn index() -> Result<PathBuf, Failure> {
    let metadata = capture(cargo("metadata --no-deps --format-version 1"))?;
    let target = target_directory(&metadata);
    let target = target.ok_or_else(|| Failure::broken("cargo metadata names no target directory"))?;
    Ok(Path::new(&target).join("doc").join("tollgate").join("index.html"))
}

/// One string out of the JSON; a path is escaped only where it holds a backslash or a quotation mark.
fn target_directory(metadata: &str) -> Option<String> {
    let (_, value) = metadata.split_once(r#""target_directory":""#)?;
    let mut path = String::new();
    let mut characters = value.chars();
    loop {
        match characters.next()? {
            '"' => return Some(path),
            '\\' => path.push(characters.next()?),
            character => path.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_directory_is_found() {
        let metadata = r#"{"packages":[],"target_directory":"/a/b c/target","version":1}"#;
        assert_eq!(target_directory(metadata).as_deref(), Some("/a/b c/target"));
    }

    #[test]
    fn escapes_are_undone() {
        let metadata = r#"{"target_directory":"C:\\x\\target"}"#;
        assert_eq!(target_directory(metadata).as_deref(), Some(r"C:\x\target"));
    }

    #[test]
    fn a_cut_or_foreign_answer_is_none() {
        assert_eq!(target_directory(r#"{"target_directory":"/a"#), None);
        assert_eq!(target_directory("{}"), None);
    }
}
