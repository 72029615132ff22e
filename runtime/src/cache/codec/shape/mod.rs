//! What a type looks like to a deserializer.
//!
//! A build whose type has changed must not read what another one wrote, and nothing but the type itself knows what it reads. So it
//! is fed with made-up values, over and over, until it has been seen from all sides: names, fields, variants, kinds of numbers. What
//! it asks for, what it complains of, and how what came of it is written again makes its fingerprint.
//!
//! | file | what |
//! | --- | --- |
//! | `study.rs` | what was found out so far, and what is to be tried next |
//! | `feeder.rs`, `parts.rs` | the deserializer that makes up values |
//! | `complaint.rs` | errors, which tell what a type expects |
//! | `written.rs` | how a value is written |
//!
//! It is bounded: a type that cannot be satisfied, or has too many sides, is known as far as it was seen. What cannot be seen:
//! a field that is neither asked for nor written unless it is there (`Option` behind `flatten` that is skipped while it is `None`),
//! and what a function does that reads a field (`deserialize_with`), beyond what it asks for.

mod complaint;
mod feeder;
mod parts;
mod study;
mod written;

#[cfg(test)]
mod tests;

use std::any::type_name;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::feeder::Feeder;
use self::study::Study;

/// Another number for another way to write, or to study.
const FORMAT: u8 = 1;
/// So often a type is fed.
const MOST_RUNS: usize = 2_048;

/// What was found out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) fingerprint: u64,
    /// Whether values are read as they were written. `MessagePack` does not tell `Some(None)` from `None`.
    pub(super) is_faithful: bool,
}

impl Shape {
    pub(super) fn of<T: Serialize + DeserializeOwned>() -> Self {
        let study = RefCell::new(Study::new());
        study.borrow_mut().note(&[&[FORMAT], type_name::<T>().as_bytes()]);
        // Somebody else's code meets values that it never expected. What it has told until then counts.
        let _ = catch_unwind(AssertUnwindSafe(|| run::<T>(&study)));
        let study = study.into_inner();
        Self { fingerprint: study.fingerprint(), is_faithful: study.is_faithful }
    }
}

fn run<T: Serialize + DeserializeOwned>(study: &RefCell<Study>) {
    for _ in 0..MOST_RUNS {
        complaint::heard();
        let result = T::deserialize(Feeder::new(study));
        let complaints = complaint::heard();
        let written = result.as_ref().ok().map(written::of);
        if !study.borrow_mut().learn(&complaints, written.as_ref()) {
            return;
        }
    }
}
