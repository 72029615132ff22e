//! Allocations of one call.

use super::subject::{Subject, all};
use crate::{Failure, markdown::Table, valgrind::Count};

/// What a whole stack asks of the allocator.
#[derive(Clone, Debug)]
pub struct Allocations {
    /// Of what.
    pub subject: &'static str,
    /// Calls of the allocator that ask for memory, for one call.
    pub allocations: f64,
}

/// Those of the stacks, in runs of this binary under valgrind.
pub fn measure_allocations() -> Result<Vec<Allocations>, Failure> {
    let all = all()?;
    let of = |subject: &dyn Subject| {
        let name = subject.name();
        Ok(Allocations { subject: name, allocations: Count::Allocations.per_request(name)? })
    };
    all.iter().filter(|subject| subject.is_stack()).map(|subject| of(&**subject)).collect()
}

/// The table that is printed.
#[must_use]
pub fn allocations_table(measured: &[Allocations]) -> Table<2> {
    let mut table = Table::new(["", "allocations of a call"]);
    for Allocations { subject, allocations } in measured {
        table.push([(*subject).to_owned(), format!("{allocations:.1}")]);
    }
    table
}
