//! The calls that try whether what is behind a breaker works again.

use super::super::engine::Trial;
use super::tagged::Tagged;

/// How many have been let through, and what became of them: ten bits each.
#[derive(Debug)]
pub(super) struct Trials {
    word: Tagged<40>,
}

impl Trials {
    pub(super) fn new() -> Self {
        Self { word: Tagged::new() }
    }

    /// Lets one more through, if not so many are.
    pub(super) fn take(&self, generation: u64, most: u32, is_current: &impl Fn() -> bool) -> bool {
        let one_more = |word| {
            let trial = read(word);
            (trial.taken < most).then(|| write(Trial { taken: trial.taken + 1, ..trial }))
        };
        self.word.step(generation, is_current, one_more).is_some()
    }

    /// One has come back with nothing to say: another may go.
    pub(super) fn give_back(&self, generation: u64) {
        self.change(generation, |trial| Trial { taken: trial.taken.saturating_sub(1), ..trial });
    }

    /// One has come back. How it stands then; nothing where that was decided already.
    pub(super) fn result(&self, generation: u64, failed: bool, slow: bool) -> Option<Trial> {
        self.change(generation, |trial| Trial {
            successes: trial.successes + u32::from(!failed),
            failures: trial.failures + u32::from(failed),
            slow: trial.slow + u32::from(slow),
            ..trial
        })
    }

    pub(super) fn of(&self, generation: u64) -> Trial {
        read(self.word.of(generation))
    }

    /// Who was let through has left its mark, so a word of another generation is of a later one.
    fn change(&self, generation: u64, change: impl Fn(Trial) -> Trial) -> Option<Trial> {
        let (_, word) = self.word.step(generation, &|| false, |word| Some(write(change(read(word)))))?;
        Some(read(word))
    }
}

fn read(word: u64) -> Trial {
    let ten = |shift: u32| u32::try_from(word >> shift & 0x3ff).unwrap_or(0);
    Trial { taken: ten(30), successes: ten(20), failures: ten(10), slow: ten(0) }
}

fn write(trial: Trial) -> u64 {
    let ten = |count: u32, shift: u32| u64::from(count & 0x3ff) << shift;
    ten(trial.taken, 30) | ten(trial.successes, 20) | ten(trial.failures, 10) | ten(trial.slow, 0)
}
