//! Header fields: whom the client pretends to be, and what no parser should have to read.

use super::{Attack, Due, TARGETS, request};
use crate::commands::contract::random::Random;

/// In bytes: what the service reads of a head at most, with room to spare.
const LARGE: usize = 200_000;

pub(super) fn attack(random: &mut Random) -> Attack {
    let method = random.pick(&["GET", "GET", "GET", "HEAD", "OPTIONS"]);
    let target = random.pick(TARGETS).as_bytes();
    let bytes = match random.below(8) {
        0 => hosted(method, target, &host(random)),
        _ => request(method, target, &random.pick(SHAPES)(random)),
    };
    let to_head = method == "HEAD";
    let due = if bytes.len() > LARGE { Due::AnswerOrClose { to_head } } else { Due::Answer { to_head } };
    Attack { kind: "fields", bytes, due }
}

const SHAPES: &[fn(&mut Random) -> Vec<u8>] = &[
    agent,
    forwarded,
    forwarded,
    forwarded,
    giant,
    cookies,
    credentials,
    key,
    long_name,
    crowd,
    tracing,
    overrides,
    negotiation,
    connection,
    bytes,
];

fn field(name: &str, value: &str) -> Vec<u8> {
    format!("{name}: {value}\r\n").into_bytes()
}

fn hosted(method: &str, target: &[u8], host: &str) -> Vec<u8> {
    [method.as_bytes(), b" ", target, b" HTTP/1.1\r\nhost: ", host.as_bytes(), b"\r\n\r\n"].concat()
}

fn host(random: &mut Random) -> String {
    let long = random.letters(4_000);
    match random.below(12) {
        0 => String::new(),
        1 => long,
        2 => random
            .pick(&[
                "a@b",
                "[::1",
                "airports:99999",
                "a b",
                "\"",
                "127.0.0.1:",
                "..",
                "xn--",
                "%00",
                "a/b",
                "\u{e9}",
            ])
            .to_owned(),
        _ => format!("host-{}.example", random.below(40)),
    }
}

fn agent(random: &mut Random) -> Vec<u8> {
    field("user-agent", &format!("agent-{}/{} (\"}} 1; \\)", random.below(40), random.letters(3)))
}

const FORWARDED: &[&str] = &[
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "fastly-client-ip",
    "x-originating-ip",
    "client-ip",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-scheme",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-server",
    "x-host",
    "x-original-url",
    "x-rewrite-url",
    "via",
];

const ADDRESSES: &[&str] = &[
    "1.1.1.1, 2.2.2.2",
    "::1",
    "127.0.0.1",
    "unknown",
    "_hidden",
    "1.1.1.1:8080",
    "[2001:db8::1]:1",
    "",
    " ",
    "999.1.1.1",
    "for=1.1.1.1;proto=https",
    "for=\"[2001:db8::1]:4711\"",
    "for=\"[::1",
    "for=;;;,,,",
    "for=for=for",
    "https",
    "gopher",
    "\"",
    "/admin/inventory",
    "localhost",
    "\u{202e}",
    "::ffff:10.0.0.1",
    "0x7f.1",
];

/// Two lines as often as one.
fn forwarded(random: &mut Random) -> Vec<u8> {
    let line = |random: &mut Random| {
        let invented = format!("10.{}.{}.{}", random.below(256), random.below(256), random.below(256));
        let value = if random.one_in(2) { invented } else { random.pick(ADDRESSES).to_owned() };
        field(random.pick(FORWARDED), &value)
    };
    let first = line(random);
    if random.one_in(2) { [first.clone(), first].concat() } else { [first, line(random)].concat() }
}

fn giant(random: &mut Random) -> Vec<u8> {
    let hops = random.pick(&[300, 1_000, 4_000, 30_000]);
    let hop = random.pick(&["1.1.1.1,", "for=1.1.1.1;", ",", "\"", "[::1],", "for=\"[2001:db8::1]\", "]);
    field(random.pick(FORWARDED), &hop.repeat(hops))
}

fn cookies(random: &mut Random) -> Vec<u8> {
    let broken =
        ["=;=;;;", "a=\"", ";", "=", "a=b=c=d", "\"a\"=b", "session=\u{1f36a}", "a=b,c=d", "__Host-=x; a"];
    match random.below(4) {
        0 => field("cookie", &format!("{}={}", random.letters(8), random.letters(8_000))),
        1 => field("cookie", "a=b; ").repeat(random.between(2, 50)),
        2 => field("cookie", &format!("{}=1; ", random.letters(4)).repeat(200)),
        _ => field("cookie", random.pick(&broken)),
    }
}

