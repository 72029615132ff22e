//! Tasks in the background.

use std::sync::{Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::failure::Failure;

/// A task that is started when it is needed, and ends when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Keeper {
    /// Sees to it that the task runs: the runtime of an earlier one may have ended. It may also be blocked, or kept without
    /// being driven; `is_stuck` tells whether the task should have gone on by now, and has to be untrue once another is made.
    pub(super) fn see_to<T>(
        &self,
        is_stuck: impl FnOnce() -> bool,
        task: impl FnOnce() -> T,
    ) -> Result<(), Failure>
    where
        T: Future<Output = ()> + Send + 'static,
    {
        let mut kept = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(JoinHandle::is_finished) || is_stuck() {
            let runtime = Handle::try_current().map_err(|_| Failure::Away)?;
            let earlier = kept.replace(runtime.spawn(task()));
            if let Some(earlier) = earlier {
                earlier.abort();
            }
        }
        Ok(())
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let task = self.task.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task {
            task.abort();
        }
    }
}
