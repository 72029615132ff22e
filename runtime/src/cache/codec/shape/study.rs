//! What was found out so far, and what is to be tried next.

use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::complaint::Complaint;
use super::written::Written;

/// A place in a value: a digest of the fields, variants and numbers on the way there.
pub(super) type Path = u64;

/// More is not noted.
const MOST_NOTES: usize = 100_000;
/// So many names are learned.
const MOST_NAMES: usize = 64;
/// So many places that take anything are told apart.
const MOST_OPEN: usize = 48;
/// A name that stands so often among those around a value is a recursion. Generic types stand in themselves a few times.
const MOST_ALIKE: usize = 4;
/// So deep a value is made up.
const MOST_DEEP: usize = 40;
/// How often each of several ways is tried: what stands deeper has to find its own.
const ROUNDS: usize = 4;

/// What is known.
pub(super) struct Study {
    hasher: SipHasher13,
    notes: usize,
    points: HashMap<Path, Point>,
    /// Places of which the last try failed: their neighbours come first.
    failed: HashSet<Path>,
    /// Fields that are other names of a field before.
    skipped: HashSet<Path>,
    /// Places that take anything, in the order in which they were met.
    open: Vec<(Path, Open)>,
    /// Which of them were fed in this run.
    fed: Vec<usize>,
    /// The one that was changed last.
    changed: Option<usize>,
    /// Names of fields and of variants that were not told beforehand.
    pub(super) keys: Vec<String>,
    pub(super) words: Vec<String>,
    /// The last number or text that was given.
    last_leaf: Option<(Path, usize)>,
    /// What stands around the present place.
    around: Vec<&'static str>,
    has_news: bool,
    pub(super) is_faithful: bool,
}

/// Where there are several ways to go on.
#[derive(Default)]
struct Point {
    tried: usize,
    good: Option<usize>,
}

/// Where anything is taken, and judged later.
#[derive(Default)]
struct Open {
    at: usize,
    good: Option<usize>,
    is_done: bool,
    /// Whether it says what stands beside it, and names are all that it takes.
    is_tag: bool,
}

impl Study {
    pub(super) fn new() -> Self {
        Self {
            hasher: SipHasher13::new(),
            notes: 0,
            points: HashMap::new(),
            failed: HashSet::new(),
            skipped: HashSet::new(),
            open: Vec::new(),
            fed: Vec::new(),
            changed: None,
            keys: Vec::new(),
            words: Vec::new(),
            last_leaf: None,
            around: Vec::new(),
            has_news: false,
            is_faithful: true,
        }
    }

    pub(super) fn fingerprint(&self) -> u64 {
        self.hasher.finish()
    }

    /// Notes something, its parts apart.
    pub(super) fn note(&mut self, parts: &[&[u8]]) {
        if self.notes < MOST_NOTES {
            self.notes += 1;
            for part in parts {
                self.hasher.write_usize(part.len());
                self.hasher.write(part);
            }
        }
    }

    /// Enters something with a name; `false` where that goes too deep.
    pub(super) fn enter(&mut self, name: &'static str) -> bool {
        let alike = self.around.iter().filter(|other| **other == name).count();
        let may = self.around.len() < MOST_DEEP && (name.is_empty() || alike < MOST_ALIKE);
        if may {
            self.around.push(name);
        }
        may
    }

    pub(super) fn leave(&mut self) {
        self.around.pop();
    }

    /// Which of so many ways is gone, each of which is to be gone: the variants of an enum.
    pub(super) fn each_of(&mut self, path: Path, count: usize) -> usize {
        let point = self.points.entry(path).or_default();
        if point.tried < count.saturating_mul(ROUNDS) {
            let way = point.tried % count.max(1);
            point.tried += 1;
            self.has_news = true;
            return way;
        }
        point.good.unwrap_or_default()
    }

    /// Which of so many ways is gone, of which one is enough, the first ones before the others.
    pub(super) fn one_of(&mut self, path: Path, count: usize) -> usize {
        let point = self.points.entry(path).or_default();
        if let Some(good) = point.good {
            return good;
        }
        if point.tried < count {
            point.tried += 1;
            self.has_news = true;
        }
        point.tried.saturating_sub(1)
    }

    /// The same for something that is there or not: mostly it is.
    pub(super) fn is_there(&mut self, path: Path) -> (bool, usize) {
        let way = self.one_of(path, ROUNDS + 1);
        (way < ROUNDS, way)
    }

    /// The same for a number or a text.
    pub(super) fn leaf(&mut self, path: Path, count: usize) -> usize {
        self.last_leaf = Some((path, count));
        self.one_of(path, count)
    }

    /// That way came to an end.
    pub(super) fn went(&mut self, path: Path, way: usize, well: bool) {
        if well && let Some(point) = self.points.get_mut(&path) {
            point.good.get_or_insert(way);
        }
    }

