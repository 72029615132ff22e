//! A call that throws away what was kept, once it has succeeded.

use super::marks::CallMarks;
use super::site::CallSite;
use crate::app::{By, Going, Held};
use crate::cache::Mark;
use crate::core::Policy;

/// Runs a function, and throws away what its attribute names where its answer is a success, or where it never gets to one. The names are spelled before it runs,
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
    let by =
        By { name: site.site().name(), policy: Some((site.site().id(), site.slot_of(Policy::Invalidate))) };
    let going = Going::new((*held).clone(), marks, by);
    let answer = function.await;
    if is_success(&answer) {
        going.goes().await;
    } else {
        going.stays();
    }
    answer
}
