//! The program itself: its banner, a socket and its database.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::client::ada;

/// The program, in an environment of its own.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_users"));
    command.args(arguments).env("HOST", "127.0.0.1").env("PORT", "0").env_remove("RUST_LOG");
    command.stdout(Stdio::piped());
    command
}

/// The running program, which is killed with its test.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        Self::of(command(arguments).stderr(Stdio::null()).spawn().unwrap())
    }

    /// That is starting, with its output in a pipe.
    fn of(mut child: Child) -> Self {
        let mut banner = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut banner).unwrap();
        let address = banner.split(['/', ',']).find_map(|word| word.parse().ok());
        Self { child, address: address.ok_or(banner).unwrap() }
    }

    /// The head and the body of the answer, as they come.
    fn answer(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: users\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_file_keeps_users_and_memory_forgets_them() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("users-{}.db", std::process::id()));
    let path = path.to_str().unwrap();
    for (arguments, status) in [(&["--db", path][..], "200"), (&["--limits", "off"], "404")] {
        let answer = Program::start(arguments).answer("POST", "/users", &ada().to_string());
        assert!(answer.starts_with("HTTP/1.1 201 ") && answer.contains("location: /users/1\r\n"), "{answer}");
        assert_eq!(answer.contains("ratelimit"), status == "200", "{answer}");
        let answer = Program::start(arguments).answer("GET", "/users/1", "");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{path}{suffix}"));
    }
}

#[test]
fn the_operator_learns_why_a_request_failed_and_the_client_does_not() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("users-log-{}.db", std::process::id()));
    let mut command = command(&["--db", path.to_str().unwrap()]);
    let mut program = Program::of(command.stderr(Stdio::piped()).spawn().unwrap());
    without_users(&path);
    let answer = program.answer("GET", "/users/1", "");
    assert!(answer.starts_with("HTTP/1.1 500 ") && !answer.contains("no such table"), "{answer}");
    program.child.kill().unwrap();
    let log = io::read_to_string(program.child.stderr.take().unwrap()).unwrap();
    assert!(log.contains(" ERROR ") && log.contains("no such table: users"), "{log}");
    let request_id = answer.split("x-request-id: ").nth(1).unwrap().split('\r').next().unwrap();
    assert!(log.contains(request_id), "{request_id} is not in {log}");
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", path.display()));
    }
}

/// Breaks the database of a running service.
fn without_users(path: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(path);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("DROP TABLE users").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn what_makes_no_sense_ends_the_program() {
    for (arguments, code, text) in [
        (["--limits", "of"], 2, "users: --limits takes on or off"),
        (["--db", "/nowhere/at/all.db"], 1, "check --db"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_users")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(text), "{message}");
    }
}
