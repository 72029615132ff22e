//! What a user would take instead, each asked in the way that costs it least.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    time::Duration,
};

use http::{Request, Response, Uri};
use tower::{
    Layer, Service,
    util::{ServiceFn, service_fn},
};
use tower_rate_limit_redis::{KeyResolver, RateLimitLayer};
use trypema::{
    BucketSize, RateLimit, RateLimitDecision, RateLimiterBuilder, WindowSize,
    redis::{RedisKey, RedisRateLimiterProvider},
};

use super::{
    rows::{BURST, PERMIT_SECONDS},
    subject::key,
};
use crate::Failure;

type Handler = ServiceFn<fn(Request<()>) -> Ready<Result<Response<()>, Infallible>>>;

/// The service of tower-rate-limit-redis around one that answers at once.
#[derive(Clone)]
pub(super) struct Tower {
    service: <RateLimitLayer<ByPath> as Layer<Handler>>::Service,
    /// Those of all clients, so that none is parsed while it is measured.
    paths: Arc<[Uri]>,
}

/// The client is the path, which costs less to come by than a header or an extension.
#[derive(Clone)]
struct ByPath;

impl KeyResolver for ByPath {
    type Key = String;
    type ErrorBody = ();

    fn key<T>(&self, request: &Request<T>) -> Result<String, Response<()>> {
        Ok(request.uri().path().to_owned())
    }
}

impl Tower {
    pub(super) async fn connect(url: &str, clients: usize) -> Result<Self, Failure> {
        let client = tower_rate_limit_redis_redis::Client::open(url)?;
        let layer = RateLimitLayer::builder()
            .conn(client.get_multiplexed_async_connection().await?)
            .key_resolver(ByPath)
            .capacity(BURST)
            .emission_interval(Duration::from_secs(PERMIT_SECONDS))
            .build();
        let answer: fn(Request<()>) -> _ = |_| ready(Ok(Response::new(())));
        let paths = (0..clients).map(|client| format!("/{}", key(client)).parse());
        Ok(Self { service: layer.layer(service_fn(answer)), paths: paths.collect::<Result<_, _>>()? })
    }

    pub(super) async fn admit(&mut self, client: usize) -> Result<bool, Failure> {
        let mut request = Request::new(());
        self.paths.get(client).ok_or("there is no such client")?.clone_into(request.uri_mut());
        let status = self.service.call(request).await?.status();
        match status.as_u16() {
            200 => Ok(true),
            429 => Ok(false),
            _ => Err(format!("tower-rate-limit-redis answered {status}").into()),
        }
    }
}

/// The absolute strategy of trypema's Redis provider.
#[derive(Clone)]
pub(super) struct Trypema {
    provider: Arc<RedisRateLimiterProvider>,
    rate: RateLimit,
    /// Those of all clients, so that none is checked while it is measured.
    keys: Arc<[RedisKey]>,
}

impl Trypema {
    pub(super) async fn connect(url: &str, clients: usize) -> Result<Self, Failure> {
        let connection = redis::Client::open(url)?.get_connection_manager().await?;
        let provider = RedisRateLimiterProvider::builder(connection)
            .window_size(WindowSize::minutes(1)?)
            .bucket_size(BucketSize::milliseconds(10)?)
            .cleanup_enabled(false)
            .build()?;
        let keys = (0..clients).map(|client| RedisKey::try_from(key(client)));
        let rate = RateLimit::per_minute(f64::from(BURST))?;
        Ok(Self { provider, rate, keys: keys.collect::<Result<_, _>>()? })
    }

    pub(super) async fn admit(&self, client: usize) -> Result<bool, Failure> {
        let key = self.keys.get(client).ok_or("there is no such client")?;
        let decision = self.provider.absolute().inc(key, &self.rate, 1).await?;
        Ok(matches!(decision, RateLimitDecision::Allowed))
    }
}
