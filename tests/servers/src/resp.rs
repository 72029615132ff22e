//! The little of Redis' protocol that it takes to send a command and read its reply.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// A command that takes longer has met a server that stands still.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// No value.
    Nil,
    /// A number.
    Number(i64),
    /// A text, or what a command says where it has no value: `OK`.
    Text(String),
    /// Several replies.
    List(Vec<Reply>),
    /// The command was refused: `MOVED 42 127.0.0.1:7000`.
    Error(String),
}

impl Reply {
    /// The number, or the number that a text holds.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn number(&self) -> i64 {
        let number = match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        };
        number.unwrap_or_else(|| panic!("{self:?} is no number"))
    }

    /// The text.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => panic!("{self:?} is no text"),
        }
    }

    /// The replies of a list.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => panic!("{self:?} is no list"),
        }
    }

    /// Whether the command was refused.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error(_))
    }
}

/// Sends one command on a connection of its own.
pub(crate) fn send(port: u16, words: &[&str]) -> Result<Reply> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&written(words))?;
    read(&mut BufReader::new(stream))
}

fn written(words: &[&str]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend_from_slice(format!("${}\r\n{word}\r\n", word.len()).as_bytes());
    }
    bytes
}

fn read(stream: &mut impl BufRead) -> Result<Reply> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let (kind, rest) = line.trim_end().split_at_checked(1).ok_or_else(|| odd(&line))?;
    Ok(match kind {
        "+" => Reply::Text(rest.to_owned()),
        "-" => Reply::Error(rest.to_owned()),
        ":" => Reply::Number(rest.parse().map_err(|_| odd(&line))?),
        "$" | "*" if rest == "-1" => Reply::Nil,
        "$" => Reply::Text(text(stream, rest.parse().map_err(|_| odd(&line))?)?),
        "*" => {
            let count: usize = rest.parse().map_err(|_| odd(&line))?;
            Reply::List((0..count).map(|_| read(stream)).collect::<Result<_>>()?)
        }
        _ => return Err(odd(&line)),
    })
}

fn text(stream: &mut impl Read, length: usize) -> Result<String> {
    let mut bytes = vec![0; length + 2]; // with its end of line
    stream.read_exact(&mut bytes)?;
    bytes.truncate(length);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn odd(line: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("no reply of Redis: {line:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_written_with_the_lengths_of_its_words() {
        assert_eq!(written(&["GET", ""]), b"*2\r\n$3\r\nGET\r\n$0\r\n\r\n");
    }

    #[test]
    fn replies_of_all_kinds_are_read() {
        let mut bytes = &b"*5\r\n+OK\r\n-ERR no\r\n:-7\r\n$3\r\na\nb\r\n$-1\r\n*-1\r\n"[..];
        let list = read(&mut bytes).unwrap();
        let text = |text: &str| Reply::Text(text.into());
        assert_eq!(
            list.list(),
            [text("OK"), Reply::Error("ERR no".into()), Reply::Number(-7), text("a\nb"), Reply::Nil]
        );
        assert!(list.list()[1].is_error() && list.list()[2].number() == -7);
        assert_eq!(read(&mut bytes).unwrap(), Reply::Nil);
        assert!(read(&mut bytes).is_err());
        assert!(read(&mut &b"?\r\n"[..]).is_err());
    }
}
