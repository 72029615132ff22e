//! Reads libtest's result lines out of a stream and adds them up.

use std::ops::AddAssign;

/// How many tests passed, failed and were ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        let Self { passed, failed, ignored } = other;
        self.passed += passed;
        self.failed += failed;
        self.ignored += ignored;
    }
}

/// Takes the output in pieces of any size; a line may be split anywhere.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    tally: Tally,
    line: Vec<u8>,
}

impl Counter {
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    pub(crate) fn finish(mut self) -> Tally {
        self.end_line();
        self.tally
    }

    fn end_line(&mut self) {
        if let Some(tally) = result_line(&String::from_utf8_lossy(&self.line)) {
            self.tally += tally;
        }
        self.line.clear();
    }
}

/// Parses `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; ..`.
fn result_line(line: &str) -> Option<Tally> {
    let mut counts = line.strip_prefix("test result: ")?.split(';');
    let passed = counted("passed", counts.next()?)?;
    let failed = counted("failed", counts.next()?)?;
    let ignored = counted("ignored", counts.next()?)?;
    Some(Tally { passed, failed, ignored })
}

/// The number before `what` at the end of `part`. Whatever stands further ahead, a verdict in colour too, is
/// passed over.
fn counted(what: &str, part: &str) -> Option<u64> {
    part.strip_suffix(what)?.split_whitespace().next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_BINARIES: &str = "\
running 4 tests
test one ... ok

test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

running 2 tests
test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 12.30s
";
    const BOTH: Tally = Tally { passed: 4, failed: 1, ignored: 1 };

    fn count(output: &[u8], size: usize) -> Tally {
        let mut counter = Counter::default();
        output.chunks(size).for_each(|piece| counter.feed(piece));
        counter.finish()
    }

    #[test]
    fn results_add_up_however_the_stream_is_cut() {
        for size in 1..=TWO_BINARIES.len() {
            assert_eq!(count(TWO_BINARIES.as_bytes(), size), BOTH, "pieces of {size}");
        }
    }

    #[test]
    fn the_last_line_needs_no_line_feed() {
        assert_eq!(count(TWO_BINARIES.trim_end().as_bytes(), 64), BOTH);
    }

    #[test]
    fn colour_is_no_obstacle() {
        let line = "test result: \x1b[32mok\x1b(B\x1b[m. 12 passed; 0 failed; 2 ignored; 0 measured";
        assert_eq!(result_line(line), Some(Tally { passed: 12, failed: 0, ignored: 2 }));
    }

    #[test]
    fn only_whole_result_lines_count() {
        assert_eq!(result_line("note: test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured"), None);
        assert_eq!(result_line("test result: ok. 3 passed; 0 failed"), None);
        assert_eq!(result_line("test result: ok. many passed; 0 failed; 0 ignored; 0 measured"), None);
        assert_eq!(result_line("test result::parses ... ok"), None);
    }

    #[test]
    fn bytes_that_are_no_text_are_passed_over() {
        assert_eq!(
            count(b"\xff\xfe\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured\n", 3).passed,
            1
        );
    }
}
