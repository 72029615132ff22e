//! `cargo xtask docs`: the documentation as docs.rs builds it.

use std::{env, path::PathBuf};

use crate::{
    failure::{Failure, Outcome},
    process::{capture, cargo, program, run as run_program, target},
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
    Ok(target()?.join("doc").join("tollgate").join("index.html"))
}
