//! What processes tell each other: marks that were thrown away.

use super::super::marks::Mark;

const MAGIC: [u8; 4] = *b"tgi\x01";
const MARK: usize = 16;
/// So many are told at once.
pub(super) const MOST: usize = 128;

/// The bytes of a message about at most [`MOST`] marks.
pub(super) fn write(marks: &[Mark]) -> Vec<u8> {
    let marks = marks.iter().take(MOST).flat_map(|mark| mark.0);
    MAGIC.into_iter().chain(marks).collect()
}

/// What a message says; nothing where it is none of ours.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Mark>> {
    let (marks, rest) = bytes.strip_prefix(&MAGIC)?.as_chunks::<MARK>();
    let is_ours = rest.is_empty() && (1..=MOST).contains(&marks.len());
    is_ours.then(|| marks.iter().copied().map(Mark).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn messages_are_read_as_they_were_written(marks in prop::collection::vec(any::<[u8; 16]>(), 1..=MOST)) {
            let marks: Vec<_> = marks.into_iter().map(Mark).collect();
            prop_assert_eq!(read(&write(&marks)), Some(marks));
        }

        #[test]
        fn foreign_messages_are_none(bytes: Vec<u8>) {
            prop_assert_eq!(read(&bytes), None);
        }
    }

    #[test]
    fn a_message_has_a_bounded_length() {
        let many = vec![Mark::ALL; MOST + 1];
        assert_eq!(write(&many).len(), 4 + MOST * MARK);
        let too_long: Vec<u8> = write(&many).into_iter().chain([0; MARK]).collect();
        assert_eq!(read(&too_long), None);
        assert_eq!(read(&MAGIC), None);
    }
}
