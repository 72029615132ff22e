//! The body of an answer, collected where it is whole and small enough; all others go on as they came.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use std::collections::VecDeque;
use std::future::poll_fn;

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};

/// What came of a body.
#[derive(Debug)]
pub(crate) enum Collected {
    /// All of it.
    Whole(Bytes),
    /// It is not for keeping, and gives what it would have given: it streams, is too long, has trailers or breaks off.
    Untouched { body: Body, is_broken: bool },
}

/// Collects a body that says exactly how long it is, where that is not too long. One that does not say streams, and is left alone.
pub(crate) async fn collect(mut body: Body, max_bytes: u64) -> Collected {
    let promised = match body.size_hint().exact() {
        Some(bytes) if bytes <= max_bytes => bytes,
        _ => return Collected::Untouched { body, is_broken: false },
    };
    let (mut frames, mut came) = (VecDeque::new(), 0);
    loop {
        match poll_fn(|context| pin!(&mut body).poll_frame(context)).await {
            None if came == promised => return Collected::Whole(joined(frames)),
            None => return resumed(frames, body, true),
            Some(Ok(frame)) => {
                came += frame.data_ref().map_or(0, |data| data.len() as u64);
                let is_data = frame.is_data();
                frames.push_back(Ok(frame));
                if !is_data || came > promised {
                    return resumed(frames, body, came > promised);
                }
            }
            Some(Err(error)) => {
                frames.push_back(Err(error));
                return resumed(frames, body, true);
            }
        }
    }
}

type Came = Result<Frame<Bytes>, axum::Error>;

/// One frame is the rule, and is not copied.
fn joined(mut frames: VecDeque<Came>) -> Bytes {
    let data = |frame: Came| frame.ok().and_then(|frame| frame.into_data().ok());
    if frames.len() == 1 {
        return frames.pop_front().and_then(data).unwrap_or_default();
    }
    let mut all = Vec::new();
    for data in frames.into_iter().filter_map(data) {
        all.extend_from_slice(&data);
    }
    all.into()
}

fn resumed(came: VecDeque<Came>, rest: Body, is_broken: bool) -> Collected {
    Collected::Untouched { body: Body::new(Resumed { came, rest }), is_broken }
}

/// What came already, then the rest.
struct Resumed {
    came: VecDeque<Came>,
    rest: Body,
}

impl HttpBody for Resumed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Came>> {
        match self.came.pop_front() {
            Some(frame) => Poll::Ready(Some(frame)),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.came.is_empty() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let data = |frame: &Came| frame.as_ref().ok().and_then(Frame::data_ref).map_or(0, Bytes::len) as u64;
        let came: u64 = self.came.iter().map(data).sum();
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(came));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(came)) {
            hint.set_upper(upper);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use http::HeaderMap;

    use super::*;

    /// Gives frames, and says that it is so long.
    struct Scripted {
        frames: VecDeque<Result<Frame<Bytes>, io::Error>>,
        says: Option<u64>,
    }

    impl HttpBody for Scripted {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            Poll::Ready(self.frames.pop_front())
        }

        fn size_hint(&self) -> SizeHint {
            self.says.map_or_else(SizeHint::new, SizeHint::with_exact)
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "a body gives frames so")]
    fn data(text: &'static str) -> Result<Frame<Bytes>, io::Error> {
        Ok(Frame::data(Bytes::from_static(text.as_bytes())))
    }

    fn body(says: Option<u64>, frames: Vec<Result<Frame<Bytes>, io::Error>>) -> Body {
        Body::new(Scripted { frames: frames.into(), says })
    }

    async fn collected(body: Body) -> Collected {
        collect(body, 10).await
    }

    /// What a reader gets, with `!` for an error and `t` for trailers.
    async fn read(mut body: Body) -> String {
        let mut text = String::new();
        while let Some(frame) = poll_fn(|context| pin!(&mut body).poll_frame(context)).await {
            match frame {
                Ok(frame) if frame.is_trailers() => text.push('t'),
                Ok(frame) => text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap()),
                Err(_) => text.push('!'),
            }
        }
        text
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn a_body_that_says_how_long_it_is_and_keeps_its_word_is_collected() {
        block_on(async {
            for frames in [vec![data("abcde")], vec![data("ab"), data(""), data("cde")]] {
                let Collected::Whole(bytes) = collected(body(Some(5), frames)).await else { panic!("whole") };
                assert_eq!(bytes, "abcde");
            }
            let Collected::Whole(bytes) = collected(Body::empty()).await else { panic!("whole") };
            assert!(bytes.is_empty());
        });
    }

    #[test]
    fn others_are_given_on_as_they_would_have_come() {
        let broken = || Err(io::Error::other("gone"));
        let trailers = || Ok(Frame::trailers(HeaderMap::new()));
        let cases = [
            (None, vec![data("ab"), data("cd")], "abcd", false),
            (Some(11), vec![data("abcdefghijk")], "abcdefghijk", false),
            (Some(4), vec![data("ab"), broken()], "ab!", true),
            (Some(4), vec![broken()], "!", true),
            (Some(4), vec![data("ab")], "ab", true),
            (Some(2), vec![data("ab"), data("cd")], "abcd", true),
            (Some(4), vec![data("ab"), data("cd"), trailers()], "abcdt", false),
            (Some(4), vec![trailers(), data("ab")], "tab", false),
        ];
        block_on(async {
            for (says, frames, expected, broken) in cases {
                match collected(body(says, frames)).await {
                    Collected::Untouched { body, is_broken } => {
                        assert_eq!((read(body).await.as_str(), is_broken), (expected, broken));
                    }
                    Collected::Whole(_) => panic!("{expected}"),
                }
            }
        });
    }

    #[test]
    fn what_came_counts_towards_the_length_of_the_rest() {
        block_on(async {
            let trailers = Ok(Frame::trailers(HeaderMap::new()));
            let frames = vec![data("ab"), data("cd"), trailers];
            let Collected::Untouched { body, .. } = collected(body(Some(4), frames)).await else {
                panic!("untouched")
            };
            assert!(body.size_hint().lower() >= 4);
        });
    }
}
