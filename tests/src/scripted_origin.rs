//! An origin whose answers are scripted by requests, behind a [`CacheLayer`]: the protocol of the public suite `http-tests/cache-tests`.
//!
//! | request | what |
//! | --- | --- |
//! | `PUT /config/{id}` | a JSON array with a script for each request that is to come; 201, or 409 where there is one |
//! | any `/test/{id}` and below | the answer that the script has for this request, by its `Req-Num` or in order |
//! | `GET /state/{id}` | the requests that reached the origin, as a JSON array |

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::error_handling::HandleError;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use serde_json::{Value, json};
use tollgate::{CacheLayer, Clock, Tollgate};
use tower::{Layer, service_fn};

/// How many scripts are remembered, and how long each may be.
const MOST_SCRIPTS: usize = 10_000;
const MOST_BYTES: usize = 1 << 20;

/// A router that answers by scripts, with that layer in front of them.
pub fn router(tollgate: &Tollgate, layer: &CacheLayer, clock: Arc<dyn Clock>) -> Router {
    let origin = Arc::new(Origin { clock, tests: Mutex::default() });
    let service = service_fn(move |request| Arc::clone(&origin).answer(request));
    let gone = |_: Disconnected| async { StatusCode::BAD_GATEWAY };
    Router::new().fallback_service(HandleError::new(layer.layer(service), gone)).layer(tollgate.layer())
}

/// The origin closed the connection.
#[derive(Debug)]
struct Disconnected;

impl fmt::Display for Disconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the origin closed the connection")
    }
}

impl std::error::Error for Disconnected {}

struct Origin {
    clock: Arc<dyn Clock>,
    tests: Mutex<HashMap<String, Test>>,
}

#[derive(Default)]
struct Test {
    scripts: Vec<Value>,
    seen: Vec<Value>,
}

impl Origin {
    async fn answer(self: Arc<Self>, request: Request<Body>) -> Result<Response, Disconnected> {
        let (head, body) = request.into_parts();
        let mut segments = head.uri.path().split('/').skip(1);
        let (part, id) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        match part {
            "config" if head.method == Method::PUT => Ok(self.configure(id, body).await),
            "state" => Ok(self.state(id)),
            "test" => self.play(id, &head).await,
            _ => Ok(StatusCode::NOT_FOUND.into_response()),
        }
    }

    async fn configure(&self, id: &str, body: Body) -> Response {
        let read = to_bytes(body, MOST_BYTES).await.ok();
        let Some(scripts) = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let mut tests = self.tests();
        if tests.contains_key(id) || tests.len() >= MOST_SCRIPTS {
            return StatusCode::CONFLICT.into_response();
        }
        tests.insert(id.to_owned(), Test { scripts, seen: Vec::new() });
        (StatusCode::CREATED, "OK").into_response()
    }

    fn state(&self, id: &str) -> Response {
        let tests = self.tests();
        match tests.get(id).filter(|test| !test.seen.is_empty()) {
            Some(test) => Value::from(test.seen.clone()).to_string().into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }

    async fn play(&self, id: &str, head: &Parts) -> Result<Response, Disconnected> {
        let asked =
            head.headers.get("req-num").and_then(|number| number.to_str().ok()?.parse::<usize>().ok());
        let script = |test: &Test| {
            let number = asked.unwrap_or(test.seen.len() + 1);
            let previous = number.checked_sub(2).and_then(|place| test.scripts.get(place)).cloned();
            Some((test.scripts.get(number.checked_sub(1)?)?.clone(), previous))
        };
        let Some((script, previous)) = self.tests().get(id).and_then(script) else {
            return Ok(StatusCode::CONFLICT.into_response());
        };
        if let Some(pause) = script["response_pause"].as_f64() {
            let pause = Duration::try_from_secs_f64(pause).unwrap_or_default();
            self.clock.sleep_until(self.clock.now().saturating_add(pause)).await;
        }
        let answer = self.noted(id, head, asked, &script, previous.as_ref());
        if script["disconnect"] == true { Err(Disconnected) } else { Ok(answer) }
    }

    /// The answer, which is noted together with the request.
    fn noted(
        &self,
        id: &str,
        head: &Parts,
        asked: Option<usize>,
        script: &Value,
        previous: Option<&Value>,
    ) -> Response {
        let mut tests = self.tests();
        let test = tests.entry(id.to_owned()).or_default();
        let (status, now) = (status_of(script, previous, &head.headers), self.clock.wall());
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: String| insert(&mut headers, name, &value);
        put("server-base-url", head.uri.to_string());
        put("server-request-count", (test.seen.len() + 1).to_string());
        put("client-request-count", asked.map_or("NaN".to_owned(), |number| number.to_string()));
        put("server-now", unix(now).saturating_mul(1000).to_string());
        let saved = add_scripted(&mut headers, script, &head.uri.to_string(), now);
        if !headers.contains_key(CONTENT_TYPE) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        }
        test.seen.push(json!({
            "request_num": asked,
            "request_method": head.method.as_str(),
            "request_headers": fields_of(&head.headers),
            "response_headers": saved,
        }));
        let numbers: Vec<_> = test.seen.iter().map(|seen| seen["request_num"].to_string()).collect();
        insert(&mut headers, "request-numbers", &numbers.join(" "));
        let has_body = !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let body = script["response_body"].as_str().filter(|body| !body.is_empty()).unwrap_or(id);
        let mut answer = Response::new(if has_body { Body::from(body.to_owned()) } else { Body::empty() });
        (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
        answer
    }

    fn tests(&self) -> MutexGuard<'_, HashMap<String, Test>> {
        self.tests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A script that expects a question gives 304 to the right one, and 999 to any other.
fn status_of(script: &Value, previous: Option<&Value>, request: &HeaderMap) -> StatusCode {
    if script["expected_type"].as_str().is_some_and(|kind| kind.ends_with("validated")) {
        let has = |field: &str, validator: &str| {
            let own = previous.and_then(|previous| scripted(previous, validator));
            own.is_some() && request.get(field).and_then(|value| value.to_str().ok()) == own
        };
        let holds = has("if-modified-since", "last-modified") || has("if-none-match", "etag");
        return StatusCode::from_u16(if holds { 304 } else { 999 }).unwrap_or_default();
    }
    let status = script["response_status"][0].as_u64().and_then(|status| u16::try_from(status).ok());
    status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default()
}

fn scripted<'a>(script: &'a Value, name: &str) -> Option<&'a str> {
    let lines = script["response_headers"].as_array()?;
    lines.iter().rfind(|line| line[0].as_str().is_some_and(|own| own.eq_ignore_ascii_case(name)))?[1].as_str()
}

