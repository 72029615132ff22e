//! `Cache-Control`, read leniently: RFC 9111, section 5.2; RFC 5861.
//!
//! The first of several directives with one name counts. An argument that cannot be read is the strictest that there is: no time at all.
//! Arguments may be quoted, and directives that take none may have some.

use http::header::{CACHE_CONTROL, PRAGMA};
use http::{HeaderMap, HeaderName};
use smallvec::SmallVec;

use super::syntax::{is_unclosed, members, seconds, split, unquoted};

/// `private` and `no-cache`, which may be about some fields only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// It was not said.
    #[default]
    Nothing,
    /// It was said about these fields.
    Fields(SmallVec<[HeaderName; 2]>),
    /// It was said about the answer.
    Everything,
}

impl Scope {
    /// Whether it is about the whole answer.
    pub(crate) const fn is_everything(&self) -> bool {
        matches!(self, Self::Everything)
    }

    /// The fields that it is about.
    pub(crate) fn fields(&self) -> &[HeaderName] {
        match self {
            Self::Fields(fields) => fields,
            Self::Nothing | Self::Everything => &[],
        }
    }

    fn add(&mut self, argument: Option<&[u8]>) {
        let Some(argument) = argument else { return *self = Self::Everything };
        let list = unquoted(argument).unwrap_or(argument);
        let names: Option<SmallVec<[HeaderName; 2]>> =
            split(list).map(|name| HeaderName::from_bytes(name).ok()).collect();
        match (names, self) {
            (_, Self::Everything) => {}
            (Some(names), Self::Fields(fields)) if !names.is_empty() => fields.extend(names),
            (Some(names), own) if !names.is_empty() => *own = Self::Fields(names),
            // No names, or what is none: whoever wrote it wanted to hold something back.
            (_, own) => *own = Self::Everything,
        }
    }
}

/// What an answer says. Times are seconds.
#[expect(clippy::struct_excessive_bools, reason = "each is a word that an answer says or does not say")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResponseDirectives {
    pub(crate) max_age: Option<u64>,
    pub(crate) s_maxage: Option<u64>,
    pub(crate) stale_while_revalidate: Option<u64>,
    pub(crate) stale_if_error: Option<u64>,
    pub(crate) no_cache: Scope,
    pub(crate) private: Scope,
    pub(crate) no_store: bool,
    pub(crate) public: bool,
    pub(crate) must_revalidate: bool,
    pub(crate) proxy_revalidate: bool,
    pub(crate) must_understand: bool,
}

impl ResponseDirectives {
    /// What those fields say.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        // A quote that is not closed swallows what follows, which may be `no-store`.
        let no_store = headers.get_all(CACHE_CONTROL).iter().any(|line| is_unclosed(line.as_bytes()));
        let mut directives = Self { no_store, ..Self::default() };
        for member in members(headers, CACHE_CONTROL) {
            let (name, argument) = parted(member);
            directives.add(name, argument);
        }
        directives
    }

    fn add(&mut self, name: &[u8], argument: Option<&[u8]>) {
        let is = |directive: &str| name.eq_ignore_ascii_case(directive.as_bytes());
        let time = || Some(time(argument).unwrap_or(0));
        if is("max-age") {
            self.max_age = self.max_age.or_else(time);
        } else if is("s-maxage") {
            self.s_maxage = self.s_maxage.or_else(time);
        } else if is("stale-while-revalidate") {
            self.stale_while_revalidate = self.stale_while_revalidate.or_else(time);
        } else if is("stale-if-error") {
            self.stale_if_error = self.stale_if_error.or_else(time);
        } else if is("no-cache") {
            self.no_cache.add(argument);
        } else if is("private") {
            self.private.add(argument);
        } else {
            self.no_store |= is("no-store");
            self.public |= is("public");
            self.must_revalidate |= is("must-revalidate");
            self.proxy_revalidate |= is("proxy-revalidate");
            self.must_understand |= is("must-understand");
        }
    }

    /// Whether it may never be used stale by a cache that many share.
    pub(crate) const fn forbids_stale(&self) -> bool {
        self.must_revalidate
            || self.proxy_revalidate
            || self.s_maxage.is_some()
            || self.no_cache.is_everything()
    }
}

/// What a request says. Times are seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestDirectives {
    pub(crate) no_cache: bool,
    pub(crate) no_store: bool,
    pub(crate) only_if_cached: bool,
    /// Something of at most that age.
    pub(crate) max_age: Option<u64>,
    /// Something that stays fresh for at least so long.
    pub(crate) min_fresh: Option<u64>,
    /// Something stale by less than that; `u64::MAX` where any will do.
    pub(crate) max_stale: Option<u64>,
}

impl RequestDirectives {
    /// What those fields say. `Pragma: no-cache` counts where there is no `Cache-Control`.
    #[inline]
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match headers.get(CACHE_CONTROL) {
            Some(_) => Self::read(headers),
            None if headers.contains_key(PRAGMA) => Self::by_pragma(headers),
            None => Self::default(),
        }
    }

    #[cold]
    fn by_pragma(headers: &HeaderMap) -> Self {
        let no_cache = members(headers, PRAGMA).any(|member| member.eq_ignore_ascii_case(b"no-cache"));
        Self { no_cache, ..Self::default() }
    }

    fn read(headers: &HeaderMap) -> Self {
        let mut directives = Self::default();
        for member in members(headers, CACHE_CONTROL) {
            let (name, argument) = parted(member);
            directives.add(name, argument);
        }
        directives
    }

    fn add(&mut self, name: &[u8], argument: Option<&[u8]>) {
        let is = |directive: &str| name.eq_ignore_ascii_case(directive.as_bytes());
        if is("no-cache") {
            self.no_cache = true;
        } else if is("no-store") {
            self.no_store = true;
        } else if is("only-if-cached") {
            self.only_if_cached = true;
        } else if is("max-age") {
            self.max_age = self.max_age.or_else(|| Some(time(argument).unwrap_or(0)));
        } else if is("min-fresh") {
            self.min_fresh = self.min_fresh.or_else(|| time(argument));
        } else if is("max-stale") {
            let most = argument.map_or(Some(u64::MAX), |argument| time(Some(argument)));
            self.max_stale = self.max_stale.or(most);
        }
    }
}

