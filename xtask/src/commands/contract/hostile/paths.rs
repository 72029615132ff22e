//! Paths and queries: junk, traversal, disguises, and very many of them.

use super::{Attack, Due, request};
use crate::commands::contract::random::Random;

/// Longer than any server reads as a target.
const ENDLESS: usize = 65_000;

pub(super) fn attack(random: &mut Random) -> Attack {
    let target = random.pick(SHAPES)(random);
    let due = if target.len() > ENDLESS {
        Due::AnswerOrClose { to_head: false }
    } else {
        Due::Answer { to_head: false }
    };
    Attack { kind: "paths", bytes: request("GET", &target, b""), due }
}

const SHAPES: &[fn(&mut Random) -> Vec<u8>] = &[
    many, many, many, codes, codes, encoded, encoded, printable, raw, traversal, suffixed, disguised, labels,
    long, absolute, slashes, query, query, injection,
];

/// What would become a series each, if paths were labels.
fn many(random: &mut Random) -> Vec<u8> {
    let depth = random.between(1, 6);
    let parts: Vec<String> = (0..depth)
        .map(|_| {
            let length = random.between(1, 12);
            random.text("abcdefghijklmnopqrstuvwxyz0123456789-_.~", length)
        })
        .collect();
    format!("/{}", parts.join("/")).into_bytes()
}

fn codes(random: &mut Random) -> Vec<u8> {
    let (one, other) = (random.capitals(3), random.capitals(3));
    let text = match random.below(4) {
        0 => format!("/distance/{one}/{other}"),
        1 => format!("/airports/{one}/{other}"),
        2 => format!("/airports/{one}{other}"),
        _ => format!("/airports/{one}"),
    };
    text.into_bytes()
}

/// Any bytes, percent-encoded, whole or cut.
fn encoded(random: &mut Random) -> Vec<u8> {
    let length = random.between(1, 40);
    let text: Vec<String> = random.bytes(length).iter().map(|byte| format!("%{byte:02X}")).collect();
    let mut text = text.concat();
    text.truncate(text.len() - random.below(3));
    let root = random.pick(&["/", "/airports/", "/distance/CDG/", "/docs/"]);
    format!("{root}{text}").into_bytes()
}

fn printable(random: &mut Random) -> Vec<u8> {
    let length = random.between(1, 60);
    let bytes = (0..length).map(|_| b'!' + random.byte() % 94);
    b"/airports/".iter().copied().chain(bytes).collect()
}

/// Bytes that do not belong into a request line, except those that would end it.
fn raw(random: &mut Random) -> Vec<u8> {
    let length = random.between(1, 30);
    let bytes = random.bytes(length);
    b"/airports/".iter().copied().chain(bytes.into_iter().filter(|byte| !b" \r\n".contains(byte))).collect()
}

fn traversal(random: &mut Random) -> Vec<u8> {
    let step = random.pick(&[
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..;/",
        "....//",
        "..%5c",
        "%c0%ae%c0%ae/",
        "./",
    ]);
    let root = random.pick(&["/", "/docs/", "/airports/", "/airports/CDG/"]);
    let goal = random.pick(&[
        "etc/passwd",
        "etc%2fpasswd%00.html",
        "metrics",
        "admin/inventory",
        "windows%5cwin.ini",
    ]);
    format!("{root}{}{goal}", step.repeat(random.between(1, 12))).into_bytes()
}

/// A cache that looks at the end of a path would take these for files.
fn suffixed(random: &mut Random) -> Vec<u8> {
    let suffix = random.pick(&[
        "/x.css",
        "/..%2fx.css",
        ";x.css",
        "%00.css",
        ".css",
        "%3f.css",
        "%23.css",
        "%0a.css",
        "/",
        "//",
        "%20",
        "%2f",
        ".",
    ]);
    let target =
        random.pick(&["/airports/CDG", "/airports", "/distance/CDG/JFK", "/openapi.json", "/metrics"]);
    format!("{target}{suffix}").into_bytes()
}

