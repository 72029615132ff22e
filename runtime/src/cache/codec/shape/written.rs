//! How a value is written: which names and kinds, whatever the values are.

use std::hash::Hasher;

use serde::Serialize;
use siphasher::sip::SipHasher13;

use super::super::walk::{Met, Walk};

/// What was seen.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) digest: u64,
    /// Keys that are no fields of a struct, or of one whose fields were not told.
    pub(super) keys: Vec<String>,
}

#[derive(Default)]
struct Reader {
    /// One for each thing that was met: maps have no order.
    digests: Vec<u64>,
    /// The field or key that is written, of each thing around.
    around: Vec<String>,
    keys: Vec<String>,
    expects_key: bool,
}

pub(super) fn of<T: Serialize>(value: &T) -> Written {
    let mut reader = Reader::default();
    let _ = value.serialize(Walk(&mut |met| reader.read(&met)));
    reader.digests.sort_unstable();
    let mut hasher = SipHasher13::new();
    for digest in &reader.digests {
        hasher.write_u64(*digest);
    }
    Written { digest: hasher.finish(), keys: reader.keys }
}

impl Reader {
    fn read(&mut self, met: &Met<'_>) {
        if std::mem::take(&mut self.expects_key)
            && let Met::Text(text) = met
        {
            self.keys.push((*text).to_owned());
            self.label(text);
            return;
        }
        match met {
            Met::Field(name) => self.label(name),
            Met::Kind("key") => self.expects_key = true,
            Met::Kind("end") => drop(self.around.pop()),
            Met::Kind(kind) => {
                self.note(&[kind]);
                if matches!(*kind, "seq" | "tuple" | "map") {
                    self.around.push(String::new());
                }
            }
            Met::Named { kind, name, variant } => {
                self.note(&[kind, name, variant]);
                if kind.ends_with("struct") && *kind != "unit struct"
                    || matches!(*kind, "tuple variant" | "struct variant")
                {
                    self.around.push(String::new());
                }
            }
            Met::Number { kind, .. } => self.note(&[kind]),
            Met::Text(_) => self.note(&["text"]),
            Met::Bytes(_) => self.note(&["bytes"]),
        }
    }

    fn label(&mut self, name: &str) {
        if let Some(last) = self.around.last_mut() {
            name.clone_into(last);
        }
        self.note(&["at"]);
    }

    fn note(&mut self, parts: &[&str]) {
        let mut hasher = SipHasher13::new();
        for part in self.around.iter().map(String::as_str).chain(parts.iter().copied()) {
            hasher.write_usize(part.len());
            hasher.write(part.as_bytes());
        }
        self.digests.push(hasher.finish());
    }
}
