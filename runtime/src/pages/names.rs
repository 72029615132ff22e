//! Names of fields while constants are built: what may be one, which are equal, and what a cursor depends on.

use super::field::PageFieldType;
use super::paging::FieldSpec;

/// Whether it can stand in URIs and in lists as it is.
pub(super) const fn is_name(name: &str) -> bool {
    let name = name.as_bytes();
    let mut place = 0;
    while place < name.len() {
        let byte = name[place];
        let may_begin = byte.is_ascii_alphabetic() || byte == b'_';
        if !may_begin && (place == 0 || !(byte.is_ascii_digit() || byte == b'.' || byte == b'-')) {
            return false;
        }
        place += 1;
    }
    !name.is_empty()
}

/// `==`, while a constant is built.
pub(super) const fn is_equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}

/// FNV-1a over what cursors depend on: it need not be hard to meet, because it is signed along with them.
pub(super) const fn fingerprint(name: &str, fields: &[FieldSpec]) -> u64 {
    let mut hash = mixed(mixed(0xcbf2_9ce4_8422_2325, name.as_bytes()), &[0xff]);
    let mut place = 0;
    while place < fields.len() {
        let field = &fields[place];
        hash = mixed(hash, field.name().as_bytes());
        let kind = match field.field_type() {
            PageFieldType::Integer { .. } => 0,
            PageFieldType::Number => 1,
            PageFieldType::Boolean => 2,
            PageFieldType::Text => 3,
        };
        // No name has such bytes, so each ends here.
        let marks = 0x80
            | (kind << 4)
            | (field.is_key() as u8)
            | ((field.is_sortable() as u8) << 1)
            | ((field.is_filterable() as u8) << 2)
            | ((field.is_nullable() as u8) << 3);
        hash = mixed(hash, &[marks]);
        place += 1;
    }
    hash
}

const fn mixed(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut place = 0;
    while place < bytes.len() {
        hash = (hash ^ bytes[place] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        place += 1;
    }
    hash
}
