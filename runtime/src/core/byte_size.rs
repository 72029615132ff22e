//! Sizes in bytes, as people write them.

/// How many bytes a size is that is written as `64MiB`, `1.5 GB` or `500kB`: a number and its unit, decimal (powers of 1000) or binary
/// (powers of 1024). `None` where it is no size, or none that a machine could have.
pub(crate) fn byte_size(written: &str) -> Option<u64> {
    let written = written.trim();
    let end = written.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let (number, unit) = written.split_at(end);
    scaled(number, factor(unit.trim_start())?)
}

/// What one of a unit is.
fn factor(unit: &str) -> Option<u64> {
    const PREFIXES: [&str; 4] = ["k", "M", "G", "T"];
    let prefix = unit.strip_suffix('B')?;
    if prefix.is_empty() {
        return Some(1);
    }
    let (prefix, base) = match prefix.strip_suffix('i') {
        Some(prefix) => (prefix, 1024_u64),
        None => (prefix, 1000),
    };
    // `kB` is decimal and `KiB` binary; both letters are understood in both, because they mean nothing else.
    let prefix = if prefix == "K" { "k" } else { prefix };
    let power = PREFIXES.iter().position(|known| *known == prefix)? + 1;
    base.checked_pow(u32::try_from(power).ok()?)
}

/// So many of them, which may be a decimal fraction. What is less than a byte is left away.
fn scaled(number: &str, factor: u64) -> Option<u64> {
    const MOST_DIGITS: usize = 9;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if fraction.is_empty() || fraction.len() > MOST_DIGITS || fraction.contains('.') {
        return None;
    }
    let part =
        fraction.parse::<u128>().ok()? * u128::from(factor) / 10_u128.pow(fraction.len().try_into().ok()?);
    let whole = u128::from(whole.parse::<u64>().ok()?) * u128::from(factor);
    u64::try_from(whole + part).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_a_number_and_a_unit() {
        let cases = [
            ("1B", 1),
            ("0B", 0),
            ("500kB", 500_000),
            ("500 KB", 500_000),
            ("64MiB", 64 << 20),
            (" 64 MiB ", 64 << 20),
            ("64MB", 64_000_000),
            ("1.5GiB", 3 << 29),
            ("0.5kB", 500),
            ("1.9999B", 1),
            ("2TiB", 2 << 40),
            ("1KiB", 1024),
            ("1kiB", 1024),
        ];
        for (written, bytes) in cases {
            assert_eq!(byte_size(written), Some(bytes), "{written}");
        }
    }

    #[test]
    fn everything_else_is_none() {
        let cases = [
            "",
            " ",
            "64",
            "MiB",
            "-1MiB",
            "+1MiB",
            "1e3MB",
            "64mib",
            "64Mb",
            "64MiBs",
            "64 elephants",
            "1.MiB",
            ".5MiB",
            "1.2.3MiB",
            "1,5MiB",
            "64MiB 1KiB",
            "0x40MiB",
            "６４MiB",
            "64 µB",
            "18446744073709551616B",
            "99999999TiB",
            "1.0000000001MiB",
            "64iB",
        ];
        for written in cases {
            assert_eq!(byte_size(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(written in "\\PC{0,24}") {
            let _ = byte_size(&written);
        }

        #[test]
        fn whole_bytes_are_exact(bytes in any::<u64>()) {
            prop_assert_eq!(byte_size(&format!("{bytes}B")), Some(bytes));
        }
    }
}
