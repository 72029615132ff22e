//! The stories of the README: their `curl` lines are run against the service and the weather service, and what it prints after them must come.
//!
//! What differs with every run is compared by its form: the ids of requests, how a budget stands, parts of a second, and times of day, of which alike ones stay
//! alike. The lines `date` and `connection` are left out, and `..` stands for what the README leaves out.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use airports::app;
use airports::options::Limits;
use airports::weather::service;
use tollgate::testing::ManualClock;

use crate::client::{ADMIN_TOKEN, Ticking, builder, start, with_weather};

const README: &str = include_str!("../../../../README.md");

/// One command of a story, and what it prints.
#[derive(Debug)]
struct Step {
    command: String,
    printed: String,
}

/// All of one section, in order.
fn story(heading: &str) -> Vec<Step> {
    let section = README.split(&format!("\n## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = section.split("```text\n").skip(1).map(|block| block.split("\n```").next().unwrap());
    let commands = blocks.flat_map(|block| block.trim_start_matches("$ ").split("\n$ "));
    let steps = commands.map(|step| {
        let (command, printed) = step.split_once('\n').unwrap_or((step, ""));
        // A long line goes on behind a space.
        Step {
            command: command.to_owned(),
            printed: printed.trim_end().replace("\n ", "").replace(" ..", ".."),
        }
    });
    steps.collect()
}

/// Both services, and a clock that is moved where the story sleeps.
struct Stage {
    airports: SocketAddr,
    weather: SocketAddr,
    clock: ManualClock,
    _ticking: Ticking,
}

impl Stage {
    fn new() -> Self {
        let clock = ManualClock::new();
        let weather = start(service::service(clock.clone()).unwrap());
        let tollgate = builder(Limits::On).clock(clock.clone()).build().unwrap();
        let airports = start(app(with_weather(weather), &tollgate).layer(tollgate.layer()));
        Self { airports, weather, _ticking: Ticking::new(&clock), clock }
    }

    /// What the command prints.
    fn run(&self, command: &str) -> String {
        let words = words(command);
        let mut words = words.iter().map(String::as_str);
        match words.next() {
            Some("curl") => self.curl(words),
            Some("sleep") => {
                let seconds = words.next().unwrap().parse().unwrap();
                self.clock.advance(Duration::from_secs(seconds));
                String::new()
            }
            // The test has started both already, and knows better where they are.
            Some(word) if matches!(word, "export" | "cargo") || word.starts_with("WEATHER=") => String::new(),
            _ => format!("no command of the story: {command}"),
        }
    }

    fn curl<'a>(&self, mut words: impl Iterator<Item = &'a str>) -> String {
        let (mut method, mut with_head, mut url, mut fields) = ("GET", false, "", String::new());
        while let Some(word) = words.next() {
            match word {
                "-i" => with_head = true,
                "-X" => method = words.next().unwrap(),
                "-H" => {
                    fields = format!("{}\r\n", words.next().unwrap().replace("$ADMIN_TOKEN", ADMIN_TOKEN));
                }
                _ => url = word,
            }
        }
        let (address, path) = match url.strip_prefix("$WEATHER") {
            Some(path) => (self.weather, path),
            None => (self.airports, url.strip_prefix("http://127.0.0.1:3000").unwrap()),
        };
        let answer = ask(address, method, path, &fields);
        if with_head { answer } else { answer.split_once("\n\n").unwrap().1.to_owned() }
    }
}

/// As a shell takes them apart.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in command.chars() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (None, ' ') => words.push(String::new()),
            (Some(open), _) if open == letter => quote = None,
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

fn ask(address: SocketAddr, method: &str, path: &str, fields: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let host = "host: 127.0.0.1:3000\r\nconnection: close";
    write!(stream, "{method} {path} HTTP/1.1\r\n{host}\r\n{fields}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let answer = answer.replace("\r\n", "\n");
    let is_of_the_run = |line: &&str| !line.starts_with("date: ") && !line.starts_with("connection: ");
    answer.split('\n').filter(is_of_the_run).collect::<Vec<_>>().join("\n")
}

/// The values behind each such word, up to the next of these characters, are named in the order in which they first come.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    /// With names in the place of what differs with every run.
    fn give(&mut self, text: &str) -> String {
        let text = self.behind("\"observed\":\"", '"', text);
        let text = alike("x-request-id: ", '\n', &text);
        let text = alike("\"request_id\":\"", '"', &text);
        let text = alike("\"open_for\":2.", ',', &text);
        alike("\nratelimit: \"default\";", '\n', &text)
    }

    fn behind(&mut self, word: &str, end: char, text: &str) -> String {
        replaced(word, end, text, |value| {
            let known = self.0.iter().position(|known| known == value);
            let place = known.unwrap_or_else(|| {
                self.0.push(value.to_owned());
                self.0.len() - 1
            });
            format!("time {place}")
        })
    }
}

fn alike(word: &str, end: char, text: &str) -> String {
    replaced(word, end, text, |_| "..".to_owned())
}

fn replaced(word: &str, end: char, text: &str, mut by: impl FnMut(&str) -> String) -> String {
    let mut parts = text.split(word);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| {
        let (value, rest) = part.split_at(part.find(end).unwrap_or(part.len()));
        format!("{so_far}{word}{}{rest}", by(value))
    })
}

/// Whether all that stands around `..` comes, in that order and nothing else outside of it.
fn is_like(printed: &str, expected: &str) -> bool {
    let mut parts = expected.split("..");
    let Some(mut rest) = printed.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<_> = parts.collect();
    for (place, part) in parts.iter().enumerate() {
        let is_last = place + 1 == parts.len();
        let found = if is_last { rest.len().checked_sub(part.len()) } else { rest.find(part) };
        match found.and_then(|at| rest.get(at..)).and_then(|from| from.strip_prefix(part)) {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    rest.is_empty()
}

#[test]
fn an_upstream_fails_as_the_readme_tells_it() {
    assert_true("When an upstream fails", 10);
}

#[test]
fn versions_are_told_apart_as_the_readme_tells_it() {
    assert_true("Versions of an API", 7);
}

#[track_caller]
fn assert_true(heading: &str, steps: usize) {
    let (stage, story) = (Stage::new(), story(heading));
    assert!(story.len() > steps, "the story was not found: {story:?}");
    let (mut theirs, mut ours) = (Names::default(), Names::default());
    for Step { command, printed: expected } in story {
        let printed = stage.run(&command);
        let like = is_like(&theirs.give(printed.trim_end()), &ours.give(&expected));
        assert!(like, "$ {command}\n--- printed\n{printed}\n--- the README\n{expected}");
    }
}

#[test]
fn what_the_readme_leaves_out_may_be_anything_and_the_rest_may_not() {
    for (printed, expected, like) in [
        ("abc", "abc", true),
        ("abc", "ab", false),
        ("abc", "a..", true),
        ("abc", "a..c", true),
        ("abc", "a..b..c", true),
        ("abc", "..c..", true),
        ("abc", "a..d", false),
        ("abc", "b..", false),
        ("abcb", "a..b", true),
        ("ab", "ab..b", false),
    ] {
        assert_eq!(is_like(printed, expected), like, "{printed} and {expected}");
    }
}