/// The name of a directive and its argument. What stands in front of `=` with a space is no name of an argument, so it has a broken one.
fn parted(member: &[u8]) -> (&[u8], Option<&[u8]>) {
    match member.iter().position(|byte| *byte == b'=') {
        None => (member, None),
        Some(place) => {
            let (name, argument) = (&member[..place], &member[place + 1..]);
            let trimmed = name.trim_ascii_end();
            (trimmed, Some(if trimmed.len() == name.len() { argument } else { b"" }))
        }
    }
}

fn time(argument: Option<&[u8]>) -> Option<u64> {
    let argument = argument?;
    seconds(unquoted(argument).unwrap_or(argument))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::super::syntax::MOST_SECONDS;
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (CACHE_CONTROL, HeaderValue::from_bytes(line.as_bytes()).unwrap())).collect()
    }

    fn said(lines: &[&str]) -> ResponseDirectives {
        ResponseDirectives::of(&headers(lines))
    }

    fn asked(line: &str) -> RequestDirectives {
        RequestDirectives::of(&headers(&[line]))
    }

    #[test]
    fn times_are_read_leniently_and_broken_ones_are_none_at_all() {
        for (line, expected) in [
            ("max-age=60", Some(60)),
            ("MaX-aGe=60", Some(60)),
            (",,,,max-age=456      ,", Some(456)),
            (r#"max-age="678""#, Some(678)),
            ("foobar, max-age=60", Some(60)),
            ("max-age=003600", Some(3600)),
            ("max-age=99999999999", Some(MOST_SECONDS)),
            ("max-age =  456", Some(0)),
            ("max-age= 456", Some(0)),
            ("max-age='678'", Some(0)),
            ("max-age=3600.0", Some(0)),
            ("max-age=3600a", Some(0)),
            ("max-age=-3600", Some(0)),
            ("max-age=", Some(0)),
            ("max-age", Some(0)),
            (r#"max-age="60"#, Some(0)),
            ("max-age=60, max-age=1", Some(60)),
            ("max-age=x, max-age=60", Some(0)),
            (r#"extension="max-age=3600", max-age=1"#, Some(1)),
            (r#"extension="max-age=3600""#, None),
            ("xmax-age=60", None),
            ("", None),
        ] {
            assert_eq!(said(&[line]).max_age, expected, "{line}");
        }
        assert_eq!(said(&["public", "max-age=1800", "max-age=1"]).max_age, Some(1800));
    }

    #[test]
    fn no_store_is_heard_among_anything() {
        for line in ["max-age=60, no-store", "no-store=x", "pre-check=0, , NO-STORE", r#"no-store="a, b""#] {
            assert!(said(&[line]).no_store, "{line}");
        }
        assert!(!said(&[r#"x="no-store""#, "no-storey"]).no_store);
    }

    #[test]
    fn private_and_no_cache_may_be_about_fields() {
        let fields = said(&[r#"private="set-cookie, X-User", private=x-more, max-age=1"#]);
        assert_eq!(fields.private.fields(), ["set-cookie", "x-user", "x-more"]);
        assert_eq!(said(&["no-cache=X-A"]).no_cache.fields(), ["x-a"]);
        for line in [
            "private",
            "private=",
            r#"private="""#,
            r#"private="a b""#,
            r#"private="a"#,
            "private, private=a",
        ] {
            assert!(said(&[line]).private.is_everything(), "{line}");
        }
        assert_eq!(said(&["max-age=1"]).private, Scope::Nothing);
    }

    #[test]
    fn requests_are_read_the_same_way() {
        assert_eq!(asked("no-cache"), RequestDirectives { no_cache: true, ..RequestDirectives::default() });
        assert_eq!(asked("max-age=0").max_age, Some(0));
        assert_eq!(asked("max-age=x").max_age, Some(0));
        assert_eq!(asked("max-stale").max_stale, Some(u64::MAX));
        assert_eq!(asked("max-stale=40").max_stale, Some(40));
        assert_eq!(asked("max-stale=x").max_stale, None);
        assert_eq!(
            asked("min-fresh=5, no-store, only-if-cached"),
            RequestDirectives {
                min_fresh: Some(5),
                no_store: true,
                only_if_cached: true,
                ..RequestDirectives::default()
            }
        );
    }

    #[test]
    fn pragma_counts_where_nothing_else_is_said() {
        let mut fields = HeaderMap::new();
        fields.insert(PRAGMA, HeaderValue::from_static("x, No-Cache"));
        assert!(RequestDirectives::of(&fields).no_cache);
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("max-age=5"));
        assert!(!RequestDirectives::of(&fields).no_cache);
        assert_eq!(RequestDirectives::of(&HeaderMap::new()), RequestDirectives::default());
    }
}