/// Adds what a script says, and gives back what a client should see of it.
fn add_scripted(headers: &mut HeaderMap, script: &Value, base: &str, now: SystemTime) -> Vec<Value> {
    let mut saved: Vec<(String, Value)> = Vec::new();
    for line in script["response_headers"].as_array().into_iter().flatten() {
        let Some(written) = line[0].as_str() else { continue };
        let lower = written.to_ascii_lowercase();
        let value = match (&line[1], lower.as_str()) {
            (Value::Number(seconds), "date" | "expires" | "last-modified") => {
                let is_old =
                    script["rfc850date"].as_array().is_some_and(|names| names.contains(&json!(lower)));
                date(unix(now).saturating_add(seconds.as_i64().unwrap_or_default()), is_old)
            }
            (Value::String(text), "location" | "content-location") if script["magic_locations"] == true => {
                if text.is_empty() {
                    base.to_owned()
                } else {
                    format!("{base}/{text}")
                }
            }
            (Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        };
        let Ok(name) = HeaderName::from_bytes(lower.as_bytes()) else { continue };
        append(headers, &name, &value);
        if line.get(2).is_none_or(|is_saved| *is_saved == true) {
            let all: Vec<_> = headers.get_all(&name).iter().map(|value| latin1(value.as_bytes())).collect();
            saved.retain(|(own, _)| own != written);
            saved.push((written.to_owned(), if all.len() == 1 { json!(all[0]) } else { json!(all) }));
        }
    }
    saved.into_iter().map(|(name, value)| json!([name, value])).collect()
}

fn fields_of(headers: &HeaderMap) -> Value {
    let joined = |name: &HeaderName| {
        let lines: Vec<_> = headers.get_all(name).iter().map(|value| latin1(value.as_bytes())).collect();
        (name.as_str().to_owned(), Value::from(lines.join(", ")))
    };
    Value::Object(headers.keys().map(joined).collect())
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    headers.remove(name);
    append(headers, &HeaderName::from_static(name), value);
}

/// What is no value of a field is left out.
fn append(headers: &mut HeaderMap, name: &HeaderName, value: &str) {
    let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    if let Some(value) = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok()) {
        headers.append(name, value);
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn unix(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A date in the preferred form, or in that of RFC 850.
fn date(seconds: i64, is_old: bool) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let name = |names: &[&'static str], place: i64| usize::try_from(place).map_or("", |place| names[place]);
    let weekday = name(&DAYS, (days + 3).rem_euclid(7));
    let (year, month, day) = civil(days);
    let (month, clock) = (name(&MONTHS, month - 1), (time / 3600, time / 60 % 60, time % 60));
    let clock = format!("{:02}:{:02}:{:02} GMT", clock.0, clock.1, clock.2);
    if is_old {
        format!("{weekday}, {day:02}-{month}-{:02} {clock}", year.rem_euclid(100))
    } else {
        format!("{}, {day:02} {month} {year:04} {clock}", &weekday[..3])
    }
}

/// Year, month and day of a number of days from 1970 on.
fn civil(days: i64) -> (i64, i64, i64) {
    let mut year = 1970 + days.div_euclid(366);
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let begin = |year: i64| {
        let before = year - 1;
        (year - 1970) * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 477
    };
    while begin(year + 1) <= days {
        year += 1;
    }
    let (mut day, mut month) = (days - begin(year), 1);
    for length in [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < length {
            break;
        }
        (day, month) = (day - length, month + 1);
    }
    (year, month, day + 1)
}
