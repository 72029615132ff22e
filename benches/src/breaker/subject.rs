//! What is measured: something that is called as often as one likes.

use tokio::runtime::{Builder, Runtime};

use super::{ours, peers};
use crate::Failure;

/// The names that targets speak of.
pub(super) const CONSECUTIVE: &str = "call::circuit_breaker, in a row";
pub(super) const CALLS: &str = "call::circuit_breaker, 100 calls";
pub(super) const RECLOSER: &str = "recloser, 100 calls";
pub(super) const STACK: &str = "call::: retry, breaker, timeout, metrics";

/// A function behind something, which has its answer at once and never fails.
pub(super) trait Subject: Sync {
    /// Its name in tables and on the command line.
    fn name(&self) -> &'static str;

    /// Whether it is a whole stack, whose allocations count too.
    fn is_stack(&self) -> bool {
        false
    }

    /// Calls it so often, on a runtime that is there already: what it takes to make one is not what a call costs. Fails where a call does,
    /// since that would be another's cost.
    fn call(&self, runtime: &Runtime, calls: u32) -> Result<(), Failure>;
}

/// All of them. The first is the function alone.
pub(super) fn all() -> Result<Vec<Box<dyn Subject>>, Failure> {
    let mut all = ours::all();
    all.extend(peers::all()?);
    Ok(all)
}

/// Calls one of them so often, and prints nothing: what runs under valgrind.
pub fn run(name: &str, calls: u32) -> Result<(), Failure> {
    let all = all()?;
    let subject = all.iter().find(|subject| subject.name() == name);
    subject.ok_or_else(|| format!("nothing is called {name}"))?.call(&runtime()?, calls)
}

/// A runtime as each thread has its own.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_current_thread().enable_time().build()?)
}

/// What an answer should have been.
pub(super) fn right(found: Option<u32>, expected: u32) -> Result<(), Failure> {
    if found == Some(expected) { Ok(()) } else { Err(format!("{found:?} in the place of {expected}").into()) }
}

/// Calls an async function for each number.
macro_rules! call_each {
    ($runtime:expr, $calls:expr, |$number:ident| $call:expr) => {{
        $runtime.block_on(async {
            for number in 0..$calls {
                let $number = ::std::hint::black_box(number);
                $crate::breaker::subject::right($call.await.ok(), number)?;
            }
            Ok(())
        })
    }};
}
pub(super) use call_each;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn all_of_them_answer_and_have_names_of_their_own() {
        let all = all().unwrap();
        for subject in &all {
            subject.call(&runtime().unwrap(), 300).unwrap();
            run(subject.name(), 2).unwrap();
        }
        assert_eq!(all.iter().map(|subject| subject.name()).collect::<HashSet<_>>().len(), all.len());
        assert!(run("nothing", 1).is_err());
    }
}