/// The templates of the service itself, and other spellings of its paths.
fn disguised(random: &mut Random) -> Vec<u8> {
    let target = random.pick(&[
        "/airports/{iata}",
        "/airports/%7Biata%7D",
        "/airports/:iata",
        "/airports/*",
        "/{*rest}",
        "/docs/{*rest}",
        "/%61irports/CDG",
        "/airports%2FCDG",
        "/AIRPORTS/CDG",
        "/airports/CDG%00",
        "/airports/%00",
        "/%00",
        "/airports/\u{ff23}\u{ff24}\u{ff27}",
        "_OTHER",
        "",
        "*",
        "airports",
        "/airports/CDG#fragment",
    ]);
    target.as_bytes().to_vec()
}

/// What would break out of a label, if it came to stand in one unescaped.
fn labels(random: &mut Random) -> Vec<u8> {
    let text = random.pick(&[
        "\"}%20999%0Ahttp_server_active_requests{x=\"",
        "%22%7D%201%0A%23%20EOF%0A",
        "\\\"",
        "%5C%22%5C",
        "%0A%23%20TYPE%20x%20counter%0A",
        "%E2%80%A8%E2%80%A9",
    ]);
    format!("/{}{text}{}", random.letters(3), random.letters(3)).into_bytes()
}

fn long(random: &mut Random) -> Vec<u8> {
    let length = random.pick(&[2_000, 8_000, 9_000, 16_000, 33_000, 64_000, ENDLESS + 1_000, 120_000]);
    let part = random.pick(&["a", "/", "%41", "/a", "../", "%00", ";a=b"]);
    format!("/airports/{}", part.repeat(length / part.len())).into_bytes()
}

/// As for a proxy; the scheme and the host are the client's invention.
fn absolute(random: &mut Random) -> Vec<u8> {
    let (scheme, host) = (random.letters(4), random.letters(8));
    let scheme = random.pick(&["http", "https", "ftp", "file", "HTTPS", &scheme]);
    let target = random.pick(&["/airports/CDG", "/distance/CDG/JFK", "/nothing", ""]);
    format!("{scheme}://{host}.example{target}").into_bytes()
}

fn slashes(random: &mut Random) -> Vec<u8> {
    let slash = "/".repeat(random.between(2, 5));
    format!("{slash}airports{slash}CDG").into_bytes()
}

fn query(random: &mut Random) -> Vec<u8> {
    let target =
        random.pick(&["/airports", "/airports/nearest", "/airports/CDG", "/metrics", "/docs/", "/nothing"]);
    let pairs: Vec<String> = (0..random.between(1, 8)).map(|_| pair(random)).collect();
    format!("{target}?{}", pairs.join("&")).into_bytes()
}

fn pair(random: &mut Random) -> String {
    let invented = random.letters(5);
    let name = random.pick(&["q", "country", "limit", "lat", "lon", "k", "", "%00", "q%5B%5D", &invented]);
    let value = random.pick(&[
        "NaN",
        "inf",
        "-0",
        "1e999",
        "1e308",
        "-1",
        "0",
        "18446744073709551616",
        "",
        "%FF%FE",
        "%00",
        "%",
        "%zz",
        "a%0d%0aset-cookie:%20a=b",
        "\"><script>",
        "%F0%9F%9B%AB",
        "'%20OR%201=1--",
        "FR",
        "48.8",
    ]);
    format!("{name}={value}")
}

/// Line breaks in every disguise, for fields that repeat what they were asked.
fn injection(random: &mut Random) -> Vec<u8> {
    let line = random.pick(&[
        "%0d%0a",
        "%0a",
        "%0d",
        "%00",
        "%E5%98%8A%E5%98%8D",
        "%c0%8a",
        "\\r\\n",
        "%E2%80%A8",
        "%7F",
        "%1b[2J",
    ]);
    let target = random.pick(&["/airports/", "/distance/CDG/", "/airports?q=", "/docs/", "/"]);
    format!("{target}CDG{line}x-injected:{}1{line}{line}<html>", random.pick(&["%20", ""])).into_bytes()
}
