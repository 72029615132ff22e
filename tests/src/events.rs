//! What a test's own thread logs.
//!
//! There is one subscriber for the process, because a call site that is reached for the first time while another thread sets
//! a subscriber of its own may miss it for good. A test runs on one thread, and has a memory of its own there.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::LazyLock;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{Subscriber, set_global_default};
use tracing::{Event, Metadata};

static INSTALLED: LazyLock<()> = LazyLock::new(|| set_global_default(Listening).unwrap());

thread_local! {
    static HEARD: RefCell<Vec<String>> = RefCell::default();
}

/// Begins to listen, and forgets what was. Every test that reaches a call site of these does so first.
pub fn listen() {
    LazyLock::force(&INSTALLED);
    HEARD.take();
}

/// The events of tollgate since then, one line each: `INFO tollgate::refusal: site=.. policy=..`.
#[must_use]
pub fn heard() -> Vec<String> {
    HEARD.with_borrow(Clone::clone)
}

struct Listening;

impl Subscriber for Listening {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tollgate")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = Line(format!("{} {}:", metadata.level(), metadata.target()));
        event.record(&mut line);
        HEARD.with_borrow_mut(|heard| heard.push(line.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {field}={value}").unwrap();
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}
