//! Configuration without recompiling: texts and files that say otherwise than attributes do.
//!
//! | file | what |
//! | --- | --- |
//! | `source.rs` | where a configuration comes from, and its text |
//! | `document.rs` | from the text to sections; the one file that knows the format |
//! | `sections.rs` | the sections of all sources, each with the policy that it is about |
//! | `rooms.rs` | which rooms read them: a line for each room that can be configured |
//! | `single.rs` | policies of which a function has one of a kind |
//! | `changed.rs` | what a reload changed |

mod changed;
mod document;
mod rooms;
mod sections;
mod single;
mod source;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

pub use self::changed::{Changed, ChangedPolicy};
pub(super) use self::rooms::Overrides;

use self::source::Source;
use super::config_error::{ConfigError, Fault};
use super::{Tollgate, TollgateBuilder};
use crate::core::SettingFault;

/// The sources of a configuration, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(Vec<Source>);

/// What a `Tollgate` keeps of its configuration.
#[derive(Debug, Default)]
pub(super) struct Config {
    sources: Sources,
    /// Held while it is read and put into force, so that of two reloads at a time the later one wins. What is in force is kept elsewhere.
    reloading: Mutex<()>,
}

impl TollgateBuilder {
    #[doc = include_str!("../../docs/config.md")]
    pub fn config(mut self, toml: impl Into<String>) -> Self {
        self.sources.0.push(Source::Text(toml.into()));
        self
    }

    /// The same out of a file, which [`reload`](Tollgate::reload) reads again. It has to be there, at most 1 MiB long.
    ///
    /// Several files, and files beside [`config`](Self::config), add to each other: each key of a policy is written in one of them, so
    /// nobody has to know which one would win.
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.sources.0.push(Source::File(path.into()));
        self
    }
}

impl Tollgate {
    /// Reads the [configuration](TollgateBuilder::config_file) again and puts it into force, all of it or nothing.
    ///
    /// No state is lost: counters go on, and so do the budgets of limits whose rates stay the same. On a shared store a limit whose rates
    /// changed begins anew, and while some processes of a service have reloaded and others have not, each group has budgets of its own.
    /// What changed is returned, and
    /// logged at `info`. Requests are decided meanwhile as they were before. It reads files, so call it where a thread may wait:
    ///
    /// ```
    /// use tollgate::{Changed, ConfigError, Tollgate};
    ///
    /// async fn on_hangup(tollgate: Tollgate) {
    ///     match tokio::task::spawn_blocking(move || tollgate.reload()).await {
    ///         Ok(Ok(changed)) => println!("{changed}"),
    ///         Ok(Err(error)) => eprintln!("the former configuration stays: {error}"),
    ///         Err(_) => {}
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// Where a file cannot be read or says what it may not; then everything stays as it was. It tells everything that is wrong.
    pub fn reload(&self) -> Result<Changed, ConfigError> {
        let config = &self.inner.config;
        let _reloading = config.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let overrides = config.sources.read().map_err(|faults| ConfigError { faults })?;
        Ok(overrides.put_into_force(&self.inner.in_force, self.breakers()))
    }
}

impl Sources {
    /// What they say; the faults of all of them where there are any.
    pub(super) fn read(&self) -> Result<Overrides, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut all = Vec::new();
        for (place, source) in self.0.iter().enumerate() {
            let earlier = self.0.iter().take(place).filter(|other| other.is_text()).count();
            let name = source.name(earlier);
            match source.read() {
                Ok(text) => all.extend(document::read(&name, &text, &mut faults)),
                Err(what) => faults.push(source::fault(name, what)),
            }
        }
        let sections = sections::merge(all, &mut faults);
        let overrides = rooms::read(sections, &mut faults);
        if faults.is_empty() { Ok(overrides) } else { Err(told(faults)) }
    }
}

/// The faults by source and line, and no more of them than somebody reads.
fn told(mut faults: Vec<SettingFault>) -> Vec<Fault> {
    const MOST: usize = 50;
    faults.sort_by_cached_key(|fault| fault.place.as_ref().map(|place| (place.source.clone(), place.line)));
    let more = faults.len().saturating_sub(MOST);
    faults.truncate(MOST);
    if more > 0 {
        let what = format!("and {more} more faults of configuration");
        faults.push(SettingFault { place: None, path: String::new(), what });
    }
    faults.into_iter().map(Fault::Config).collect()
}

impl Config {
    pub(super) fn new(sources: Sources) -> Self {
        Self { sources, reloading: Mutex::default() }
    }
}
