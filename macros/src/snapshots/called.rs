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
    for source in CASES.iter().filter(|source| !source.contains("Box::pin") && !source.contains("secnd")) {
        let found = thin::faults(source, &expand(source));
        assert!(found.is_empty(), "{found:#?} in the expansion of {source}");
    }
}
