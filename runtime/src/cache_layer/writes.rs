//! What a write throws away: RFC 9111, section 4.4.

use std::borrow::Cow;

use http::header::{CONTENT_LOCATION, LOCATION};
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use smallvec::SmallVec;

use super::target::hosts;
use crate::app::{By, Going, Tollgate};
use crate::cache::Mark;
use crate::cache::rfc::uri::target;

/// A request that may change something, as far as its answer needs it.
pub(super) struct Write {
    uri: Uri,
    hosts: SmallVec<[Box<[u8]>; 1]>,
    going: Going,
}

impl Write {
    /// Of a request whose method is not known to be safe. What is kept of its target goes where it is dropped, too: nobody knows what it has
    /// changed.
    pub(super) fn of(method: &Method, uri: &Uri, headers: &HeaderMap, tollgate: &Tollgate) -> Option<Self> {
        let is_safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
        let going = || {
            let marks = [Mark::key(&target(uri))].into_iter().collect();
            Going::new(tollgate.clone(), marks, By { name: "tollgate::CacheLayer", policy: None })
        };
        (!is_safe).then(|| Self {
            uri: uri.clone(),
            hosts: hosts(uri, headers).map(Into::into).collect(),
            going: going(),
        })
    }

    /// Throws away what it may have changed, if it was successful: its target, and what the answer names on the same host.
    pub(super) async fn done(self, status: StatusCode, headers: &HeaderMap) {
        if !status.is_success() && !status.is_redirection() {
            self.going.stays();
            return;
        }
        let named = [LOCATION, CONTENT_LOCATION].into_iter().filter_map(|name| self.named(headers, name));
        let marks: SmallVec<[Mark; 2]> = named.map(|text| Mark::key(&text)).collect();
        self.going.and(marks).goes().await;
    }

    /// What a field of the answer names, if it is of the same origin: the host, because a service does not know by which scheme it is asked.
    fn named(&self, headers: &HeaderMap, name: HeaderName) -> Option<Cow<'static, str>> {
        let value = headers.get(name)?.to_str().ok()?;
        let uri: Uri = self.absolute(value)?.parse().ok()?;
        let is_here = uri.authority().is_none_or(|authority| {
            let is = |host: &[u8]| host.eq_ignore_ascii_case(authority.as_str().as_bytes());
            self.hosts.iter().any(|host| is(host))
        });
        is_here.then(|| Cow::Owned(target(&uri).into_owned()))
    }

    /// A reference against the target. Those with dots are not resolved: they name what this cache does not keep.
    fn absolute<'a>(&self, reference: &'a str) -> Option<Cow<'a, str>> {
        let reference = reference.split('#').next().filter(|reference| !reference.is_empty())?;
        if let Some(rest) = reference.strip_prefix("//") {
            return Some(Cow::Owned(format!("http://{rest}")));
        }
        if reference.starts_with('/') || reference.contains("://") {
            return Some(Cow::Borrowed(reference));
        }
        let path = self.uri.path();
        let base = if reference.starts_with('?') { path } else { &path[..=path.rfind('/')?] };
        Some(Cow::Owned([base, reference].concat()))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::HOST;

    use super::*;

    fn write(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Write> {
        let tollgate = Tollgate::builder().build().unwrap();
        Write::of(method, uri, headers, &tollgate)
    }

    fn named(location: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("own.test"));
        let write = write(&Method::POST, &"/a/b?c".parse().unwrap(), &headers).unwrap();
        headers.insert(LOCATION, HeaderValue::from_static(location));
        write.named(&headers, LOCATION).map(Cow::into_owned)
    }

    #[test]
    fn what_an_answer_names_on_the_same_host_goes() {
        for (location, expected) in [
            ("/x?b=1&a=2#f", Some("/x?a=2&b=1")),
            ("https://own.test/x", Some("/x")),
            ("http://OWN.test/x", Some("/x")),
            ("//own.test/x", Some("/x")),
            ("x", Some("/a/x")),
            ("?x", Some("/a/b?x")),
            ("https://own.test:8443/x", None),
            ("https://evil.test/x", None),
            ("//evil.test/x", None),
            ("#f", None),
            ("", None),
            ("http://", None),
            ("mailto:a@own.test", Some("/a/mailto:a@own.test")),
        ] {
            assert_eq!(named(location).as_deref(), expected, "{location}");
        }
    }

    #[test]
    fn only_methods_that_are_known_to_be_safe_are_no_writes() {
        for (method, expected) in [
            ("GET", false),
            ("HEAD", false),
            ("OPTIONS", false),
            ("TRACE", false),
            ("POST", true),
            ("MOVE", true),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let write = write(&method, &Uri::from_static("/"), &HeaderMap::new());
            assert_eq!(write.is_some(), expected, "{method}");
        }
    }
}
