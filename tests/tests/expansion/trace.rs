//! A subscriber of `tracing` that remembers, for each test, which spans were entered and what happened in which.
//!
//! There is one for the process, because a call site that is reached for the first time while another thread sets a
//! subscriber of its own may miss it for good. A test runs on one thread, and has a memory of its own there.

use std::cell::RefCell;
use std::sync::LazyLock;

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{Subscriber, set_global_default};
use tracing::{Event, Metadata};

static INSTALLED: LazyLock<()> = LazyLock::new(|| set_global_default(Remembering).unwrap());

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

/// What a thread saw.
#[derive(Default)]
struct Seen {
    names: Vec<&'static str>,
    /// Places in `names`, innermost last.
    open: Vec<usize>,
    entered: Vec<usize>,
    around_events: Vec<&'static str>,
}

/// Begins to remember, and forgets what was. Every test that reaches a call site of these does so first.
pub(crate) fn remember() {
    LazyLock::force(&INSTALLED);
    SEEN.take();
}

/// The names of the spans that were entered, each once, in their order.
pub(crate) fn entered() -> Vec<&'static str> {
    SEEN.with_borrow(|seen| {
        let mut places = seen.entered.clone();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| seen.names[place]).collect()
    })
}

/// The name of the innermost span around each event.
pub(crate) fn around_events() -> Vec<&'static str> {
    SEEN.with_borrow(|seen| seen.around_events.clone())
}

/// Ids count from one.
fn place(id: &Id) -> usize {
    usize::try_from(id.into_u64()).unwrap() - 1
}

struct Remembering;

impl Subscriber for Remembering {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with(env!("CARGO_CRATE_NAME"))
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        SEEN.with_borrow_mut(|seen| {
            seen.names.push(span.metadata().name());
            Id::from_u64(seen.names.len() as u64)
        })
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        SEEN.with_borrow_mut(|seen| {
            let around = seen.open.last().map_or("no span", |place| seen.names[*place]);
            seen.around_events.push(around);
        });
    }

    fn enter(&self, id: &Id) {
        SEEN.with_borrow_mut(|seen| {
            seen.open.push(place(id));
            seen.entered.push(place(id));
        });
    }

    fn exit(&self, id: &Id) {
        SEEN.with_borrow_mut(|seen| seen.open.retain(|open| *open != place(id)));
    }
}
