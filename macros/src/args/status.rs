//! Statuses in other words than their numbers: `StatusCode::NOT_FOUND`, `"404 Not Found"`.

use proc_macro2::TokenStream;
use syn::Path;

use super::quoted;

/// The number of the status that somebody meant, where it can be told.
pub(crate) fn status_of(value: &TokenStream) -> Option<u16> {
    let word = quoted(value).or_else(|| last_word(value))?;
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| (100..=599).contains(number)).or_else(|| number_of(&word))
}

/// `NOT_FOUND` of `StatusCode::NOT_FOUND`.
fn last_word(value: &TokenStream) -> Option<String> {
    let path = syn::parse2::<Path>(value.clone()).ok()?;
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// By its name in `http::StatusCode`, in whatever case.
fn number_of(word: &str) -> Option<u16> {
    let letters =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let word = letters(word);
    NAMES.iter().find(|(name, _)| letters(name) == word).map(|(_, number)| *number)
}

const NAMES: &[(&str, u16)] = &[
    ("OK", 200),
    ("CREATED", 201),
    ("ACCEPTED", 202),
    ("NO_CONTENT", 204),
    ("FOUND", 302),
    ("SEE_OTHER", 303),
    ("NOT_MODIFIED", 304),
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("NOT_ACCEPTABLE", 406),
    ("PROXY_AUTHENTICATION_REQUIRED", 407),
    ("REQUEST_TIMEOUT", 408),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("LENGTH_REQUIRED", 411),
    ("PRECONDITION_FAILED", 412),
    ("PAYLOAD_TOO_LARGE", 413),
    ("CONTENT_TOO_LARGE", 413),
    ("URI_TOO_LONG", 414),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("RANGE_NOT_SATISFIABLE", 416),
    ("EXPECTATION_FAILED", 417),
    ("IM_A_TEAPOT", 418),
    ("MISDIRECTED_REQUEST", 421),
    ("UNPROCESSABLE_ENTITY", 422),
    ("UNPROCESSABLE_CONTENT", 422),
    ("LOCKED", 423),
    ("FAILED_DEPENDENCY", 424),
    ("TOO_EARLY", 425),
    ("UPGRADE_REQUIRED", 426),
    ("PRECONDITION_REQUIRED", 428),
    ("TOO_MANY_REQUESTS", 429),
    ("REQUEST_HEADER_FIELDS_TOO_LARGE", 431),
    ("UNAVAILABLE_FOR_LEGAL_REASONS", 451),
    ("INTERNAL_SERVER_ERROR", 500),
    ("INTERNAL_ERROR", 500),
    ("INTERNAL", 500),
    ("NOT_IMPLEMENTED", 501),
    ("BAD_GATEWAY", 502),
    ("SERVICE_UNAVAILABLE", 503),
    ("GATEWAY_TIMEOUT", 504),
    ("HTTP_VERSION_NOT_SUPPORTED", 505),
    ("INSUFFICIENT_STORAGE", 507),
    ("LOOP_DETECTED", 508),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_recognised_by_its_name_or_its_number() {
        let cases = [
            ("StatusCode::NO_CONTENT", Some(204)),
            ("unauthorized", Some(401)),
            ("TooManyRequests", Some(429)),
            ("\"200 OK\"", Some(200)),
            ("\"600\"", None),
            ("\"\"", None),
            ("strange", None),
            ("[401]", None),
        ];
        for (source, status) in cases {
            assert_eq!(status_of(&source.parse().unwrap()), status, "{source}");
        }
    }
}
