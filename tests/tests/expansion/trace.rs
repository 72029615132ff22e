//! A subscriber of `tracing` that remembers which spans were entered, and what happened in which.

use std::sync::{Arc, Mutex, MutexGuard};

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Subscriber;
use tracing::{Event, Metadata};

/// Clones remember together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    names: Vec<&'static str>,
    /// Places in `names`, innermost last.
    open: Vec<usize>,
    entered: Vec<usize>,
    around_events: Vec<&'static str>,
}

impl Spans {
    /// The names of the spans that were entered, each once, in their order.
    pub(crate) fn entered(&self) -> Vec<&'static str> {
        let inner = self.lock();
        let mut places = inner.entered.clone();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| inner.names[place]).collect()
    }

    /// The name of the innermost span around each event.
    pub(crate) fn around_events(&self) -> Vec<&'static str> {
        self.lock().around_events.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

/// Ids count from one.
fn place(id: &Id) -> usize {
    usize::try_from(id.into_u64()).unwrap() - 1
}

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let names = &mut self.lock().names;
        names.push(span.metadata().name());
        Id::from_u64(names.len() as u64)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        let mut inner = self.lock();
        let around = inner.open.last().map_or("no span", |place| inner.names[*place]);
        inner.around_events.push(around);
    }

    fn enter(&self, id: &Id) {
        let mut inner = self.lock();
        inner.open.push(place(id));
        inner.entered.push(place(id));
    }

    fn exit(&self, id: &Id) {
        let mut inner = self.lock();
        inner.open.retain(|open| *open != place(id));
    }
}
