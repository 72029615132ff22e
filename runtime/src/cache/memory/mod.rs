//! Entries in the memory of this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::entry::Entry;
use super::store::Store;

/// Keeps answers.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    entries: Mutex<HashMap<Box<[u8]>, Arc<Entry>>>,
}

impl Memory {
    /// Keeps up to so many bytes.
    pub(crate) fn new(_max_bytes: u64) -> Self {
        Self::default()
    }
}

impl Store for Memory {
    fn get(&self, key: &[u8]) -> Option<Arc<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn peek(&self, key: &[u8]) -> Option<Arc<Entry>> {
        self.get(key)
    }

    fn put(&self, key: &[u8], entry: Arc<Entry>, keep: &dyn Fn(&Entry) -> bool) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if !entries.get(key).is_some_and(|present| keep(present)) {
            entries.insert(key.into(), entry);
        }
    }

    fn remove(&self, key: &[u8], entry: &Arc<Entry>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.get(key).is_some_and(|present| Arc::ptr_eq(present, entry)) {
            entries.remove(key);
        }
    }

    fn clear(&self) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn entries(&self) -> u64 {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len() as u64
    }

    fn bytes(&self) -> u64 {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).values().map(|e| u64::from(e.bytes)).sum()
    }
}
