//! Answers as they come over the wire, read as strictly as a client must.

use std::io::{self, ErrorKind};

/// One answer, its body decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    fields: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// How the end of a body is found.
#[derive(Debug, PartialEq, Eq)]
enum Length {
    Known(usize),
    Chunked,
    UntilClose,
}

impl Answer {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn closes(&self) -> bool {
        self.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `100 Continue` and the like: the answer itself follows.
    pub(super) fn is_interim(&self) -> bool {
        (100..200).contains(&self.status)
    }

    fn length(&self, to_head: bool) -> io::Result<Length> {
        if to_head || self.is_interim() || matches!(self.status, 204 | 304) {
            return Ok(Length::Known(0));
        }
        if self.field("transfer-encoding").is_some() {
            return Ok(Length::Chunked);
        }
        match self.field("content-length") {
            Some(text) => text.parse().map(Length::Known).map_err(|_| bad("content-length", text)),
            None => Ok(Length::UntilClose),
        }
    }
}

/// Takes one answer off the front of what has come; nothing if there is not all of it yet.
///
/// `ended`: no more will come.
pub(super) fn take(received: &mut Vec<u8>, to_head: bool, ended: bool) -> io::Result<Option<Answer>> {
    let Some(end) = find(received, b"\r\n\r\n") else {
        return if ended && !received.is_empty() { Err(broken_off()) } else { Ok(None) };
    };
    let mut answer = head(&String::from_utf8_lossy(&received[..end]))?;
    let rest = &received[end + 4..];
    let taken = match answer.length(to_head)? {
        Length::Known(length) => (rest.len() >= length).then(|| (rest[..length].to_vec(), length)),
        Length::Chunked => chunks(rest)?,
        Length::UntilClose => ended.then(|| (rest.to_vec(), rest.len())),
    };
    let Some((body, length)) = taken else {
        return if ended { Err(broken_off()) } else { Ok(None) };
    };
    answer.body = body;
    received.drain(..end + 4 + length);
    Ok(Some(answer))
}

fn head(text: &str) -> io::Result<Answer> {
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first.strip_prefix("HTTP/1.1 ").or_else(|| first.strip_prefix("HTTP/1.0 "));
    let status =
        status.and_then(|rest| rest.get(..3)?.parse().ok()).ok_or_else(|| bad("first line", first))?;
    let fields = lines.map(field).collect::<io::Result<_>>()?;
    Ok(Answer { status, fields, body: Vec::new() })
}

fn field(line: &str) -> io::Result<(String, String)> {
    let (name, value) = line.split_once(':').ok_or_else(|| bad("field", line))?;
    Ok((name.to_owned(), value.trim().to_owned()))
}

/// The decoded body, and how long it was on the wire.
fn chunks(wire: &[u8]) -> io::Result<Option<(Vec<u8>, usize)>> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let Some(line) = find(&wire[at..], b"\r\n") else { return Ok(None) };
        let text = String::from_utf8_lossy(&wire[at..at + line]);
        let size = usize::from_str_radix(&text, 16).map_err(|_| bad("chunk size", &text))?;
        let start = at + line + 2;
        let end = start.saturating_add(size).saturating_add(2);
        let Some(data) = wire.get(start..end) else { return Ok(None) };
        if !data.ends_with(b"\r\n") {
            return Err(bad("end of a chunk", &String::from_utf8_lossy(&data[size..])));
        }
        at = end;
        if size == 0 {
            return Ok(Some((body, at)));
        }
        body.extend_from_slice(&data[..size]);
    }
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|window| window == sought)
}

fn bad(what: &str, text: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("an answer with a bad {what}: {text:?}"))
}

fn broken_off() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "an answer that breaks off")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nconnection: close\r\n\r\nabc";
    const CHUNKED: &[u8] =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nwiki\r\nA\r\n0123456789\r\n0\r\n\r\n";

    fn all(bytes: &[u8], to_head: bool) -> io::Result<Vec<Answer>> {
        let mut received = bytes.to_vec();
        let mut answers = Vec::new();
        while let Some(answer) = take(&mut received, to_head, true)? {
            answers.push(answer);
        }
        Ok(answers)
    }

    #[test]
    fn answers_are_told_apart_however_their_length_is_given() {
        let answers =
            all(&[KNOWN, CHUNKED, b"HTTP/1.1 204 No Content\r\n\r\n", KNOWN].concat(), false).unwrap();
        let seen: Vec<_> = answers.iter().map(|answer| (answer.status, answer.text())).collect();
        assert_eq!(
            seen,
            [
                (404, "abc".to_owned()),
                (200, "wiki0123456789".to_owned()),
                (204, String::new()),
                (404, "abc".to_owned())
            ]
        );
        assert!(answers[0].closes() && !answers[1].closes());
        assert_eq!(answers[0].field("content-length"), Some("3"));
    }

    #[test]
    fn an_answer_without_a_length_ends_with_the_connection() {
        let bytes = b"HTTP/1.0 200 OK\r\n\r\nall of it";
        assert_eq!(take(&mut bytes.to_vec(), false, false).unwrap(), None);
        assert_eq!(all(bytes, false).unwrap()[0].text(), "all of it");
    }

    #[test]
    fn an_answer_to_head_has_no_body() {
        let answers = all(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n", true).unwrap();
        assert_eq!(answers.len(), 1);
    }

    #[test]
    fn half_an_answer_is_none_yet_and_wrong_when_no_more_comes() {
        for whole in [KNOWN, CHUNKED] {
            for end in 1..whole.len() {
                assert_eq!(take(&mut whole[..end].to_vec(), false, false).unwrap(), None, "{end}");
                assert!(take(&mut whole[..end].to_vec(), false, true).is_err(), "{end}");
            }
        }
        assert_eq!(take(&mut Vec::new(), false, true).unwrap(), None);
    }

    #[test]
    fn what_is_no_answer_is_shown() {
        for (bytes, text) in [
            (&b"HELLO\r\n\r\n"[..], "first line"),
            (b"HTTP/1.1 2\r\n\r\n", "first line"),
            (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "field"),
            (b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\na", "content-length"),
            (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n", "chunk size"),
            (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc", "end of a chunk"),
        ] {
            let error = all(bytes, false).unwrap_err().to_string();
            assert!(error.contains(text), "{error}");
        }
    }
}
