//! Requests that nobody sends in good faith, each made from a seed and a number alone.

mod bodies;
mod cut;
mod fields;
mod malformed;
mod methods;
mod paths;

use super::random::Random;

/// One request, or what pretends to be one, and what must come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attack {
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) due: Due,
}

/// What the service owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// A whole request: exactly one answer, and the connection may go on. With `to_head` the answer has no body.
    Answer { to_head: bool },
    /// So long that the service may close before it has read everything; then the answer can get lost on its way.
    AnswerOrClose { to_head: bool },
    /// No request by the book, on a connection of its own: one answer at most, then the end.
    AtMostOne,
    /// As `AtMostOne`, and the client has closed its side of the connection before there can be an answer.
    AtMostOneAtTheEnd,
    /// The client goes away in the middle and reads nothing: the service must get over it.
    Nothing,
}

/// In this order, again and again. What reaches deepest comes most often.
const TURNS: [fn(&mut Random) -> Attack; 20] = [
    paths::attack,
    methods::attack,
    fields::attack,
    bodies::attack,
    malformed::attack,
    cut::attack,
    paths::attack,
    methods::attack,
    fields::attack,
    bodies::attack,
    malformed::attack,
    cut::attack,
    paths::attack,
    methods::attack,
    fields::attack,
    bodies::attack,
    malformed::attack,
    paths::attack,
    fields::attack,
    bodies::attack,
];

/// The attack of that number in the campaign of that seed.
pub(super) fn attack(seed: u64, index: usize) -> Attack {
    let make = TURNS[index % TURNS.len()];
    make(&mut Random::new(seed, u64::try_from(index).unwrap_or_default()))
}

/// What the service serves, and what it may serve some day.
const TARGETS: &[&str] = &[
    "/",
    "/airports",
    "/airports?country=FR&limit=2",
    "/airports/CDG",
    "/airports/QQQ",
    "/airports/CDG/weather",
    "/airports/nearest?lat=0&lon=0&k=1",
    "/distance/CDG/JFK",
    "/openapi.json",
    "/docs/",
    "/metrics",
    "/me",
    "/admin/inventory",
    "/nothing",
];

/// A request with nothing unusual beside what is handed in.
fn request(method: &str, target: &[u8], fields: &[u8]) -> Vec<u8> {
    [method.as_bytes(), b" ", target, b" HTTP/1.1\r\nhost: airports\r\n", fields, b"\r\n"].concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    use super::*;

    const MANY: usize = 4_000;

    /// Made once: some of them are long.
    fn all() -> &'static [Attack] {
        static ALL: LazyLock<Vec<Attack>> =
            LazyLock::new(|| (0..MANY).map(|index| attack(1, index)).collect());
        &ALL
    }

    fn words(kind: &str, place: usize) -> usize {
        let attacks = all().iter().filter(|attack| attack.kind == kind);
        let words: BTreeSet<_> =
            attacks.filter_map(|attack| attack.bytes.split(|byte| *byte == b' ').nth(place)).collect();
        words.len()
    }

    #[test]
    fn a_seed_says_it_all() {
        assert_eq!(attack(1, 77), attack(1, 77));
        assert_ne!(attack(1, 77), attack(2, 77));
    }

    #[test]
    fn another_seed_makes_other_requests() {
        let one: BTreeSet<&[u8]> = all().iter().map(|attack| attack.bytes.as_slice()).collect();
        assert!(one.len() > MANY * 4 / 5, "{}", one.len());
        let repeated = (0..MANY).filter(|index| one.contains(attack(2, *index).bytes.as_slice())).count();
        assert!(repeated < MANY / 4, "{repeated}");
    }

    #[test]
    fn most_paths_and_methods_are_new() {
        assert!(words("paths", 1) > 500, "{}", words("paths", 1));
        assert!(words("methods", 0) > 400, "{}", words("methods", 0));
    }

    #[test]
    fn what_owes_an_answer_is_a_whole_request() {
        for attack in all().iter().filter(|attack| matches!(attack.due, Due::Answer { .. })) {
            let whole = attack.bytes.windows(4).any(|window| window == b"\r\n\r\n");
            assert!(whole, "{}", attack.bytes.escape_ascii());
        }
    }

    #[test]
    fn every_kind_comes_often() {
        for kind in ["paths", "methods", "fields", "bodies", "malformed", "cut"] {
            let count = all().iter().filter(|attack| attack.kind == kind).count();
            assert!(count >= MANY / 10, "{kind}: {count}");
        }
    }
}
