//! The body of a request, and what its head says that it is.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

use crate::http::{Problem, kinds};

/// What is there where the request says of what type it is, and nothing where it says none.
pub(super) async fn optional<E, S>(request: Request, state: &S) -> Result<Option<E>, Problem>
where
    E: FromRequest<S, Rejection = Problem>,
    S: Send + Sync,
{
    if request.headers().contains_key(CONTENT_TYPE) {
        E::from_request(request, state).await.map(Some)
    } else {
        Ok(None)
    }
}

/// What a body may be, by the header field `Content-Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`, and whatever ends in `+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

impl Media {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }

    /// Whether a media type is of it; what kind of parameters it has does not matter.
    fn holds(self, media_type: &str) -> bool {
        let essence = media_type.split(';').next().unwrap_or_default().trim_matches([' ', '\t']);
        let essence = essence.to_ascii_lowercase();
        essence == self.name() || (self == Self::Json && is_json_suffixed(&essence))
    }

    /// The refusal of everything else (RFC 9110, section 15.5.16, with `Accept` as section 12.5.1 has it).
    fn expected(self, instead: &str) -> Problem {
        let name = self.name();
        Problem::of_kind(&kinds::UNSUPPORTED_MEDIA_TYPE)
            .detail(format!("{instead}: send `Content-Type: {name}`"))
            .header(ACCEPT, HeaderValue::from_static(name))
    }

    /// As documents show it.
    #[cfg(feature = "openapi")]
    pub(super) fn example(self) -> Problem {
        self.expected(MISSING)
    }

    /// Refuses a request whose body is, as far as its head says, something else.
    pub(super) fn check(self, headers: &HeaderMap) -> Result<(), Problem> {
        let mut lines = headers.get_all(CONTENT_TYPE).iter();
        match (lines.next(), lines.next()) {
            (None, _) => Err(self.expected(MISSING)),
            (Some(_), Some(_)) => Err(self.expected("the content type is there more than once")),
            (Some(line), None) if line.to_str().is_ok_and(|line| self.holds(line)) => Ok(()),
            (Some(_), None) => Err(self.expected("the content type is not one that is read here")),
        }
    }
}

const MISSING: &str = "the content type is missing";

/// `application/vnd.api+json`.
fn is_json_suffixed(essence: &str) -> bool {
    let name = essence.strip_prefix("application/").and_then(|subtype| subtype.strip_suffix("+json"));
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(is_token))
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// All of the body, as far as its limit allows.
pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => too_large(),
        _ => malformed("the body ended before all of it was there"),
    })
}

/// The refusal of a body above the limit.
pub(super) fn too_large() -> Problem {
    Problem::of_kind(&kinds::PAYLOAD_TOO_LARGE)
        .detail("the body is longer than this service reads: send less at once")
}

/// The refusal of a body that cannot be read.
pub(super) fn malformed(detail: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::of_kind(&kinds::MALFORMED_BODY).detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(media: Media, line: &str) -> bool {
        media
            .check(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_bytes(line.as_bytes()).unwrap())]))
            .is_ok()
    }

    #[test]
    fn json_is_known_by_its_name_and_its_suffix() {
        for line in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "application/json ; v=1",
            "application/json;",
            "application/vnd.api+json",
            "application/problem+JSON; x=y",
        ] {
            assert!(is(Media::Json, line), "{line}");
        }
        for line in [
            "",
            "json",
            "text/json",
            "text/plain",
            "application/jsonp",
            "application/json-patch",
            "application/+json",
            "application/a b+json",
            "application/x+json/+json",
            "application/json, text/plain",
            "text/plain; application/json",
            "application/x-www-form-urlencoded",
            "application/json\u{e9}",
        ] {
            assert!(!is(Media::Json, line), "{line}");
        }
    }

    #[test]
    fn a_form_is_known_by_its_name() {
        assert!(is(Media::Form, "application/x-www-form-urlencoded"));
        assert!(is(Media::Form, "Application/X-WWW-Form-Urlencoded; charset=utf-8"));
        assert!(!is(Media::Form, "multipart/form-data; boundary=x"));
        assert!(!is(Media::Form, "application/json"));
    }

    #[test]
    fn a_content_type_that_is_missing_or_there_twice_is_refused() {
        assert!(Media::Json.check(&HeaderMap::new()).is_err());
        let line = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::new();
        headers.append(CONTENT_TYPE, line.clone());
        headers.append(CONTENT_TYPE, line);
        assert!(Media::Json.check(&headers).is_err());
    }
}
