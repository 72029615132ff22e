//! How a request's cost is measured.
//!
//! * Instructions: the binary runs itself under callgrind, once with few requests and once with many; the
//!   difference is the requests alone. Callgrind counts inside [`Driver::send`] only: start-up would cancel
//!   out but for the clock of `quanta`, whose calibration spins for millions of instructions, never as many
//!   as the last time.
//! * Allocations: the same under memcheck, which counts every `malloc`, `calloc` and `realloc`. A counting
//!   global allocator would do as well, but its own instructions would be in the first column, and its
//!   atomics in the last.
//! * Nanoseconds: in process, in rounds that interleave the variants, so that a change in the machine's
//!   load meets all of them. To be read as ratios; no target depends on them.

mod drive;
mod measure;
mod targets;

pub use drive::Driver;
pub use measure::{Cost, Row, measure, rows, table};
pub use targets::{TARGETS, Target, report};
