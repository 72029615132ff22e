//! Clients that go away: in the middle of the head, or of the body.

use super::{Attack, Due, TARGETS, bodies, request};
use crate::commands::contract::random::Random;

pub(super) fn attack(random: &mut Random) -> Attack {
    let bytes = if random.one_in(2) { head(random) } else { body(random) };
    let due = if random.one_in(3) { Due::Nothing } else { Due::AtMostOneAtTheEnd };
    Attack { kind: "cut", bytes, due }
}

fn head(random: &mut Random) -> Vec<u8> {
    let field = format!("user-agent: {}\r\n", random.letters(30));
    let mut bytes = request("GET", random.pick(TARGETS).as_bytes(), field.as_bytes());
    bytes.truncate(random.below(bytes.len()));
    bytes
}

/// Announces more than it sends.
fn body(random: &mut Random) -> Vec<u8> {
    let mut bytes = bodies::head(random);
    let rest = random.pick(&[
        "content-length: 100\r\n\r\n",
        "content-length: 100\r\n\r\n{\"name\":\"Roissy",
        "content-length: 16384\r\nexpect: 100-continue\r\n\r\n",
        "content-length: 9223372036854775807\r\n\r\n{}",
        "transfer-encoding: chunked\r\n\r\n",
        "transfer-encoding: chunked\r\n\r\n5\r\n{\"n",
        "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-trailer",
    ]);
    bytes.extend(rest.as_bytes());
    bytes
}
