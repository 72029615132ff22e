//! Templates over the function's arguments, filled in.

use std::fmt::{self, Write as _};

use smallvec::SmallVec;

/// What generated code is asked for about the arguments of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted {
    /// The text of `cached(key = "..")`, by which it is thrown away. Where it has several parts, each of them follows: all of these texts
    /// together tell answers apart, because two of them can read the same in full (`a-b` and `c`, `a` and `b-c`). So do the types that a
    /// generic function stands for, which come last, and are all of it where there is no `key`.
    Key,
    /// The texts of `cached(tags = [..])`.
    Tags,
    /// The texts of `invalidates(tags = [..])`.
    GoneTags,
    /// The texts of `invalidates(keys = [..])`.
    GoneKeys,
}

/// What it answers: templates, filled in. Short ones allocate nothing.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: SmallVec<[u8; 64]>,
    ends: SmallVec<[usize; 4]>,
    is_broken: bool,
}

impl Texts {
    /// One more.
    pub fn add(&mut self, text: fmt::Arguments<'_>) {
        // Nothing fails but a `Display` of the user's. What it wrote until then may be the text of something else.
        self.is_broken |= self.write_fmt(text).is_err();
        self.ends.push(self.bytes.len());
    }

    /// Whether something could not be written, so that nobody knows what these texts are.
    pub(super) const fn is_broken(&self) -> bool {
        self.is_broken
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let begins = [0].into_iter().chain(self.ends.iter().copied());
        begins
            .zip(&self.ends)
            .map(|(begin, end)| std::str::from_utf8(&self.bytes[begin..*end]).unwrap_or_default())
    }
}

impl fmt::Write for Texts {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_one_by_one_also_empty_ones() {
        let mut texts = Texts::default();
        assert_eq!(texts.iter().count(), 0);
        texts.add(format_args!("airport:{}", "CDG"));
        texts.add(format_args!(""));
        texts.add(format_args!("é{}", 7));
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["airport:CDG", "", "é7"]);
    }
}
