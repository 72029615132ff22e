//! `cargo xtask bench`: the measurements, all of them or those that are named.

use crate::{
    failure::Outcome,
    process::{cargo, run as run_program},
    step::step,
    tools,
};

/// The binaries of `benches/`; a new one is one line.
const MEASUREMENTS: &[&str] = &[
    "requests",     // instructions for one request
    "limiter",      // nanoseconds of a decision, bytes of a key
    "cache",        // nanoseconds of a hit, how much is found
    "breaker",      // nanoseconds of a call, alone and in a stack
    "redis",        // decisions a second on a shared server, and what they cost it
    "compile_time", // seconds that an attribute costs the compiler
];

pub(super) fn run(arguments: &[String]) -> Outcome {
    super::known_arguments(arguments, MEASUREMENTS)?;
    step("tools", || tools::ensure("bench"))?;
    let wanted = |name: &&&str| arguments.is_empty() || arguments.iter().any(|argument| argument == **name);
    for name in MEASUREMENTS.iter().filter(wanted) {
        step(name, || run_program(cargo(&format!("run --release -p tollgate-benches --bin {name}"))))?;
    }
    Ok(())
}
