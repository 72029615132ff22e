//! The best that one writes by hand, without a limiter crate: GCRA per client address in a sharded map,
//! and the `RateLimit` fields of draft-ietf-httpapi-ratelimit-headers-10 on every answer.

use std::{
    collections::HashMap,
    hash::BuildHasher,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use foldhash::quality::RandomState;

use super::{QUOTA, bare};

pub(super) fn router() -> Router {
    let limiter = Arc::new(Limiter::new());
    bare::get_router()
        .layer(middleware::from_fn(move |request, next| limit(Arc::clone(&limiter), request, next)))
}

/// Takes the limiter and the peer by hand: extractors in front of `request` take it apart and put it
/// together again.
async fn limit(limiter: Arc<Limiter>, request: Request, next: Next) -> Response {
    let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    match limiter.decide(key(peer.ip())) {
        Decision::Admitted { remaining, grows_in } => {
            let mut response = next.run(request).await;
            describe(response.headers_mut(), remaining, grows_in);
            response
        }
        Decision::Refused { wait } => {
            let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
            describe(response.headers_mut(), 0, wait);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds(wait)));
            response
        }
    }
}

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

fn describe(headers: &mut HeaderMap, remaining: u64, grows_in: Nanoseconds) {
    let mut text = Text::default();
    text.push(br#""default";r="#);
    text.push_number(remaining);
    text.push(b";t=");
    text.push_number(seconds(grows_in));
    if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
        headers.insert(RATE_LIMIT, value);
    }
    headers.insert(RATE_LIMIT_POLICY, HeaderValue::from_static(r#""default";q=1000000000;w=60"#));
}

/// A header's value in the making. Its room is enough for two numbers of 20 digits; `write!` would do, more
/// slowly.
struct Text {
    bytes: [u8; 64],
    length: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: [0; 64], length: 0 }
    }
}

impl Text {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    fn push_number(&mut self, mut number: u64) {
        let mut digits = [0; 20];
        let mut first = digits.len();
        loop {
            first -= 1;
            digits[first] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                return self.push(&digits[first..]);
            }
        }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

fn seconds(nanoseconds: Nanoseconds) -> u64 {
    nanoseconds.div_ceil(1_000_000_000)
}

type Nanoseconds = u64;

const PERIOD: Nanoseconds = 60_000_000_000;
const INTERVAL: Nanoseconds = PERIOD / QUOTA as u64;
const SHARDS: usize = 1024;

enum Decision {
    Admitted { remaining: u64, grows_in: Nanoseconds },
    Refused { wait: Nanoseconds },
}

struct Limiter {
    clock: quanta::Clock,
    start: quanta::Instant,
    hasher: RandomState,
    shards: Box<[Mutex<Shard>]>,
}

impl Limiter {
    fn new() -> Self {
        let clock = quanta::Clock::new();
        let hasher = RandomState::default();
        let shards = std::iter::repeat_with(|| Mutex::new(Shard::new(hasher.clone()))).take(SHARDS).collect();
        Self { start: clock.now(), clock, hasher, shards }
    }

    fn decide(&self, key: u128) -> Decision {
        let now = self.now();
        let shard = usize::try_from(self.hasher.hash_one(key) >> 32).unwrap_or_default() % SHARDS;
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner).decide(key, now)
    }

    fn now(&self) -> Nanoseconds {
        let elapsed = self.clock.now().saturating_duration_since(self.start);
        Nanoseconds::try_from(elapsed.as_nanos()).unwrap_or(Nanoseconds::MAX / 2)
    }
}

/// When each client will have its whole burst again: the theoretical arrival time of GCRA.
struct Shard {
    arrivals: HashMap<u128, Nanoseconds, RandomState>,
    sweep_at: usize,
}

impl Shard {
    fn new(hasher: RandomState) -> Self {
        Self { arrivals: HashMap::with_hasher(hasher), sweep_at: 64 }
    }

    fn decide(&mut self, key: u128, now: Nanoseconds) -> Decision {
        if self.arrivals.len() >= self.sweep_at {
            self.sweep(now);
        }
        let arrival = self.arrivals.entry(key).or_default();
        let next = (*arrival).max(now) + INTERVAL;
        if next > now + PERIOD {
            return Decision::Refused { wait: next - now - PERIOD };
        }
        *arrival = next;
        let free = now + PERIOD - next;
        Decision::Admitted { remaining: free / INTERVAL, grows_in: INTERVAL - free % INTERVAL }
    }

    /// A client whose burst is whole again is as good as unknown.
    fn sweep(&mut self, now: Nanoseconds) {
        self.arrivals.retain(|_, arrival| *arrival > now);
        self.sweep_at = (2 * self.arrivals.len()).max(64);
    }
}

fn key(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spent_burst_is_refused_until_the_next_interval() {
        let mut shard = Shard::new(RandomState::default());
        shard.arrivals.insert(1, PERIOD - INTERVAL / 2);
        assert!(matches!(shard.decide(1, 0), Decision::Refused { wait } if wait == INTERVAL / 2));
        assert!(matches!(shard.decide(1, INTERVAL / 2), Decision::Admitted { remaining: 0, .. }));
        assert!(
            matches!(shard.decide(2, 0), Decision::Admitted { remaining, .. } if remaining == u64::from(QUOTA) - 1)
        );
    }

    #[test]
    fn the_fields_are_those_of_the_draft() {
        let mut headers = HeaderMap::new();
        describe(&mut headers, 12, 1_500_000_000);
        assert_eq!(headers[RATE_LIMIT], r#""default";r=12;t=2"#);
        assert_eq!(headers[RATE_LIMIT_POLICY], format!(r#""default";q={QUOTA};w=60"#));
    }
}
