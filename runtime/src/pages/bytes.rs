//! Numbers and values as bytes, in one way each.

use std::borrow::Cow;

use super::value::PageValue;

/// Writes values one behind the other.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Seven bits to a byte, the lowest first.
    pub(super) fn number(&mut self, number: impl Into<u128>) {
        let mut rest: u128 = number.into();
        loop {
            let low = (rest & 0x7f) as u8;
            rest >>= 7;
            if rest == 0 {
                return self.0.push(low);
            }
            self.0.push(low | 0x80);
        }
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(super) fn value(&mut self, value: &PageValue<'_>) {
        match value {
            PageValue::Null => self.0.push(0),
            PageValue::Bool(false) => self.0.push(1),
            PageValue::Bool(true) => self.0.push(2),
            PageValue::Int(number) => {
                self.0.push(3);
                // The sign last, so that small numbers are short.
                self.number(((number << 1) ^ (number >> 127)).cast_unsigned());
            }
            PageValue::Float(number) => {
                self.0.push(4);
                self.bytes(&number.to_be_bytes());
            }
            PageValue::Text(text) => {
                self.0.push(5);
                self.text(text);
            }
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes(text.as_bytes());
    }
}

/// Reads them back; `None` where there are none.
#[derive(Debug)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn long_number(&mut self) -> Option<u128> {
        let mut number = 0_u128;
        for place in 0..19_u32 {
            let [byte] = self.take()?;
            let low = u128::from(byte & 0x7f);
            // The last of 19 bytes has room for two bits.
            if place == 18 && low > 3 {
                return None;
            }
            number |= low << (7 * place);
            if byte & 0x80 == 0 {
                // A zero on top says nothing: the same number would be written in two ways.
                return (byte != 0 || place == 0).then_some(number);
            }
        }
        None
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        self.long_number()?.try_into().ok()
    }

    /// How many things follow; each takes a byte at least, so there are no more than there are bytes.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let count = self.count()?;
        let (text, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        str::from_utf8(text).ok()
    }

    pub(super) fn value(&mut self) -> Option<PageValue<'static>> {
        let [kind] = self.take()?;
        Some(match kind {
            0 => PageValue::Null,
            1 => PageValue::Bool(false),
            2 => PageValue::Bool(true),
            3 => {
                let number = self.long_number()?;
                PageValue::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
            }
            4 => PageValue::Float(f64::from_be_bytes(self.take()?)),
            5 => PageValue::Text(Cow::Owned(self.text()?.to_owned())),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = PageValue<'static>> {
        prop_oneof![
            Just(PageValue::Null),
            any::<bool>().prop_map(PageValue::Bool),
            any::<i128>().prop_map(PageValue::Int),
            (-200..200_i128).prop_map(PageValue::Int),
            any::<f64>().prop_map(PageValue::Float),
            any::<String>().prop_map(|text| PageValue::Text(text.into())),
        ]
    }

    proptest! {
        #[test]
        fn values_are_read_as_they_were_written(written in prop::collection::vec(values(), 0..8)) {
            let mut writer = Writer::default();
            for value in &written {
                writer.value(value);
            }
            let bytes = writer.into_bytes();
            let mut reader = Reader::new(&bytes);
            let read: Vec<_> = written.iter().map(|_| reader.value().unwrap()).collect();
            prop_assert!(reader.is_at_end());
            prop_assert_eq!(read, written);
        }

        #[test]
        fn no_bytes_make_it_panic_and_what_is_read_is_written_alike(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            let mut writer = Writer::default();
            while let Some(value) = reader.value() {
                writer.value(&value);
            }
            let written = writer.into_bytes();
            prop_assert!(bytes.starts_with(&written));
        }
    }

    #[test]
    fn the_ends_of_numbers_are_read_and_what_is_beyond_is_not() {
        for number in [0, 1, -1, 63, 64, -64, -65, i128::MAX, i128::MIN] {
            let mut writer = Writer::default();
            writer.value(&PageValue::Int(number));
            let bytes = writer.into_bytes();
            assert_eq!(Reader::new(&bytes).value(), Some(PageValue::Int(number)));
        }
        let mut beyond = vec![0xff; 18];
        beyond.push(4);
        assert_eq!(Reader::new(&beyond).long_number(), None);
        assert_eq!(Reader::new(&[0x80, 0]).long_number(), None, "zero in two bytes");
        assert_eq!(Reader::new(&[0xff; 40]).long_number(), None);
    }
}
