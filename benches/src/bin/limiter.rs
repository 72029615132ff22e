//! Prints what one decision of the limiter costs beside governor's: nanoseconds, bytes of a key, the longest one.
//!
//!     cargo run --release -p tollgate-benches --bin limiter
//!
//! With `--fill NAME N` it fills one limiter with N clients and prints what its process took: what it runs apart.
#![allow(clippy::print_stdout, reason = "the printed table is the product")]

use std::env;

use tollgate_benches::{
    Failure,
    limiter::{self, Sizes},
};

fn main() -> Result<(), Failure> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--fill", name, clients] => fill(name, clients.parse()?),
        [] => compare(Sizes::REAL),
        _ => Err("this takes no arguments".into()),
    }
}

fn fill(name: &str, clients: u32) -> Result<(), Failure> {
    for fill in limiter::fill(name, clients)? {
        println!("{} {}", fill.clients, fill.bytes);
    }
    Ok(())
}

fn compare(sizes: Sizes) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        return Err("this is a debug build: run it with --release".into());
    }
    let timings = limiter::measure_speed(sizes)?;
    println!("{}", limiter::speed_table(&timings));
    let memory = limiter::measure_memory(sizes)?;
    println!("{}", limiter::memory_table(&memory));
    let pauses = limiter::pauses(sizes);
    println!("{}", pauses.table());
    for line in limiter::report(&timings, &memory[0], &pauses, &limiter::bound(sizes)) {
        println!("{line}");
    }
    Ok(())
}
