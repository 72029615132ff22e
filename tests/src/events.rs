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
    static HEARD: RefCell<Vec<Heard>> = RefCell::default();
    /// The spans that were made, each at the place that its id names, and those that are entered.
    static SPANS: RefCell<(Vec<String>, Vec<u64>)> = RefCell::default();
}

struct Heard {
    line: String,
    within: String,
}

/// Begins to listen, and forgets what was. Every test that reaches a call site of these does so first.
pub fn listen() {
    LazyLock::force(&INSTALLED);
    HEARD.take();
}

/// The events of tollgate since then, one line each: `INFO tollgate::refusal: site=.. policy=..`.
#[must_use]
pub fn heard() -> Vec<String> {
    HEARD.with_borrow(|heard| heard.iter().map(|heard| heard.line.clone()).collect())
}

/// The spans that each of these events stood in, the outermost first: `request_id=.. | ..`.
#[must_use]
pub fn heard_within() -> Vec<String> {
    HEARD.with_borrow(|heard| heard.iter().map(|heard| heard.within.clone()).collect())
}

/// The spans that are entered.
fn within() -> String {
    SPANS.with_borrow(|(spans, entered)| {
        let texts: Vec<_> =
            entered.iter().filter_map(|id| spans.get(place(*id))).map(|text| text.trim()).collect();
        texts.join(" | ")
    })
}

fn place(id: u64) -> usize {
    usize::try_from(id).unwrap() - 1
}

struct Listening;

impl Subscriber for Listening {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tollgate")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut line = Line(String::new());
        attributes.record(&mut line);
        SPANS.with_borrow_mut(|(spans, _)| {
            spans.push(line.0);
            Id::from_u64(spans.len() as u64)
        })
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = Line(format!("{} {}:", metadata.level(), metadata.target()));
        event.record(&mut line);
        let heard = Heard { line: line.0, within: within() };
        HEARD.with_borrow_mut(|all| all.push(heard));
    }

    fn enter(&self, id: &Id) {
        SPANS.with_borrow_mut(|(_, entered)| entered.push(id.into_u64()));
    }

    fn exit(&self, _: &Id) {
        SPANS.with_borrow_mut(|(_, entered)| entered.pop());
    }
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
