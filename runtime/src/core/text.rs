//! Text of bounded length that needs no allocation and can be built at compile time.

/// At most `N` bytes of UTF-8.
///
/// It holds header values that are known at compile time and those that are written once per request. Whoever
/// writes into it has made sure at compile time that it fits; what does not fit is cut off, never a panic at
/// run time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    /// No text.
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// This text and `more`.
    pub(crate) const fn push_str(&mut self, more: &str) {
        let (free, more) = (N - self.len, more.as_bytes());
        let taken = if more.len() < free { more.len() } else { free };
        let (_, tail) = self.bytes.split_at_mut(self.len);
        tail.split_at_mut(taken).0.copy_from_slice(more.split_at(taken).0);
        self.len += taken;
    }

    /// This text and `number` in decimal.
    pub(crate) const fn push_number(&mut self, number: u64) {
        let mut digits = [b'0'; 20];
        let (mut rest, mut start) = (number, digits.len());
        loop {
            start -= 1;
            digits[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if let Ok(digits) = str::from_utf8(digits.split_at(start).1) {
            self.push_str(digits);
        }
    }

    /// Whether something was, or would have been, cut off.
    #[must_use]
    pub(crate) const fn is_full(&self) -> bool {
        self.len == N
    }

    /// The bytes so far.
    #[must_use]
    pub(crate) const fn as_bytes(&self) -> &[u8] {
        self.bytes.split_at(self.len).0
    }

    /// The text so far; empty where a character was cut in two.
    #[must_use]
    pub(crate) const fn as_str(&self) -> &str {
        match str::from_utf8(self.as_bytes()) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_are_written_as_they_are() {
        let mut text = Text::<64>::new();
        text.push_str("r=");
        text.push_number(0);
        text.push_str(";t=");
        text.push_number(u64::MAX);
        assert_eq!(text.as_str(), "r=0;t=18446744073709551615");
    }

    #[test]
    fn what_does_not_fit_is_cut_off() {
        let mut text = Text::<4>::new();
        text.push_str("abc");
        assert!(!text.is_full());
        text.push_number(987);
        assert_eq!((text.as_str(), text.is_full()), ("abc9", true));
        text.push_str("more");
        assert_eq!(text.as_str(), "abc9");
    }

    #[test]
    fn it_is_built_at_compile_time() {
        const TEXT: Text<8> = {
            let mut text = Text::new();
            text.push_str("q=");
            text.push_number(100);
            text
        };
        assert_eq!(TEXT.as_str(), "q=100");
    }
}
