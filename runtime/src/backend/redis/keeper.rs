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
    /// Sees to it that the task runs: the runtime of an earlier one may have ended.
    pub(super) fn see_to<T>(&self, task: impl FnOnce() -> T) -> Result<(), Failure>
    where
        T: Future<Output = ()> + Send + 'static,
    {
        let mut kept = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(JoinHandle::is_finished) {
            let runtime = Handle::try_current().map_err(|_| Failure::Away)?;
            *kept = Some(runtime.spawn(task()));
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