fn credentials(random: &mut Random) -> Vec<u8> {
    let token = random.letters(40);
    let value = match random.below(8) {
        0 => "Bearer".to_owned(),
        1 => "Bearer ".to_owned(),
        2 => format!("bEaReR {token}"),
        3 => format!("Basic {token}"),
        4 => "Basic !!!".to_owned(),
        5 => format!("Bearer {}", random.letters(4_000)),
        6 => format!("Digest username=\"{token}, realm=\"\\"),
        _ => format!("Bearer {token}\r\nauthorization: Bearer other"),
    };
    field("authorization", &value)
}

/// Keys of 4 kB, of nothing, of no text, and two at once.
fn key(random: &mut Random) -> Vec<u8> {
    match random.below(5) {
        0 => field("x-api-key", &random.letters(4_096)),
        1 => field("x-api-key", ""),
        2 => field("x-api-key", "demo-editor, demo-reader"),
        3 => [field("x-api-key", "demo-reader"), field("x-api-key", &random.letters(12))].concat(),
        _ => field("x-api-key", &random.letters(20)),
    }
}

fn long_name(random: &mut Random) -> Vec<u8> {
    let length = random.pick(&[200, 4_096, 16_000, 33_000, 65_535]);
    field(&random.letters(length), "x")
}

/// Around the number of fields that servers put up with.
fn crowd(random: &mut Random) -> Vec<u8> {
    (0..random.between(80, 160)).flat_map(|_| field(&random.letters(6), "x")).collect()
}

fn tracing(random: &mut Random) -> Vec<u8> {
    let long = random.letters(5_000);
    let junk = [
        "00-00000000000000000000000000000000-0000000000000000-00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
        "00-XYZ",
        "",
        "-",
        "\u{1b}[31m",
        "\"}{",
        "%0d%0a",
        &long,
    ];
    field(
        random.pick(&["traceparent", "tracestate", "x-request-id", "x-correlation-id", "baggage"]),
        random.pick(&junk),
    )
}

fn overrides(random: &mut Random) -> Vec<u8> {
    let name =
        random.pick(&["x-http-method-override", "x-method-override", "x-http-method", "x-original-method"]);
    field(name, &random.capitals(6))
}

fn negotiation(random: &mut Random) -> Vec<u8> {
    let (name, value) = random.pick(&[
        ("accept", "application/openmetrics-text;version=9.9.9;q=abc"),
        ("accept", "application/openmetrics-text;;;=,\""),
        ("accept", "text/plain;version=0.0.4;q=0"),
        ("accept", "*/*;q=NaN, text/html;level=\""),
        ("accept", ",,,,"),
        ("accept-encoding", "gzip;q=1e9, br, zstd, \u{1f4a5}"),
        ("accept-language", "tlh, *;q=-1"),
        ("range", "bytes=0-0,1-1,-1,9-3"),
        ("range", "lines=1-"),
        ("if-none-match", "*"),
        ("if-match", "\"unterminated"),
        ("if-modified-since", "yesterday"),
        ("origin", "null"),
        ("content-type", "application/json; charset=\"utf-7"),
    ]);
    field(name, value)
}

fn connection(random: &mut Random) -> Vec<u8> {
    let (name, value) = random.pick(&[
        ("connection", "close"),
        ("connection", "close, keep-alive"),
        ("connection", "host, x-api-key"),
        ("connection", "upgrade\r\nupgrade: websocket"),
        ("connection", "upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__"),
        ("keep-alive", "timeout=-1, max=0"),
        ("proxy-connection", "keep-alive"),
        ("te", "trailers, deflate;q=0.5"),
        ("trailer", "content-length"),
        ("expect", "100-continue"),
        ("expect", "a-miracle"),
        ("max-forwards", "-1"),
    ]);
    field(name, value)
}

/// Bytes that a value may have by the book, and that are no text.
fn bytes(random: &mut Random) -> Vec<u8> {
    let length = random.between(1, 200);
    let value = random.bytes(length).into_iter().map(|byte| byte | 0x80);
    let name =
        random.pick(&["x-api-key", "user-agent", "cookie", "x-forwarded-for", "accept", "x-request-id"]);
    [name.as_bytes(), b": "].concat().into_iter().chain(value).chain(*b"\r\n").collect()
}
