//! What functions that other code calls expand to.

use super::{expand, review, thin};

expansions! {
    call_alone: r#"
/// Fetches.
#[call::rate_limited("50/second")]
pub async fn fetch(station: &str, mut count: u8) -> Result<&str, WeatherError> {
    count += 1;
    Ok(station)
}
"#

    call_every_option: r#"
#[tollgate::call::rate_limited("50/second", burst = 80, key = "{tenant}/{id:?}", wait = "2s", cost = 2, on_store_error = closed, share = "weather", name = "fetch")]
async fn fetch<T: Tenant>(&self, tenant: &T, Station { id, .. }: Station) -> Result<impl Iterator<Item = T>, WeatherError> {
    self.get(tenant, id).await
}
"#

    call_boxed: r#"
#[call::rate_limited("50/second", key = "{station}")]
fn fetch<'life0, 'async_trait>(&'life0 self, station: u8) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<u8, WeatherError>> + Send + 'async_trait>> {
    Box::pin(async move { Ok(station) })
}
"#

    call_postponed: r#"
#[call::rate_limited("50/second")]
#[cfg(feature = "weather")]
#[tracing::instrument]
async fn fetch() -> Result<(), WeatherError> {}
"#

    call_between_others: r#"
#[call::rate_limited("50/second")]
#[inline]
#[allow(dead_code)]
async fn fetch() -> Answer {
    Ok(())
}
"#

    call_cached: r#"
#[call::cached(ttl = "5m")]
pub async fn airport(iata: &str, lang: Language) -> Result<Airport, Error> {
    load(iata, lang).await
}
"#

    call_cached_every_option: r#"
#[tollgate::call::cached(ttl = lifetime_of(&iata), skip(self, db), tags = ["airports", "airport:{iata}"], stale_while_revalidate = "30s", stale_if_error = "1h", cache_errors, cache_none, control = handles::AIRPORTS, on_store_error = bypass, lease = "5s", name = "airport")]
async fn airport(&self, db: &Db, iata: &Iata, lang: Option<&str>) -> Result<Option<Airport>, Error> {
    self.load(db, iata, lang).await
}
"#

    call_cached_by_key: r#"
#[call::cached(ttl = path::lifetime, key = "{tenant}/{iata:?}")]
async fn airport(tenant: Tenant, iata: Iata) -> Option<Airport> {
    load(tenant, iata).await
}
"#

    call_invalidates: r#"
#[call::rate_limited("5/second")]
#[call::cached(ttl = "5m", skip(db))]
#[call::invalidates(tags = ["airport:{iata}"], keys = ["{iata}"], site = "airport")]
async fn rebuild(db: Db, iata: Iata) -> Result<u32, Error> {
    db.rebuild(iata).await
}
"#

    call_with_metrics: r"
#[call::with_metrics]
async fn pressure(station: &str) -> Option<u32> {
    ask(station).await
}
"

    call_retry: r"
#[call::retry(attempts = 3)]
async fn observation(station: String) -> Result<Observation, WeatherError> {
    ask(station).await
}
"

    call_retry_every_option: r#"
#[tollgate::call::retry(attempts = 5, backoff = "50ms..1s", retry_if = errors::is_temporary, retry_after = WeatherError::asks, budget = 0.25, share = "weather", name = "observation")]
#[call::timeout("2s", total = "5s")]
async fn observation<T: Tenant>(&self, tenant: &T, Station { mut id, .. }: Station, buffer: &mut Vec<u8>) -> Result<impl Iterator<Item = T>, WeatherError> {
    id += 1;
    self.ask(tenant, id, buffer).await
}
"#

    call_timeout_total: r#"
#[call::timeout(total = "5s")]
async fn observation() -> Result<(), WeatherError> {}
"#

    call_circuit_breaker: r"
#[call::circuit_breaker]
async fn observation(station: &str) -> Result<Observation, WeatherError> {
    ask(station).await
}
"

    call_circuit_breaker_every_option: r#"
#[call::circuit_breaker(failure_rate = 0.3, minimum_calls = 10, window = 100, slow_call = "1s", slow_rate = 0.8, open_for = "5s", open_for_growth = 2.0,
    open_for_max = "1m", jitter = 0.2, half_open_calls = 5, half_open_rate = 0.4, half_open_wait = "10s", mode = metrics_only,
    is_failure = verdicts::of_weather, retry_after = WeatherError::asks, key = "{host}/{port:?}", max_keys = 100, share = "weather", name = "observation")]
async fn observation(host: &str, port: u16) -> Result<Observation, WeatherError> {
    ask(host, port).await
}
"#

    call_bulkhead: r#"
#[call::bulkhead(max_concurrent = 8, queue = 16, wait = "1s", share = "weather")]
async fn observation() -> Result<(), WeatherError> {}
"#

    call_fallback: r"
#[call::fallback(kept::observation)]
async fn observation(station: String, (hour, minute): (u8, u8)) -> Result<Observation, WeatherError> {
    ask(station, hour, minute).await
}
"

    call_all_for_failures: r#"
#[call::bulkhead(max_concurrent = 8)]
#[call::circuit_breaker(consecutive_failures = 5, key = "{tenant}")]
#[call::retry(attempts = 3)]
#[call::timeout("2s")]
#[call::cached(ttl = "5m")]
#[call::invalidates(tags = ["observations"])]
#[call::fallback(kept)]
#[call::rate_limited("50/second")]
#[call::with_metrics]
async fn observation(tenant: u64, station: String) -> Result<Observation, WeatherError> {
    ask(tenant, station).await
}
"#

    call_boxed_retry: r"
#[call::retry(attempts = 3)]
#[call::circuit_breaker]
fn fetch<'life0, 'async_trait>(&'life0 mut self, station: Station) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<u8, WeatherError>> + Send + 'async_trait>> {
    Box::pin(async move { let __self = self; __self.ask(station).await })
}
"

    call_wrong_for_failures: r#"
#[call::retry(attempts = 1, backoff = "2s..1s")]
#[call::timeout("5s", total = "2s")]
#[call::circuit_breaker(max_keys = 7)]
async fn observation() -> String {
    String::new()
}
"#

    call_wrong: r#"
#[call::rate_limited("50/secnd", wiat = "2s", key = "{}")]
fn fetch() -> String {
    String::new()
}
"#
}

#[test]
fn expansions_name_what_they_may_and_decide_nothing() {
    // Those that repeat the user's function are read in the snapshots alone.
    for source in CASES.iter().filter(|source| {
        !source.contains("Box::pin") && !source.contains("secnd") && !source.contains("2s..1s")
    }) {
        let found = thin::faults(source, &expand(source));
        assert!(found.is_empty(), "{found:#?} in the expansion of {source}");
    }
}
