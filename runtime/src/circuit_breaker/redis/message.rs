//! What processes tell each other, and how orders and openings are written.

use std::time::Duration;

use super::super::called::Called;
use super::super::remote::{Forced, Heard, MOST_NODES, Node, Openings, Order};

const MAGIC: &str = "tgb1\n";
/// A clock that lies further ahead than this is nobody's: the year 2255. Numbers below it are exact in Lua.
const LATEST: u64 = 9_000_000_000_000_000;

/// How a message about openings begins; the script writes [`openings`] behind it.
pub(super) fn about_openings(called: &Called) -> String {
    format!("{MAGIC}o\n{called}\n")
}

/// How a message about an order begins; the script writes [`order`] behind it.
pub(super) fn about_order(called: &Called) -> String {
    format!("{MAGIC}f\n{called}\n")
}

/// What a message says; nothing where it is none of ours.
pub(super) fn read(bytes: &[u8]) -> Option<Heard> {
    let text = str::from_utf8(bytes).ok()?.strip_prefix(MAGIC)?;
    let (kind, text) = text.split_once('\n')?;
    let (called, text) = text.split_once('\n')?;
    let called = Called::read(called)?;
    match kind {
        "o" => openings(text).map(|openings| Heard::Opened(called, openings)),
        "f" => order(text).map(|order| Heard::Forced(called, order)),
        _ => None,
    }
}

/// `node:milliseconds node:milliseconds`, the longest first.
pub(super) fn openings(text: &str) -> Option<Openings> {
    text.split_ascii_whitespace().take(MOST_NODES).map(opening).collect()
}

fn opening(word: &str) -> Option<(Node, Duration)> {
    let (node, left) = word.split_once(':')?;
    Some((Node(u64::from_str_radix(node, 16).ok()?), Duration::from_millis(left.parse().ok()?)))
}

pub(super) fn node(node: Node) -> String {
    format!("{:016x}", node.0)
}

/// `microseconds o`.
pub(super) fn order(text: &str) -> Option<Order> {
    let (stamp, forced) = text.split_once(' ')?;
    let stamp = stamp.parse().ok().filter(|stamp| *stamp < LATEST)?;
    let forced = match forced {
        "o" => Forced::Open,
        "c" => Forced::Closed,
        "a" => Forced::Not,
        _ => return None,
    };
    Some(Order { stamp, forced })
}

pub(super) const fn letter(forced: Forced) -> &'static str {
    match forced {
        Forced::Open => "o",
        Forced::Closed => "c",
        Forced::Not => "a",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn forced() -> impl Strategy<Value = Forced> {
        prop_oneof![Just(Forced::Open), Just(Forced::Closed), Just(Forced::Not)]
    }

    proptest! {
        #[test]
        fn messages_are_read_as_they_were_written(name: String, stamp in 0..LATEST, forced in forced(), left: u32, of: u64) {
            let called = Called::site(&name, None);
            prop_assume!(Called::read(called.as_str()).is_some());
            let order = Order { stamp, forced };
            let message = format!("{}{stamp} {}", about_order(&called), letter(forced));
            prop_assert_eq!(read(message.as_bytes()), Some(Heard::Forced(called.clone(), order)));
            let message = format!("{}{}:{left} {}:7", about_openings(&called), node(Node(of)), node(Node(1)));
            let openings = vec![(Node(of), Duration::from_millis(left.into())), (Node(1), Duration::from_millis(7))];
            prop_assert_eq!(read(message.as_bytes()), Some(Heard::Opened(called, openings)));
        }

        #[test]
        fn foreign_messages_are_none(bytes: Vec<u8>) {
            prop_assert_eq!(read(&bytes), None);
            let ours = [MAGIC.as_bytes(), &bytes].concat();
            let _ = read(&ours);
        }
    }

    #[test]
    fn broken_messages_are_none() {
        let broken = [
            "",
            "f",
            "f\na",
            "f\na\n",
            "f\na\n1 x",
            "f\na\n9000000000000000 o",
            "x\na\n1 o",
            "o\na\n1",
            "o\n\n1:1",
            "o\na\nz:1",
        ];
        for text in broken {
            assert_eq!(read(format!("{MAGIC}{text}").as_bytes()), None, "{text:?}");
        }
    }
}
