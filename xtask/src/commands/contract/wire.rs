//! Connections on which anything can be sent.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use super::answer::{self, Answer};

/// Longer than any answer takes, even on a machine that does something else meanwhile.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who has said nothing for so long has nothing to say. Short, because many requests are answered with silence.
const SILENCE: Duration = Duration::from_millis(20);

pub(super) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::new() })
    }

    /// Sends something, and does not mind that the other side may have closed: what it answered can still be read.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).or_else(|error| if is_close(&error) { Ok(()) } else { Err(error) })
    }

    /// Sends a request and waits for its answer; nothing if the connection was closed without one.
    pub(super) fn ask(&mut self, request: &[u8], to_head: bool) -> io::Result<Option<Answer>> {
        self.send(request)?;
        loop {
            match self.receive(to_head)? {
                Some(answer) if answer.is_interim() => {}
                other => return Ok(other),
            }
        }
    }

    /// Gives all answers that come, each within a short time, and those that come after the end.
    pub(super) fn overhear(mut self) -> io::Result<Vec<Answer>> {
        let mut answers = Vec::new();
        self.stream.set_read_timeout(Some(SILENCE))?;
        loop {
            match self.receive(false) {
                Ok(Some(answer)) => answers.push(answer),
                Ok(None) => break,
                Err(error) if error.kind() == ErrorKind::TimedOut => break,
                Err(error) => return Err(error),
            }
        }
        self.stream.set_read_timeout(Some(PATIENCE))?;
        answers.extend(self.end()?);
        Ok(answers)
    }

    /// Sends no more, and gives all answers that are still to come.
    pub(super) fn end(mut self) -> io::Result<Vec<Answer>> {
        self.stream
            .shutdown(Shutdown::Write)
            .or_else(|error| if is_close(&error) { Ok(()) } else { Err(error) })?;
        let mut answers = Vec::new();
        while let Some(answer) = self.receive(false)? {
            answers.push(answer);
        }
        answers.retain(|answer| !answer.is_interim());
        Ok(answers)
    }

    fn receive(&mut self, to_head: bool) -> io::Result<Option<Answer>> {
        loop {
            if let Some(answer) = answer::take(&mut self.received, to_head, false)? {
                return Ok(Some(answer));
            }
            if self.fill()? == 0 {
                return answer::take(&mut self.received, to_head, true);
            }
        }
    }

    /// Nothing is also what comes after a reset: what was sent and not read is the reason for it, not a mistake.
    fn fill(&mut self) -> io::Result<usize> {
        let mut piece = [0; 16 * 1024];
        let length = match self.stream.read(&mut piece) {
            Ok(length) => length,
            Err(error) if is_close(&error) => 0,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(io::Error::new(ErrorKind::TimedOut, "nothing came in time"));
            }
            Err(error) => return Err(error),
        };
        self.received.extend_from_slice(&piece[..length]);
        Ok(length)
    }
}

fn is_close(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected
    )
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    use super::*;

    /// Answers the first bytes that come with a text, and closes.
    fn server(answer: &'static str) -> (SocketAddr, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serve = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 1024]).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        (address, serve)
    }

    fn statuses(answer: &'static str) -> io::Result<Vec<u16>> {
        let (address, serve) = server(answer);
        let mut connection = Connection::open(address)?;
        connection.send(b"GET")?;
        let answers = connection.overhear()?;
        serve.join().unwrap();
        Ok(answers.iter().map(|answer| answer.status).collect())
    }

    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    #[test]
    fn every_answer_until_the_close_is_counted() {
        assert_eq!(statuses("").unwrap(), [0; 0]);
        assert_eq!(statuses(OK).unwrap(), [200]);
        let two =
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(statuses(two).unwrap(), [200, 404]);
        assert!(statuses("HTTP/1.1 200 OK\r\ncontent-le").is_err());
    }

    #[test]
    fn an_interim_answer_is_passed_over() {
        let (address, serve) =
            server("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        let answer = Connection::open(address).unwrap().ask(b"GET", false).unwrap();
        assert_eq!(answer.unwrap().status, 200);
        serve.join().unwrap();
    }
}
