//! Sends the attacks, some at a time, and holds the service to what it owes.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::answer::Answer;
use super::hostile::{self, Attack, Due};
use super::tally::Tally;
use super::wire::Connection;
use crate::failure::{Failure, Outcome};

pub(super) const ATTACKS: usize = 10_000;
const THREADS: usize = 4;
/// Then what came too late, or too much, is found at the end of the connection.
const REQUESTS_PER_CONNECTION: usize = 40;
const SHOWN: usize = 300;

/// Sends the attacks of a seed, and prints what came of them; the first broken promise ends it.
pub(super) fn run(address: SocketAddr, seed: u64) -> Outcome {
    let stop = AtomicBool::new(false);
    let results: Vec<_> = thread::scope(|scope| {
        let stop = &stop;
        let workers: Vec<_> =
            (0..THREADS).map(|first| scope.spawn(move || work(address, seed, first, stop))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(lost()))).collect()
    });
    let mut tally = Tally::default();
    for result in results {
        tally.merge(result?);
    }
    tally.lines().iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn lost() -> Failure {
    Failure::broken("a thread that sends requests broke down")
}

/// Every `THREADS`th attack.
fn work(address: SocketAddr, seed: u64, first: usize, stop: &AtomicBool) -> Result<Tally, Failure> {
    let (mut tally, mut sender) = (Tally::default(), Sender { address, connection: None });
    for index in (first..ATTACKS).step_by(THREADS) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let attack = hostile::attack(seed, index);
        match sender.send(&attack) {
            Ok(end) => tally.add(attack.kind, end, 1),
            Err(problem) => {
                stop.store(true, Ordering::Relaxed);
                return Err(broken(seed, index, &attack, &problem));
            }
        }
    }
    sender.finish().map_err(Failure::broken)?;
    Ok(tally)
}

fn broken(seed: u64, index: usize, attack: &Attack, problem: &str) -> Failure {
    let shown = &attack.bytes[..attack.bytes.len().min(SHOWN)];
    let (kind, length) = (attack.kind, attack.bytes.len());
    Failure::broken(format!(
        "request {index} of seed {seed} ({kind}, {length} bytes): {problem}\n{}",
        shown.escape_ascii()
    ))
}

/// One client, with a connection that it keeps as long as it may.
struct Sender {
    address: SocketAddr,
    connection: Option<(Connection, usize)>,
}

impl Sender {
    fn send(&mut self, attack: &Attack) -> Result<String, String> {
        match attack.due {
            Due::Answer { to_head } => match self.ask(&attack.bytes, to_head)? {
                Some(answer) => judged(&answer),
                None => Err("no answer, and the connection was closed".to_owned()),
            },
            Due::AnswerOrClose { to_head } => {
                self.finish()?;
                self.ask(&attack.bytes, to_head)?.map_or(Ok(closed()), |answer| judged(&answer))
            }
            Due::AtMostOne => at_most_one(self.begin(&attack.bytes)?.overhear()),
            Due::AtMostOneAtTheEnd => at_most_one(self.begin(&attack.bytes)?.end()),
            Due::Nothing => {
                drop(self.begin(&attack.bytes)?);
                Ok("left".to_owned())
            }
        }
    }

    fn fresh(&self) -> io::Result<Connection> {
        Connection::open(self.address)
    }

    fn ask(&mut self, bytes: &[u8], to_head: bool) -> Result<Option<Answer>, String> {
        if let Some((connection, served)) = self.connection.take() {
            let answer = self.ask_on(connection, served, bytes, to_head)?;
            if answer.is_some() {
                return Ok(answer);
            }
            // A server may close after any answer, and does where it left a body unread: then the request comes again.
        }
        let connection = self.fresh().map_err(said)?;
        self.ask_on(connection, 0, bytes, to_head)
    }

