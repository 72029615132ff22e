//! Prints how long `cargo check` takes for a hundred handlers, by what stands in front of each.
//!
//!     cargo run --release -p tollgate-benches --bin compile_time
#![allow(clippy::print_stdout, reason = "the printed table is the product")]

use tollgate_benches::{Failure, compile_time};

fn main() -> Result<(), Failure> {
    let rows = compile_time::measure()?;
    println!("{}", compile_time::table(&rows));
    println!("{}", compile_time::verdict(&rows));
    Ok(())
}
