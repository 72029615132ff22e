//! The program itself: its options, its banner and a socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

/// The running program, which ends with its test.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_airports"));
        command.args(arguments).env("HOST", "127.0.0.1").env("PORT", "0").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut banner = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut banner).unwrap();
        let address = banner.split(['/', ',']).find_map(|word| word.parse().ok());
        Self { child, address: address.ok_or(banner).unwrap() }
    }

    /// The head and the body of the answer, as they come.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: airports\r\nconnection: close\r\n\r\n").unwrap();
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
    let program = Program::start(&[]);
    assert!(program.get("/airports/CDG").contains("ratelimit-policy: \"default\";q=10;w=10\r\n"));
    // More than once around, because a slow machine earns requests back meanwhile.
    assert!(program.refused(30) > 0);

    let program = Program::start(&["--limits", "off"]);
    assert!(!program.get("/airports/CDG").contains("ratelimit"));
    assert_eq!(program.refused(30), 0);
}