    fn ask_on(
        &mut self,
        mut connection: Connection,
        served: usize,
        bytes: &[u8],
        to_head: bool,
    ) -> Result<Option<Answer>, String> {
        let answer = connection.ask(bytes, to_head).map_err(said)?;
        self.connection = Some((connection, served + 1));
        if served + 1 == REQUESTS_PER_CONNECTION || answer.as_ref().is_none_or(Answer::closes) {
            self.finish()?;
        }
        Ok(answer)
    }

    /// A connection on which that has been said.
    fn begin(&self, bytes: &[u8]) -> Result<Connection, String> {
        let mut connection = self.fresh().map_err(said)?;
        connection.send(bytes).map_err(said)?;
        Ok(connection)
    }

    /// All has been answered, so nothing more may come.
    fn finish(&mut self) -> Result<(), String> {
        let Some((connection, served)) = self.connection.take() else { return Ok(()) };
        match connection.end().map_err(said)?.len() {
            0 => Ok(()),
            surplus => Err(format!("{surplus} answers more than the {served} requests of one connection")),
        }
    }
}

fn at_most_one(answers: io::Result<Vec<Answer>>) -> Result<String, String> {
    match answers.map_err(said)?.as_slice() {
        [] => Ok(closed()),
        [answer] => judged(answer),
        several => {
            let statuses: Vec<_> = several.iter().map(|answer| answer.status.to_string()).collect();
            Err(format!("{} answers to one request: {}", several.len(), statuses.join(", ")))
        }
    }
}

fn judged(answer: &Answer) -> Result<String, String> {
    match answer.status {
        status @ 200..500 => Ok(status.to_string()),
        status => Err(format!("the answer is {status}: {}", answer.text())),
    }
}

fn closed() -> String {
    "closed".to_owned()
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn said(error: io::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    const CLOSE: &str = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

    /// What comes of one attack, if the service sends that and closes.
    fn end(answer: &'static str, due: Due) -> Result<String, String> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serve = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer.as_bytes());
        });
        let mut sender = Sender { address, connection: None };
        let end = sender.send(&Attack { kind: "test", bytes: b"GET".to_vec(), due });
        let end = end.and_then(|end| sender.finish().map(|()| end));
        serve.join().unwrap();
        end
    }

    const ANSWER: Due = Due::Answer { to_head: false };

    #[test]
    fn one_answer_is_what_is_due() {
        assert_eq!(end(OK, ANSWER), Ok("200".to_owned()));
        assert_eq!(end(CLOSE, ANSWER), Ok("400".to_owned()));
        assert!(end("", ANSWER).unwrap_err().starts_with("no answer"));
        assert!(
            end("HTTP/1.1 500 Oops\r\ncontent-length: 1\r\n\r\n!", ANSWER).unwrap_err().ends_with("500: !")
        );
    }

    #[test]
    fn a_second_answer_is_found() {
        let two =
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(end(two, ANSWER), Err("1 answers more than the 1 requests of one connection".to_owned()));
        assert_eq!(end(two, Due::AtMostOne), Err("2 answers to one request: 200, 404".to_owned()));
    }

    #[test]
    fn a_close_will_do_where_no_answer_is_due() {
        assert_eq!(end("", Due::AtMostOne), Ok("closed".to_owned()));
        assert_eq!(end("", Due::AnswerOrClose { to_head: false }), Ok("closed".to_owned()));
        assert_eq!(end(OK, Due::AtMostOne), Ok("200".to_owned()));
        assert_eq!(end(OK, Due::Nothing), Ok("left".to_owned()));
    }

    #[test]
    fn a_failure_names_the_request() {
        let attack = Attack { kind: "paths", bytes: b"GET /\xff\r\n".to_vec(), due: ANSWER };
        let failure = broken(1, 7, &attack, "no answer");
        assert_eq!(
            failure.message(),
            Some("request 7 of seed 1 (paths, 8 bytes): no answer\nGET /\\xff\\r\\n")
        );
    }
}