    /// What is given to something that takes anything, or any name, and its number.
    pub(super) fn open(&mut self, path: Path, is_tag: bool) -> (usize, usize) {
        let known = self.open.iter().position(|(other, _)| *other == path);
        let number = known.unwrap_or_else(|| {
            if self.open.len() < MOST_OPEN {
                self.open.push((path, Open { is_tag, ..Open::default() }));
                self.has_news = true;
                self.changed = None;
            }
            self.open.len() - 1
        });
        self.fed.push(number);
        (self.open.get(number).map_or(0, |(_, open)| open.at), number)
    }

    /// Whether a field is fed at all, and whether it comes last.
    pub(super) fn is_skipped(&self, path: Path) -> bool {
        self.skipped.contains(&path)
    }

    pub(super) fn has_failed(&self, path: Path) -> bool {
        self.failed.contains(&path)
    }

    pub(super) fn field(&mut self, path: Path, well: bool) {
        if well {
            self.failed.remove(&path);
        } else {
            self.has_news |= self.failed.insert(path);
        }
    }

    /// A field whose name alone was refused.
    pub(super) fn skip(&mut self, path: Path) {
        self.has_news |= self.skipped.insert(path);
    }

    /// Makes what can be made of a run. Tells whether another one may bring more.
    pub(super) fn learn(&mut self, complaints: &[Complaint], written: Option<&Written>) -> bool {
        let mut has_names = false;
        for complaint in complaints {
            has_names |= self.hear(complaint);
        }
        if let Some(written) = written {
            self.note(&[b"written", &written.digest.to_le_bytes()]);
            for key in &written.keys {
                has_names |= learned(&mut self.keys, key);
            }
        }
        let is_new = has_names || self.try_else(complaints, written.is_some());
        self.around.clear();
        self.fed.clear();
        let goes_on = std::mem::take(&mut self.has_news) || is_new;
        goes_on && self.notes < MOST_NOTES
    }

    fn hear(&mut self, complaint: &Complaint) -> bool {
        match complaint {
            Complaint::Missing(field) => {
                self.note(&[b"missing", field.as_bytes()]);
                learned(&mut self.keys, field)
            }
            Complaint::Unexpected { expected, .. } => {
                self.note(&[b"expected", expected.as_bytes()]);
                false
            }
            Complaint::Names(names) => {
                for name in *names {
                    self.note(&[b"name", name.as_bytes()]);
                }
                names.iter().fold(false, |any, name| learned(&mut self.words, name) | any)
            }
            Complaint::Other => {
                self.note(&[b"other"]);
                false
            }
        }
    }

    /// Changes one thing for the next run.
    fn try_else(&mut self, complaints: &[Complaint], well: bool) -> bool {
        if well {
            self.changed = None;
            for number in &self.fed {
                if let Some((_, open)) = self.open.get_mut(*number) {
                    open.good.get_or_insert(open.at);
                }
            }
        }
        let accused = complaints.iter().find_map(|complaint| match complaint {
            Complaint::Unexpected { number: Some(number), .. } => usize::try_from(*number).ok(),
            _ => None,
        });
        let is_open = |number: &usize| self.open.get(*number).is_some_and(|(_, open)| !open.is_done);
        let was_fed = |number: &usize| self.fed.contains(number);
        let accused = accused.filter(is_open).filter(was_fed).filter(|_| !well);
        let changed = self.changed.filter(is_open).filter(was_fed);
        let last = self.fed.iter().rev().copied().find(is_open);
        match accused.or(changed).or(last) {
            Some(number) => {
                self.change(number);
                true
            }
            None => !well && !self.has_news && self.try_another_leaf(),
        }
    }

    /// The next way of a place. Behind another tag stands something else.
    fn change(&mut self, number: usize) {
        let words = self.words.len();
        let Some((_, open)) = self.open.get_mut(number) else { return };
        open.at += 1;
        if open.at >= if open.is_tag { words } else { super::feeder::WAYS + words } {
            open.is_done = true;
            open.at = open.good.unwrap_or_default();
        }
        self.changed = (!open.is_tag).then_some(number);
        if open.is_tag && !open.is_done {
            let behind = self.fed.iter().skip_while(|fed| **fed != number).skip(1);
            for number in behind {
                if let Some((_, open)) = self.open.get_mut(*number) {
                    *open = Open { is_tag: open.is_tag, ..Open::default() };
                }
            }
        }
    }

    /// What was given last may have been read, and refused by whoever checked it then.
    fn try_another_leaf(&mut self) -> bool {
        let Some((path, count)) = self.last_leaf else { return false };
        let point = self.points.entry(path).or_default();
        let can = point.tried < count;
        if can {
            point.good = None;
        }
        can
    }
}

fn learned(names: &mut Vec<String>, name: &str) -> bool {
    let is_new = names.len() < MOST_NAMES && !names.iter().any(|known| known == name);
    if is_new {
        names.push(name.to_owned());
    }
    is_new
}

/// The place of a part.
pub(super) fn part_of(path: Path, part: &str) -> Path {
    let mut hasher = SipHasher13::new();
    hasher.write_u64(path);
    hasher.write(part.as_bytes());
    hasher.finish()
}
