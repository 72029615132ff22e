//! Where a configuration comes from.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use crate::core::{Place, SettingFault};

/// More than a program has policies, and little enough to be read at once.
const MOST_BYTES: u64 = 1024 * 1024;

#[derive(Clone, Debug)]
pub(super) enum Source {
    /// `.config(..)`
    Text(String),
    /// `.config_file(..)`
    File(PathBuf),
}

impl Source {
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// What errors call it, where that many texts were given before it.
    pub(super) fn name(&self, texts_before: usize) -> Arc<str> {
        match (self, texts_before) {
            (Self::Text(_), 0) => Arc::from(".config(..)"),
            (Self::Text(_), before) => Arc::from(format!(".config(..) no. {}", before + 1)),
            (Self::File(path), _) => Arc::from(path.to_string_lossy().escape_debug().to_string()),
        }
    }

    /// Its text, or why there is none.
    pub(super) fn read(&self) -> Result<Cow<'_, str>, String> {
        let too_large = || format!("this is longer than {MOST_BYTES} bytes, which no configuration is");
        match self {
            Self::Text(text) if text.len() as u64 > MOST_BYTES => Err(too_large()),
            Self::Text(text) => Ok(Cow::Borrowed(text)),
            Self::File(path) => {
                let mut bytes = Vec::new();
                let cannot = |error| format!("this file cannot be read: {error}");
                let file = File::open(path).map_err(cannot)?;
                if !file.metadata().map_err(cannot)?.is_file() {
                    return Err("this is no file".to_owned());
                }
                file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(cannot)?;
                if bytes.len() as u64 > MOST_BYTES {
                    return Err(too_large());
                }
                String::from_utf8(bytes).map(Cow::Owned).map_err(|error| {
                    format!("this is no UTF-8 from byte {} on", error.utf8_error().valid_up_to())
                })
            }
        }
    }
}

/// A fault of a source as a whole.
pub(super) fn fault(source: Arc<str>, what: String) -> SettingFault {
    SettingFault { place: Some(Place { source, line: 0 }), path: String::new(), what }
}
