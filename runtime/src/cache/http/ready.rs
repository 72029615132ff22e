//! The head of an answer as all hits of one second send it.

use std::fmt;
use std::sync::RwLock;

use http::HeaderMap;
use http::header::AGE;

use super::answer::StoredAnswer;
use crate::cache::rfc::cache_status::CacheStatus;

/// What a head says of the moment at which it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Says<'a> {
    /// What the cache calls itself.
    pub(super) name: &'a str,
    pub(super) age: u64,
    /// For how many seconds it stays fresh, or is stale.
    pub(super) ttl: i64,
}

/// The head that was made last. Nobody waits for it: whoever does not get at it makes one.
#[derive(Default)]
pub(crate) struct Ready(RwLock<Option<Head>>);

struct Head {
    name: Box<str>,
    age: u64,
    ttl: i64,
    fields: HeaderMap,
}

impl Ready {
    /// The fields of an answer that say this.
    #[inline]
    pub(super) fn head(&self, answer: &StoredAnswer, says: Says<'_>) -> HeaderMap {
        if let Ok(last) = self.0.try_read()
            && let Some(head) = &*last
            && head.says() == says
        {
            return head.fields.clone();
        }
        self.make(answer, says)
    }

    #[cold]
    fn make(&self, answer: &StoredAnswer, says: Says<'_>) -> HeaderMap {
        let mut fields = answer.headers.clone();
        says.add_to(&mut fields);
        // A router says it otherwise, once for each request.
        answer.length_onto(&mut fields);
        if let Ok(mut last) = self.0.try_write() {
            let Says { name, age, ttl } = says;
            *last = Some(Head { name: name.into(), age, ttl, fields: fields.clone() });
        }
        fields
    }
}

impl Head {
    #[inline]
    fn says(&self) -> Says<'_> {
        Says { name: &self.name, age: self.age, ttl: self.ttl }
    }
}

impl Says<'_> {
    /// Adds what it says to the fields of an answer.
    pub(super) fn add_to(self, fields: &mut HeaderMap) {
        fields.insert(AGE, self.age.into());
        CacheStatus::Hit { ttl: self.ttl }.append_to(fields, self.name);
    }
}

/// A copy makes its own.
impl Clone for Ready {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::header::{CONTENT_LENGTH, LINK};
    use http::{HeaderValue, StatusCode};

    use super::*;

    fn says(name: &str, age: u64, ttl: i64) -> Says<'_> {
        Says { name, age, ttl }
    }

    #[test]
    fn every_head_says_what_it_is_asked_to_say() {
        let mut headers = HeaderMap::new();
        headers.insert(LINK, HeaderValue::from_static("</a>"));
        headers.append("cache-status", HeaderValue::from_static("origin; hit"));
        let answer = StoredAnswer::new(StatusCode::OK, headers, b"four");
        let first = says("one", 0, 10);
        for said in [first, first, says("two", 0, 10), says("two", 1, 10), says("two", 1, -9), first] {
            let head = answer.ready.head(&answer, said);
            let texts =
                |name| head.get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
            assert_eq!((texts("age"), texts("link")), (vec![said.age.to_string().as_str()], vec!["</a>"]));
            let own = format!("{}; hit; ttl={}", said.name, said.ttl);
            assert_eq!(texts("cache-status"), ["origin; hit", own.as_str()]);
            assert_eq!(head[CONTENT_LENGTH], "4");
        }
        assert!(answer.clone().ready.0.into_inner().unwrap().is_none(), "a copy may get other fields");
    }

    #[test]
    fn who_does_not_get_at_it_makes_one() {
        let answer = StoredAnswer::new(StatusCode::NO_CONTENT, HeaderMap::new(), b"");
        let taken = answer.ready.0.write().unwrap();
        let head = answer.ready.head(&answer, says("one", 1, 2));
        drop(taken);
        assert_eq!((&head[AGE], head.get(CONTENT_LENGTH)), (&HeaderValue::from(1), None));
        assert!(answer.ready.0.into_inner().unwrap().is_none());
    }
}
