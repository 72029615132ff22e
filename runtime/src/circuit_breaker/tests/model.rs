//! A breaker against one that is written down as simply as can be.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

/// All results, when they came, and a state.
struct Model {
    rule: Rule,
    results: VecDeque<(u64, bool)>,
    state: BreakerState,
    until: u64,
    trials: Vec<bool>,
    taken: usize,
    generation: u32,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    Row(usize),
    Calls { minimum: usize, size: usize },
    Time { minimum: usize, seconds: u64 },
}

const TRIALS: usize = 3;

impl Model {
    fn become_(&mut self, state: BreakerState) {
        self.state = state;
        self.results.clear();
        self.trials.clear();
        self.taken = 0;
        self.generation += 1;
    }

    fn ask(&mut self, now: u64) -> Option<u32> {
        if self.state == BreakerState::Open && now >= self.until {
            self.become_(BreakerState::HalfOpen);
        }
        match self.state {
            BreakerState::Closed => Some(self.generation),
            BreakerState::HalfOpen if self.taken < TRIALS => {
                self.taken += 1;
                Some(self.generation)
            }
            _ => None,
        }
    }

    fn open(&mut self, now: u64) {
        self.become_(BreakerState::Open);
        self.until = now + 5 * SECOND;
    }

    /// Half of them opens.
    fn end(&mut self, generation: u32, result: char, now: u64) {
        if generation != self.generation {
            return;
        }
        let failed = result == 'F';
        match (self.state, result) {
            (BreakerState::HalfOpen, 'X' | 'C') => self.taken -= 1,
            (BreakerState::HalfOpen, _) => {
                self.trials.push(failed);
                let failures = self.trials.iter().filter(|failed| **failed).count();
                if matches!(self.rule, Rule::Row(_)) && failures > 0 {
                    self.open(now);
                } else if self.trials.len() == TRIALS {
                    if 2 * failures >= TRIALS { self.open(now) } else { self.become_(BreakerState::Closed) }
                }
            }
            (_, 'X' | 'C') => {}
            _ => {
                self.results.push_back((now, failed));
                if self.is_exceeded(now) {
                    self.open(now);
                }
            }
        }
    }

    fn is_exceeded(&mut self, now: u64) -> bool {
        let minimum = match self.rule {
            Rule::Row(length) => {
                return self.results.iter().rev().take_while(|(_, failed)| *failed).count() >= length;
            }
            Rule::Calls { minimum, size } => {
                while self.results.len() > size {
                    self.results.pop_front();
                }
                minimum.min(size)
            }
            Rule::Time { minimum, seconds } => {
                self.age(now, seconds);
                minimum
            }
        };
        let failures = self.results.iter().filter(|(_, failed)| *failed).count();
        self.results.len() >= minimum && 2 * failures >= self.results.len()
    }

    fn age(&mut self, now: u64, seconds: u64) {
        let width = seconds * SECOND / 10;
        self.results.retain(|(at, _)| at / width + 10 > now / width);
    }

    fn policy(&self) -> CircuitBreaker {
        let policy = match self.rule {
            Rule::Row(length) => in_a_row(length as u32),
            Rule::Calls { minimum, size } => of_calls(50, minimum as u32, size as u32),
            Rule::Time { minimum, seconds } => of_time(50, minimum as u32, seconds),
        };
        policy.half_open_calls(TRIALS as u32)
    }

    fn counts(&mut self, now: u64) -> (u32, u32) {
        if let Rule::Time { seconds, .. } = self.rule {
            self.age(now, seconds);
        }
        let failures = self.results.iter().filter(|(_, failed)| *failed).count();
        let row = self.results.iter().rev().take_while(|(_, failed)| *failed).count();
        match self.rule {
            Rule::Row(_) => (row as u32, row as u32),
            _ => (self.results.len() as u32, failures as u32),
        }
    }
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (1_usize..6).prop_map(Rule::Row),
        (1_usize..8, 1_usize..50).prop_map(|(minimum, size)| Rule::Calls { minimum, size }),
        (1_usize..8, 1_u64..12).prop_map(|(minimum, seconds)| Rule::Time { minimum, seconds }),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Ask,
    End(prop::sample::Index, char),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let end = prop_oneof![5 => Just('S'), 3 => Just('F'), 1 => Just('X'), 1 => Just('C')];
    let step = prop_oneof![
        5 => Just(Step::Ask),
        5 => (any::<prop::sample::Index>(), end).prop_map(|(which, end)| Step::End(which, end)),
        2 => (0_u64..3000).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..300)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn it_is_what_the_model_is(rule in rules(), steps in steps()) {
        let mut model = Model {
            rule,
            results: VecDeque::new(),
            state: BreakerState::Closed,
            until: 0,
            trials: Vec::new(),
            taken: 0,
            generation: 0,
        };
        let rig = Rig::new(model.policy());
        let mut under_way = Vec::new();
        for step in steps {
            let now = rig.now().as_nanos();
            match step {
                Step::Ask => {
                    let (asked, expected) = (rig.ask(), model.ask(now));
                    prop_assert_eq!(asked.is_ok(), expected.is_some());
                    under_way.extend(asked.ok().zip(expected));
                }
                Step::End(which, end) if !under_way.is_empty() => {
                    let (permit, generation) = under_way.swap_remove(which.index(under_way.len()));
                    rig.end(permit, end);
                    model.end(generation, end, now);
                }
                Step::End(..) => {}
                Step::Wait(millis) => rig.wait(millis),
            }
            prop_assert_eq!(rig.state(), model.state);
            let (calls, failures, _) = rig.counts();
            prop_assert_eq!((calls, failures), model.counts(rig.now().as_nanos()));
        }
    }
}
