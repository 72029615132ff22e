//! Prints what a closed circuit breaker costs beside its peers: nanoseconds of a call, and what a whole stack costs.
//!
//!     cargo run --release -p tollgate-benches --bin breaker
//!
//! With `--run NAME N` it makes N calls of one of them and prints nothing: what it runs under valgrind.
#![allow(clippy::print_stdout, reason = "the printed table is the product")]

use std::env;

use tollgate_benches::{
    Failure,
    breaker::{self, Sizes},
};

fn main() -> Result<(), Failure> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--run", name, calls] => breaker::run(name, calls.parse()?),
        [] => compare(Sizes::REAL),
        _ => Err("this takes no arguments".into()),
    }
}

fn compare(sizes: Sizes) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        return Err("this is a debug build: run it with --release".into());
    }
    let timings = breaker::measure_speed(sizes)?;
    println!("{}", breaker::speed_table(&timings));
    let allocations = breaker::measure_allocations()?;
    println!("{}", breaker::allocations_table(&allocations));
    for line in breaker::report(&timings, &allocations) {
        println!("{line}");
    }
    Ok(())
}
