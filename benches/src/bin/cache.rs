//! Prints what the cache costs beside its peers: a hit, how much is found, and how often a crowd has a function run.
//!
//!     cargo run --release -p tollgate-benches --bin cache
#![allow(clippy::print_stdout, reason = "the printed table is the product")]

use std::env;

use tollgate_benches::{
    Failure,
    cache::{self, Sizes},
};

fn main() -> Result<(), Failure> {
    if env::args().len() > 1 {
        return Err("this takes no arguments".into());
    }
    if cfg!(debug_assertions) {
        return Err("this is a debug build: run it with --release".into());
    }
    let timings = cache::measure_speed(Sizes::REAL)?;
    println!("{}", cache::speed_table(&timings));
    let ratios = cache::measure_ratios(Sizes::REAL);
    println!("{}", cache::ratio_table(&ratios));
    let runs = cache::measure_runs(Sizes::REAL)?;
    println!("{}", cache::runs_table(&runs));
    for line in cache::report(&timings, &ratios, &runs) {
        println!("{line}");
    }
    Ok(())
}
