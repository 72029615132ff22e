//! What holds of any bytes: nothing panics, nothing is stored that must not be.
#![cfg(test)]

use std::time::{Duration, SystemTime};

use http::header::{
    AGE, CACHE_CONTROL, CONNECTION, DATE, EXPIRES, FORWARDED, IF_MODIFIED_SINCE, IF_NONE_MATCH, SET_COOKIE,
    VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;

use super::cache_status::name_of;
use super::conditional::{ask_about, become_304, etag_of, is_unmodified};
use super::directives::{RequestDirectives, ResponseDirectives};
use super::fields::{is_about, strip, update};
use super::reflections::Hazards;
use super::storable::{Asked, Readers, Times, is_storable, terms_of};
use super::uri::sorted;
use super::vary::{Vary, add_value};
use crate::cache::life::Life;
use crate::core::Moment;
use crate::http::dates::{self, unix};

/// What looks like the fields of caches, and what does not.
fn value() -> impl Strategy<Value = HeaderValue> {
    let words = prop_oneof![
        Just("max-age="),
        Just("s-maxage="),
        Just("no-store"),
        Just("private"),
        Just("no-cache"),
        Just("must-revalidate"),
        Just("stale-if-error="),
        Just("max-stale"),
        Just("min-fresh="),
        Just("=\"x-a, set-cookie\""),
        Just(", "),
        Just("\""),
        Just("\\"),
        Just("W/"),
        Just("*"),
        Just("="),
        Just("99999999999999999999999"),
        Just("60"),
        Just("Sun, 06 Nov 1994 08:49:37 GMT"),
        Just("Sunday, 06-Nov-94 08:49:37 GMT"),
        Just("Sun Nov  6 08:49:37 1994"),
    ];
    let text = vec(words, 0..8).prop_map(|words| words.concat().into_bytes());
    prop_oneof![text, vec(any::<u8>(), 0..40)]
        .prop_filter_map("no value", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let name = prop_oneof![
        Just(CACHE_CONTROL),
        Just(AGE),
        Just(DATE),
        Just(EXPIRES),
        Just(VARY),
        Just(CONNECTION),
        Just(SET_COOKIE),
        Just(IF_NONE_MATCH),
        Just(IF_MODIFIED_SINCE),
        Just(FORWARDED),
        Just(http::header::ETAG),
        Just(http::header::LAST_MODIFIED),
        Just(http::header::AUTHORIZATION),
        Just(HeaderName::from_static("x-a")),
    ];
    vec((name, value()), 0..8).prop_map(|lines| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        headers
    })
}

proptest! {
    #[test]
    fn nothing_panics_and_what_must_not_be_kept_is_not(
        request in headers(),
        response in headers(),
        other in headers(),
        status in 100_u16..1000,
        wall in any::<u32>(),
        age in any::<u64>(),
    ) {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(wall));
        let status = StatusCode::from_u16(status).unwrap();
        let (asks, said) = (RequestDirectives::of(&request), ResponseDirectives::of(&response));
        let asked = Asked::of(&Method::GET, &request, &asks);
        let is_kept = is_storable(asked, status, &response, &said, Readers::Everybody);
        let text = response.get_all(CACHE_CONTROL).iter().any(|line| line.as_bytes().starts_with(b"no-store,"));
        prop_assert!(!(is_kept && (text || said.no_store || said.private.is_everything())));
        let times = Times::Response { while_revalidating: age, on_error: age };
        if let Some(terms) = terms_of(status, &response, &said, times, now) {
            prop_assert!(!terms.is_strict || (terms.while_revalidating == 0 && terms.on_error == 0));
            let life = Life { terms, since: Moment::ORIGIN, early: u64::MAX };
            let moment = Moment::from_nanos(age);
            let used = asks.allow(&life, life.standing(moment), moment);
            prop_assert!(!terms.is_strict || !used.is_sent() || life.age(moment) < terms.fresh);
            prop_assert!(!asks.no_cache || !used.is_sent());
        }
        let mut kept = response.clone();
        strip(&mut kept, &said);
        prop_assert!(!kept.contains_key(SET_COOKIE) && !kept.contains_key(CONNECTION) && !kept.contains_key(AGE));
        let _ = (is_about(&kept, &other), is_unmodified(&request, &kept, unix(now)));
        let _ = Hazards::of(&request, &[]).are_repeated(&response, b"body");
        update(&mut kept, &other);
        become_304(&mut kept);
        let mut asking = request.clone();
        ask_about(&response, &mut asking);
        let mut key = Vec::new();
        if let Vary::By(names) = Vary::of(&response) {
            names.iter().for_each(|name| add_value(&request, name.as_str(), &mut key));
        }
    }

    #[test]
    fn no_two_lists_of_values_have_one_key(one in headers(), other in headers()) {
        let key = |headers: &HeaderMap| {
            let mut key = Vec::new();
            for name in ["x-a", "age", "date"] {
                add_value(headers, name, &mut key);
            }
            key
        };
        let lines = |headers: &HeaderMap| {
            ["x-a", "age", "date"].map(|name| headers.get_all(name).iter().cloned().collect::<Vec<_>>())
        };
        if lines(&one) == lines(&other) {
            prop_assert_eq!(key(&one), key(&other));
        } else if key(&one) == key(&other) {
            let bare = |headers: &HeaderMap| -> Vec<Option<Vec<u8>>> {
                let of = |name: &&str| {
                    let all: Vec<_> = headers.get_all(*name).iter().map(HeaderValue::as_bytes).collect();
                    let text = all.concat();
                    (!all.is_empty()).then(|| text.into_iter().filter(|byte| !b" \t,".contains(byte)).collect())
                };
                ["x-a", "age", "date"].iter().map(of).collect()
            };
            prop_assert_eq!(bare(&one), bare(&other));
        }
    }

    #[test]
    fn dates_are_read_or_refused(text in "[A-Za-z]{3,9},? ?[0-9]{1,2}[ -][A-Za-z]{3}[ -][0-9]{2,4} [0-9:]{8} GMT", now in any::<i32>()) {
        let _ = dates::parsed(text.as_bytes(), i64::from(now));
    }

    #[test]
    fn every_valid_date_is_read_back(seconds in 0_i64..253_402_300_800) {
        let text = dates::written(seconds);
        prop_assert_eq!(dates::parsed(text.as_bytes(), 0), Some(seconds));
        let other = imf_fixdate(seconds);
        prop_assert_eq!(&text.as_bytes()[5..], &other.as_bytes()[5..]);
    }

    #[test]
    fn sorting_loses_nothing(query in "[a-c=&%+]{0,20}") {
        let (mut one, text) = (query.split('&').collect::<Vec<_>>(), sorted(&query));
        let mut other = text.split('&').collect::<Vec<_>>();
        one.sort_unstable();
        other.sort_unstable();
        prop_assert_eq!(one, other);
        let again = sorted(&text);
        prop_assert_eq!(&again, &text);
    }

    #[test]
    fn names_and_tags_are_values(text in any::<String>(), body in vec(any::<u8>(), 0..100)) {
        prop_assert!(HeaderValue::from_str(&name_of(&text)).is_ok());
        prop_assert_eq!(etag_of(&body).len(), 24);
    }
}

/// By counting days one year after the other: another way than that of `dates`.
fn imf_fixdate(seconds: i64) -> String {
    const MONTHS: [(&str, i64); 12] = [
        ("Jan", 31),
        ("Feb", 28),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut days, time, mut year) = (seconds / 86_400, seconds % 86_400, 1970);
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let mut name = "";
    for (month, length) in MONTHS {
        let length = length + i64::from(month == "Feb" && is_leap(year));
        name = month;
        if days < length {
            break;
        }
        days -= length;
    }
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("Mon, {:02} {name} {year:04} {hour:02}:{minute:02}:{second:02} GMT", days + 1)
}
