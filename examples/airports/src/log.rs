//! What the program says while it serves: causes of failures, warnings, and more on request.

use std::io;

use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry};

/// From now on writes to standard error what is logged: warnings and errors, or what `RUST_LOG` asks for.
pub(crate) fn start(asked: Option<String>) -> Result<(), ParseError> {
    let filter = match asked.filter(|asked| !asked.is_empty()) {
        Some(asked) => asked.parse()?,
        // Not refusals, which are `info`: clients decide how many there are.
        None => Targets::new().with_default(LevelFilter::WARN),
    };
    // No colours, because standard error is often a file.
    registry().with(fmt::layer().with_ansi(false).with_writer(io::stderr)).with(filter).init();
    Ok(())
}
