//! Prints how many decisions a second limiters take that share a Redis server, and what each costs the server.
//!
//!     cargo run --release -p tollgate-benches --bin redis
#![allow(clippy::print_stdout, reason = "the printed table is the product")]

use std::env;

use tollgate_benches::{
    Failure,
    redis::{self, ROWS, Sizes},
};

fn main() -> Result<(), Failure> {
    if env::args().len() > 1 {
        return Err("this takes no arguments".into());
    }
    if cfg!(debug_assertions) {
        return Err("this is a debug build: run it with --release".into());
    }
    let measured = redis::measure(Sizes::REAL)?;
    println!("{}", redis::table(&measured));
    for row in ROWS {
        println!("* {}: {}", row.name, row.about);
    }
    println!();
    for line in redis::report(&measured) {
        println!("{line}");
    }
    Ok(())
}
