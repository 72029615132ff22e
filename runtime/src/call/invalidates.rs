//! A call that throws away what was kept, once it has succeeded.

use super::marks::CallMarks;
use super::site::CallSite;
use crate::app::Held;
use crate::cache::{Mark, Marks};
use crate::core::{Outcome, Policy, Sink, Told};

/// Runs a function, and throws away what its attribute names where its answer is a success. The names are spelled before it runs,
/// because it takes its arguments.
pub async fn invalidated<R, F>(
    site: &'static CallSite,
    mark: impl FnOnce(&mut CallMarks),
    function: F,
    is_success: impl FnOnce(&R) -> bool,
) -> R
where
    F: Future<Output = R>,
{
    let held = Held::of_task();
    if !held.is_enabled(Policy::Invalidate) {
        return function.await;
    }
    let mut marks = CallMarks::default();
    mark(&mut marks);
    let mut marks = marks.into_marks();
    marks.extend(site.invalidation().and_then(|invalidates| invalidates.site).map(Mark::site));
    let answer = function.await;
    if is_success(&answer) {
        throw_away(&held, site, marks).await;
    }
    answer
}

async fn throw_away(held: &Held, site: &CallSite, marks: Marks) {
    let slot = site.invalidation_slot();
    let tell = |outcome| held.instruments().tell(Told::new(site.site().id(), slot, outcome));
    let thrown = held.caches().invalidate(&marks).await;
    tell(Outcome::Invalidated);
    if thrown.is_err() {
        tell(Outcome::StoreFailed);
    }
}
