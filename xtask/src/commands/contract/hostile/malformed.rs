//! What two programs could read differently (RFC 9112, section 11.2), and what is no HTTP at all.

use super::{Attack, Due};
use crate::commands::contract::random::Random;

pub(super) fn attack(random: &mut Random) -> Attack {
    let bytes = match random.below(8) {
        0 => noise(random),
        1 => fixed(random.pick(LINES), random),
        2 => [b"GET / HTTP/1.1\r\nhost: a\r\n".as_slice(), &endless(random)].concat(),
        3 => with_body(random.pick(CHUNKS), random),
        _ => with_body(random.pick(LENGTHS), random),
    };
    Attack { kind: "malformed", bytes, due: Due::AtMostOne }
}

/// Behind the body that one reader sees, there stands the request that another one would see.
const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n";

/// Fields that say how long the body is, each wrong in its own way.
const LENGTHS: &[&str] = &[
    "content-length: 5\r\ncontent-length: 6\r\n\r\n0\r\n\r\n",
    "content-length: 0\r\ncontent-length: 5\r\n\r\n",
    "content-length: 5, 6\r\n\r\n0\r\n\r\n",
    "content-length: +5\r\n\r\n0\r\n\r\n",
    "content-length: -1\r\n\r\n",
    "content-length: 0x5\r\n\r\n0\r\n\r\n",
    "content-length: 5 5\r\n\r\n0\r\n\r\n",
    "content-length:\r\n\r\n",
    "content-length: 99999999999999999999\r\n\r\n",
    "content-length: five\r\n\r\n0\r\n\r\n",
    "content-length : 5\r\n\r\n0\r\n\r\n",
    "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    "transfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n0\r\n\r\n",
    "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding: identity\r\n\r\n0\r\n\r\n",
    "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "transfer-encoding: identity\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding: \u{b}chunked\r\n\r\n0\r\n\r\n",
    "transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "x: y\r\n transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "x: y\r\n\tobsolete fold\r\n\r\n",
    "x: nul\0byte\r\n\r\n",
    "x\0y: nul\r\n\r\n",
    "x: bare\rreturn\r\n\r\n",
    "no colon\r\n\r\n",
    ": no name\r\n\r\n",
    "two words: x\r\n\r\n",
];

/// Chunks that are none. What follows the first of them is not for the service to guess.
const CHUNKS: &[&str] = &[
    "transfer-encoding: chunked\r\n\r\nx\r\n",
    "transfer-encoding: chunked\r\n\r\n-1\r\n",
    "transfer-encoding: chunked\r\n\r\n0x5\r\nabcde\r\n",
    "transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF1\r\n",
    "transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
    "transfer-encoding: chunked\r\n\r\n5\r\nabcdeXX",
    "transfer-encoding: chunked\r\n\r\n2\n{}\n",
    "transfer-encoding: chunked\r\n\r\n5 5\r\nabcde\r\n",
    "transfer-encoding: chunked\r\n\r\n;\r\n",
    "transfer-encoding: chunked\r\n\r\n\r\n",
];

/// First lines that are none; `~` stands for some letters.
const LINES: &[&str] = &[
    "GET / HTTP/1.1\r\n\r\n", // no Host
    "GET /~ HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "GET /~ HTTP/1.0\r\n\r\n",
    "GET /~\r\n",
    "GET /~\r\n\r\n",
    "GET /~ HTTP/1.2\r\nhost: a\r\n\r\n",
    "GET /~ HTTP/2.0\r\nhost: a\r\n\r\n",
    "GET /~ HTTP/3\r\nhost: a\r\n\r\n",
    "GET /~ http/1.1\r\nhost: a\r\n\r\n",
    "GET /~ HTTP/1.1 extra\r\nhost: a\r\n\r\n",
    "GET  /~ HTTP/1.1\r\nhost: a\r\n\r\n",
    "GET\t/~\tHTTP/1.1\r\nhost: a\r\n\r\n",
    " GET /~ HTTP/1.1\r\nhost: a\r\n\r\n",
    "GET /~ HTTP/1.1\nhost: a\n\n", // bare LF
    "GET /~ HTTP/1.1\rhost: a\r\r",
    "GET /~ HTTP/1.1\r\n host: a\r\n\r\n",
    "G@T(~) / HTTP/1.1\r\nhost: a\r\n\r\n",
    "/~ HTTP/1.1\r\nhost: a\r\n\r\n",
    "\r\n\r\n\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "SSH-2.0-~\r\n",
    "CONNECT ~.example:443 HTTP/1.1\r\nhost: a\r\n\r\n",
    "CONNECT /~ HTTP/1.1\r\nhost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: ~\r\n\r\n",
    "EHLO ~\r\nMAIL FROM:<~@example>\r\n",
    "\u{0}\u{0}\u{0}~",
];

fn fixed(text: &str, random: &mut Random) -> Vec<u8> {
    text.replace('~', &random.letters(6)).into_bytes()
}

fn with_body(rest: &str, random: &mut Random) -> Vec<u8> {
    let (method, path) = (random.pick(&["GET", "POST", "PATCH"]), random.letters(6));
    let target = if random.one_in(2) { "/airports/CDG".to_owned() } else { format!("/{path}") };
    format!("{method} {target} HTTP/1.1\r\nhost: a\r\n{rest}{SMUGGLED}").into_bytes()
}

/// More fields, or longer ones, than any head may have.
fn endless(random: &mut Random) -> Vec<u8> {
    match random.below(3) {
        0 => format!("{}: x\r\n", random.letters(10)).repeat(random.pick(&[101, 1_000, 20_000])).into_bytes(),
        1 => [b"x: ".to_vec(), vec![b'a'; random.pick(&[100_000, 500_000, 900_000])]].concat(),
        _ => vec![b'a'; random.pick(&[70_000, 500_000])],
    }
}

/// Anything at all, or what greets in another protocol.
fn noise(random: &mut Random) -> Vec<u8> {
    let hello: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let length = random.between(1, 400);
    let bytes = random.bytes(length);
    if random.one_in(4) { [hello, &bytes].concat() } else { bytes }
}
