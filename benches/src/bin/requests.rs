//! Prints what one request costs, for every variant or for those that are named (and their baselines).
//!
//!     cargo run --release -p tollgate-benches --bin requests [NAME..]
//!
//! With `--run NAME N` it sends N requests and prints nothing: what it runs under valgrind.
#![allow(clippy::print_stdout, reason = "the printed table is the product")]

use std::env;

use tollgate_benches::{
    Failure,
    requests::{self, Driver},
    variants::{self, VARIANTS, Variant},
};

fn main() -> Result<(), Failure> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--run", name, number] => Driver::new(variant(name)?)?.send(number.parse()?),
        ref names => compare(&selection(names)?),
    }
}

fn variant(name: &str) -> Result<&'static Variant, Failure> {
    variants::find(name).ok_or_else(|| format!("no variant is called {name}").into())
}

/// Those named and their baselines, in the table's order; all, if none is named.
fn selection(names: &[&str]) -> Result<Vec<&'static Variant>, Failure> {
    let chosen: Vec<_> = names.iter().map(|name| variant(name)).collect::<Result<_, _>>()?;
    let is_wanted = |candidate: &&Variant| {
        chosen.is_empty() || chosen.iter().any(|one| [one.name, one.baseline].contains(&candidate.name))
    };
    Ok(VARIANTS.iter().filter(is_wanted).collect())
}

fn compare(variants: &[&'static Variant]) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        return Err("this is a debug build: run it with --release".into());
    }
    let rows = requests::rows(&requests::measure(variants)?);
    println!("{}", requests::table(&rows));
    for variant in variants {
        println!("* `{}`: {}", variant.name, variant.about);
    }
    println!();
    for line in requests::report(&rows) {
        println!("{line}");
    }
    Ok(())
}
