//! What the values of a call are thrown away by, and what a call throws away.

use std::fmt;

use crate::cache::{Mark, Marks};

/// The marks that the arguments of a call spell.
#[derive(Debug, Default)]
pub struct CallMarks {
    marks: Marks,
    /// Texts are formatted in here, one after the other.
    text: String,
}

impl CallMarks {
    /// Everything with this tag.
    pub fn tag(&mut self, text: fmt::Arguments<'_>) {
        self.mark(text, Mark::tag);
    }

    /// Everything whose key reads so.
    pub fn key(&mut self, text: fmt::Arguments<'_>) {
        self.mark(text, Mark::key);
    }

    fn mark(&mut self, text: fmt::Arguments<'_>, mark: impl FnOnce(&str) -> Mark) {
        let mark = if let Some(text) = text.as_str() {
            mark(text)
        } else {
            self.text.clear();
            // Writing into a string cannot fail.
            let _ = fmt::Write::write_fmt(&mut self.text, text);
            mark(&self.text)
        };
        if !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
    }

    pub(super) fn into_marks(self) -> Marks {
        self.marks
    }
}
