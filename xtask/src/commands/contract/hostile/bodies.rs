//! Changes of airports: bodies that are junk, with keys that are junk, and with those of the demonstration.

use super::{Attack, Due};
use crate::commands::contract::random::Random;

/// Longer than the service reads.
const LONG: usize = 16 * 1024;

pub(super) fn attack(random: &mut Random) -> Attack {
    let body = body(random);
    let due = if body.len() >= LONG {
        Due::AnswerOrClose { to_head: false }
    } else {
        Due::Answer { to_head: false }
    };
    let mut bytes = head(random);
    bytes.extend(if random.one_in(4) { chunked(random, &body) } else { counted(&body) });
    Attack { kind: "bodies", bytes, due }
}

pub(super) fn head(random: &mut Random) -> Vec<u8> {
    let code = random.capitals(3);
    let code = random.pick(&["CDG", "CDG", "JFK", "QQQ", "C1G", "%00", &code]);
    let method = if random.one_in(12) { random.pick(&["PUT", "POST", "DELETE", "GET"]) } else { "PATCH" };
    let media = random.pick(&[
        "application/json",
        "application/json",
        "application/json",
        "application/merge-patch+json",
        "application/json; charset=utf-16",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "\u{e9}",
        "",
        "json",
    ]);
    let key = key(random);
    format!("{method} /airports/{code} HTTP/1.1\r\nhost: airports\r\ncontent-type: {media}\r\n{key}")
        .into_bytes()
}

/// The right keys are among them, because what stands behind a lock must not break either.
fn key(random: &mut Random) -> String {
    let junk = random.letters(24);
    match random.below(10) {
        0..4 => "x-api-key: demo-editor\r\n".to_owned(),
        4 => "x-api-key: demo-reader\r\n".to_owned(),
        5 => format!("x-api-key: {}\r\n", random.letters(4_096)),
        6 => "x-api-key: demo-editor\r\nx-api-key: demo-reader\r\n".to_owned(),
        7 => "x-api-key: DEMO-EDITOR\r\nauthorization: Bearer demo-editor\r\n".to_owned(),
        8 => String::new(),
        _ => format!("x-api-key: {junk}\r\n"),
    }
}

fn counted(body: &[u8]) -> Vec<u8> {
    [format!("content-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

/// In pieces of random size, with extensions and trailers now and then.
fn chunked(random: &mut Random, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"transfer-encoding: chunked\r\n\r\n".to_vec();
    let size = random.between(1, 200);
    for piece in body.chunks(size) {
        let extension = random.pick(&["", "", ";a=b", ";quoted=\"x\""]);
        bytes.extend(format!("{:x}{extension}\r\n", piece.len()).into_bytes());
        bytes.extend_from_slice(piece);
        bytes.extend(b"\r\n");
    }
    bytes.extend(
        random.pick(&["0\r\n\r\n", "0\r\n\r\n", "000\r\n\r\n", "0\r\nx-trailer: 1\r\n\r\n"]).as_bytes(),
    );
    bytes
}

fn body(random: &mut Random) -> Vec<u8> {
    match random.below(12) {
        0 => {
            let length = random.below(300);
            random.bytes(length)
        }
        1 => {
            random.pick(&["[", "{\"name\":", "[{\"a\":"]).repeat(random.pick(&[10, 200, 1_500])).into_bytes()
        }
        2 => format!("{{\"{}\":1}}", random.letters(8)).into_bytes(),
        3 => format!("{{\"name\":\"{}\"}}", random.letters(20)).into_bytes(),
        4 => {
            let whole = r#"{"name":"Roissy","city":"Paris","elevation":392}"#;
            whole.as_bytes()[..random.below(whole.len())].to_vec()
        }
        5 => b"{\"name\":\"\xff\xfe\xc0\xaf\"}".to_vec(),
        6 => vec![b'x'; random.pick(&[LONG, LONG + 1, 4 * LONG, 60 * LONG])],
        7 => Vec::new(),
        _ => member(random).into_bytes(),
    }
}

/// A field that there is, with what does not belong into it.
fn member(random: &mut Random) -> String {
    let name =
        random.pick(&["name", "city", "subdivision", "elevation", "lat", "lon", "iata", "__proto__", ""]);
    let value = random.pick(&[
        "null",
        "true",
        "{}",
        "[]",
        "[[1]]",
        "\"\"",
        "\"  \"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"two\\nlines\"",
        "-0.0",
        "1e308",
        "1e309",
        "-1e999",
        "NaN",
        "0x10",
        "012",
        "18446744073709551616",
        "\"x\",\"name\":\"y\"",
        "{\"$gt\":\"\"}",
        "\"' OR 1=1 --\"",
        "\"<script>\"",
        "\"\u{202e}\u{1f6eb}\"",
        "9",
        "-5",
    ]);
    format!("{{\"{name}\":{value}}}")
}
