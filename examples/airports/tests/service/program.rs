//! The program itself: its options, its banner and a socket.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program, in an environment of its own.
fn command(variables: &[(&str, &str)]) -> Command {
    environment(env!("CARGO_BIN_EXE_airports"), variables)
}

fn environment(program: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    for name in ["READER_KEY", "EDITOR_KEY", "CURSOR_KEY", "ADMIN_TOKEN", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.env("HOST", "127.0.0.1").env("PORT", "0").envs(variables.iter().copied());
    command
}

/// The running program, which ends with its test.
pub(crate) struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    pub(crate) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = command(variables);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        Self::of(command.spawn().unwrap())
    }

    /// That is starting, with its output in a pipe.
    fn of(mut child: Child) -> Self {
        let mut banner = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut banner).unwrap();
        let address = banner.trim_end().split(['/', ',']).find_map(|word| word.parse().ok());
        Self { child, address: address.ok_or(banner).unwrap() }
    }

    /// The head and the body of the answer, as they come.
    pub(crate) fn get(&self, path: &str) -> String {
        self.get_with("x-nothing: 1", path)
    }

    fn get_with(&self, field: &str, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\n{field}"), "")
    }

    pub(crate) fn patch(&self, path: &str, json: &str) -> String {
        let fields = "x-api-key: demo-editor\r\ncontent-type: application/json";
        self.send(&format!("PATCH {path} HTTP/1.1\r\n{fields}\r\ncontent-length: {}", json.len()), json)
    }

    fn send(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(stream, "{head}\r\nhost: airports\r\nconnection: close\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// How many of that many requests are refused.
    fn refused(&self, count: usize) -> usize {
        (0..count).filter(|_| self.get("/airports/CDG").starts_with("HTTP/1.1 429 ")).count()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn limits_are_on_unless_they_are_switched_off() {
    let program = Program::start(&[], &[]);
    assert!(program.get("/airports/CDG").contains("ratelimit-policy: \"default\";q=10;w=10\r\n"));
    // More than once around, because a slow machine earns requests back meanwhile.
    assert!(program.refused(30) > 0);

    let program = Program::start(&["--limits", "off"], &[]);
    assert!(!program.get("/airports/CDG").contains("ratelimit"));
    assert_eq!(program.refused(30), 0);
}

#[test]
fn keys_and_the_token_come_from_the_environment() {
    let answer = |program: &Program, field: &str, path: &str| {
        program.get_with(field, path).split(' ').nth(1).unwrap().parse::<u16>().unwrap()
    };
    let program = Program::start(&[], &[]);
    assert_eq!(answer(&program, "x-api-key: demo-editor", "/me"), 200);
    assert_eq!(answer(&program, "authorization: Bearer none", "/admin/inventory"), 403);

    let program = Program::start(&[], &[("EDITOR_KEY", "own-key"), ("ADMIN_TOKEN", "0123456789abcdef")]);
    assert_eq!(answer(&program, "x-api-key: demo-editor", "/me"), 401);
    assert_eq!(answer(&program, "x-api-key: own-key", "/me"), 200);
    assert_eq!(answer(&program, "x-api-key: demo-reader", "/me"), 200);
    assert_eq!(answer(&program, "authorization: Bearer 0123456789abcdef", "/admin/inventory"), 200);
    assert_eq!(answer(&program, "x-nothing: 1", "/metrics"), 200);
}

#[test]
fn a_file_keeps_changes_and_memory_forgets_them() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.db", std::process::id()));
    let path = path.to_str().unwrap();
    for (arguments, name) in
        [(&["--db", path][..], "Roissy"), (&[], "Charles de Gaulle International Airport")]
    {
        let answer = Program::start(arguments, &[]).patch("/airports/CDG", r#"{"name":"Roissy"}"#);
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(r#""name":"Roissy""#), "{answer}");
        // The program is killed meanwhile.
        let answer = Program::start(arguments, &[]).get("/airports/CDG");
        assert!(answer.contains(&format!(r#""name":"{name}""#)), "{answer}");
    }
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{path}{suffix}"));
    }
}

#[test]
fn cursors_outlive_the_program_with_a_key() {
    let variables = [("CURSOR_KEY", "a secret that stays the same in every run")];
    let answer = Program::start(&[], &variables).get("/airports?limit=1");
    let next = answer.split("\"next\":\"").nth(1).unwrap().split('"').next().unwrap();
    for (variables, status) in [(&variables[..], "200"), (&[], "400")] {
        let answer = Program::start(&[], variables).get(next);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}

#[test]
fn the_weather_comes_from_a_service_of_its_own_or_from_another() {
    let status = |program: &Program| program.get("/airports/CDG/weather")[..12].to_owned();
    assert_eq!(status(&Program::start(&[], &[])), "HTTP/1.1 200");

    let mut weather = environment(env!("CARGO_BIN_EXE_weather"), &[]);
    let weather = Program::of(weather.stdout(Stdio::piped()).spawn().unwrap());
    let upstream = format!("http://{}/", weather.address);
    let program = Program::start(&["--upstream", &upstream], &[]);
    assert_eq!(status(&program), "HTTP/1.1 200");
    drop(weather);
    assert!(program.get("/airports/CDG/weather").contains("\"station\":\"CDG\""), "it is remembered");
    assert!(program.get("/airports/JFK/weather").starts_with("HTTP/1.1 502 "), "nobody listens any more");
}

/// What is left on standard error by a start without a key for cursors, and by a request without credentials.
fn logged(variables: &[(&str, &str)]) -> String {
    let mut child = command(variables).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let errors = child.stderr.take().unwrap();
    let mut program = Program::of(child);
    assert!(program.get("/me").starts_with("HTTP/1.1 401 "));
    program.child.kill().unwrap();
    io::read_to_string(errors).unwrap()
}

#[test]
fn refusals_are_logged_where_that_is_asked_for_and_warnings_anyway() {
    let log = logged(&[]);
    assert!(log.contains(" WARN ") && !log.contains("INFO"), "{log}");
    let log = logged(&[("RUST_LOG", "tollgate=info")]);
    assert!(log.contains(" WARN ") && log.contains(" INFO "), "{log}");
    assert_eq!(logged(&[("RUST_LOG", "off")]), "");
    let output = command(&[("RUST_LOG", "tollgate=loud")]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("airports: RUST_LOG: "));
}

#[test]
fn a_database_that_cannot_be_opened_is_named() {
    let output = command(&[]).args(["--db", "/nowhere/at/all.db"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8(output.stderr).unwrap();
    let message = log.lines().last().unwrap();
    assert!(message.starts_with("airports: cannot open the database /nowhere/at/all.db: "), "{log}");
}

#[test]
fn a_secret_that_cannot_work_ends_the_program_and_is_not_shown() {
    let output = command(&[("ADMIN_TOKEN", "too-short")]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("airports: ADMIN_TOKEN takes 16 or more") && !message.contains("too-short"));
}
