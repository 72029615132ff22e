//! Methods: those of `WebDAV` and its kin, and thousands that nobody has heard of.

use super::{Attack, Due, TARGETS, request};
use crate::commands::contract::random::Random;

/// What RFC 9110 lets a method consist of.
const TOKEN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";

const KNOWN: &[&str] = &["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];

const FOREIGN: &[&str] = &[
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "ORDERPATCH",
    "PRI",
    "PROPFIND",
    "PROPPATCH",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
    "M-SEARCH",
    "NOTIFY",
    "SUBSCRIBE",
    "PURGE",
    "BAN",
    "DEBUG",
    "TRACK",
    "GETS",
    "get",
    "Get",
    "_OTHER",
    "_",
    "-",
];

pub(super) fn attack(random: &mut Random) -> Attack {
    let method = match random.below(10) {
        0 => random.pick(KNOWN).to_owned(),
        1 => random.pick(FOREIGN).to_owned(),
        2 => {
            let length = random.pick(&[100, 1_000, 8_000, 16_000]);
            random.capitals(length)
        }
        _ => invented(random),
    };
    let due = Due::Answer { to_head: method == "HEAD" };
    Attack { kind: "methods", bytes: request(&method, random.pick(TARGETS).as_bytes(), b""), due }
}

fn invented(random: &mut Random) -> String {
    let length = random.between(4, 20);
    let alphabet = random.pick(&["ABCDEFGHIJKLMNOPQRSTUVWXYZ", TOKEN]);
    random.text(alphabet, length)
}
