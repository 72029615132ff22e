//! The operations of the API: each takes its parameters, asks the airports and words the answer.

use axum::extract::State;
use tollgate::extract::{Json, Path, Query};
use tollgate::{Page, Pagination, Principal, Rates, RequestFacts, RoleRates};
use tollgate::{
    authorize, bulkhead, cached, call, circuit_breaker, fallback, invalidates, rate_limited, rates,
};
use tollgate::{timeout, versioned, versions, with_metrics};

use crate::airports::Airport;
use crate::change::AirportChange;
use crate::codes::Iata;
use crate::errors::{AirportError, DatabaseError, ReportError};
use crate::messages::{Briefing, Caller, Distance, NearbyAirport, NearestQuery, SearchQuery};
use crate::versions::{self, AirportV1, Version};
use crate::weather::Observation;
use crate::{Db, Sources, Weather};

/// List airports, by country and text, in an order of your choice.
// A text is looked for in every row. If half of that fails, the database is left alone for a while.
#[circuit_breaker]
#[timeout("5s")]
#[rate_limited("100/minute", burst = 200)]
#[utoipa::path(
    get,
    path = "/airports",
    tag = "airports",
    params(SearchQuery),
    responses((status = 200, description = "A page of the airports that match.", body = Page<Airport>))
)]
pub async fn search(
    State(db): State<Db>,
    Query(query): Query<SearchQuery>,
    pagination: Pagination<Airport>,
) -> Result<Page<Airport>, DatabaseError> {
    db.search(&query.q, &pagination).await
}

versions! {
    /// Look up one airport, in either version.
    pub airport = [airport_v1, airport_v2]
}

/// Look up one airport by its code.
#[versioned(Version, only = V1)]
#[cached(ttl = "1m", public, key = "{iata}", tags = ["airport:{iata}"], stale_if_error = "1h")]
#[rate_limited("10/10s")]
#[with_metrics]
#[utoipa::path(
    get,
    path = "/airports/{iata}",
    tag = "airports",
    params(("iata" = inline(Iata), Path, description = "IATA code, in either case")),
    responses((status = 200, description = "The airport.", body = AirportV1))
)]
pub async fn airport_v1(
    State(db): State<Db>,
    Path(iata): Path<Iata>,
) -> Result<Json<AirportV1>, AirportError> {
    db.airport(iata).await.map(AirportV1::from).map(Json)
}

/// Look up one airport by its code.
// The limit is one for both versions. The same for everybody, and for every spelling of the code.
#[versioned(Version, since = V2)]
#[cached(ttl = "1m", public, key = "{iata}", tags = ["airport:{iata}"], stale_if_error = "1h")]
#[rate_limited("10/10s")]
#[with_metrics]
#[utoipa::path(
    get,
    path = "/airports/{iata}",
    tag = "airports",
    params(("iata" = inline(Iata), Path, description = "IATA code, in either case")),
    responses((status = 200, description = "The airport.", body = Airport))
)]
pub async fn airport_v2(State(db): State<Db>, Path(iata): Path<Iata>) -> Result<Json<Airport>, AirportError> {
    db.airport(iata).await.map(Json)
}

versions! {
    /// Change what is known about an airport, in either version: the first is made of the second.
    pub change = [change_v2], V1 = convert(request = versions::up_v1, response = versions::down_v1)
}

/// Change what is known about an airport.
// A list may name any airport, so all lists go with it.
#[versioned(Version, since = V2)]
#[invalidates(tags = ["airport:{iata}", "airports"])]
#[authorize(role = "editor")]
#[rate_limited("30/minute")]
#[with_metrics]
#[utoipa::path(
    patch,
    path = "/airports/{iata}",
    tag = "airports",
    params(("iata" = inline(Iata), Path, description = "IATA code, in either case")),
    request_body = AirportChange,
    responses((status = 200, description = "The airport as it is now.", body = Airport))
)]
pub async fn change_v2(
    State(db): State<Db>,
    Path(iata): Path<Iata>,
    Json(change): Json<AirportChange>,
) -> Result<Json<Airport>, AirportError> {
    db.change(iata, change).await.map(Json)
}

/// List the airports nearest to a place, the nearest first.
#[cached(ttl = "1m", public, tags = ["airports"], stale_while_revalidate = "10m")]
#[rate_limited("20/second", "600/minute")]
#[utoipa::path(
    get,
    path = "/airports/nearest",
    tag = "airports",
    params(NearestQuery),
    responses(
        (status = 200, description = "The nearest airports.", body = Vec<NearbyAirport>),
    )
)]
pub async fn nearest(
    State(db): State<Db>,
    Query(query): Query<NearestQuery>,
) -> Result<Json<Vec<NearbyAirport>>, DatabaseError> {
    let found = db.nearest(query.place(), query.k.get()).await?;
    Ok(Json(found.into_iter().map(|airport| NearbyAirport::seen_from(query.place(), airport)).collect()))
}

/// Measure how far two airports are apart.
#[with_metrics]
#[utoipa::path(
    get,
    path = "/distance/{from}/{to}",
    tag = "distances",
    params(
        ("from" = inline(Iata), Path, description = "IATA code of the one airport, in either case"),
        ("to" = inline(Iata), Path, description = "IATA code of the other airport, in either case", example = "JFK"),
    ),
    responses((status = 200, description = "The distance and its two ends.", body = Distance))
)]
pub async fn distance(
    State(db): State<Db>,
    Path((from, to)): Path<(Iata, Iata)>,
) -> Result<Json<Distance>, AirportError> {
    Ok(Json(Distance::between(end(&db, from).await?, end(&db, to).await?)))
}

/// An airport as the end of a way. The same ones are asked for again and again, each time with another end, so it is they that are kept and
/// not the answers.
#[call::cached(ttl = "1m", key = "{iata}", tags = ["airport:{iata}"])]
async fn end(db: &Db, iata: Iata) -> Result<Airport, AirportError> {
    db.airport(iata).await
}

/// Say what the weather is at an airport, or was when the weather service last answered.
// Behind the weather service that does not answer there wait 64 at most, each for two seconds.
#[timeout("2s")]
#[bulkhead(max_concurrent = 64)]
#[rate_limited("60/minute")]
#[with_metrics]
#[utoipa::path(
    get,
    path = "/airports/{iata}/weather",
    tag = "weather",
    params(("iata" = inline(Iata), Path, description = "IATA code, in either case")),
    responses((status = 200, description = "The weather.", body = Observation))
)]
pub async fn weather(
    State(db): State<Db>,
    State(weather): State<Weather>,
    Path(iata): Path<Iata>,
) -> Result<Json<Observation>, ReportError> {
    let airport = db.airport(iata).await?;
    Ok(Json(weather.observation(airport.iata).await?))
}

/// Say of an airport what a pilot asks: where it is, and its weather, if that is to be had.
#[fallback(without_weather)]
#[timeout("2s")]
#[rate_limited("60/minute")]
#[utoipa::path(
    get,
    path = "/airports/{iata}/briefing",
    tag = "weather",
    params(("iata" = inline(Iata), Path, description = "IATA code, in either case")),
    responses((status = 200, description = "The airport and its weather.", body = Briefing))
)]
pub async fn briefing(
    State(Sources { db, weather }): State<Sources>,
    Path(iata): Path<Iata>,
) -> Result<Json<Briefing>, ReportError> {
    let airport = db.airport(iata).await?;
    let weather = weather.observation(airport.iata).await?;
    Ok(Json(Briefing { airport, weather: Some(weather) }))
}

/// Half a briefing is better than none.
async fn without_weather(
    State(Sources { db, .. }): State<Sources>,
    Path(iata): Path<Iata>,
) -> Result<Json<Briefing>, AirportError> {
    Ok(Json(Briefing { airport: db.airport(iata).await?, weather: None }))
}

/// How often somebody may ask who it is, by role.
const ASKING: RoleRates = RoleRates::new(rates!("60/minute")).role("editor", rates!("600/minute"));

fn asking(facts: &RequestFacts<'_>) -> Rates {
    ASKING.of(facts)
}

/// Say whose API key this is, and what it is good for. Keys that are wrong are counted, so nobody tries many.
#[authorize(any_role = ["reader", "editor"])]
#[rate_limited("20/minute", charge_on = [401])]
#[rate_limited("60/minute", key = principal, tiers = asking)]
#[utoipa::path(
    get,
    path = "/me",
    tag = "keys",
    responses((status = 200, description = "The holder of the key.", body = Caller))
)]
pub async fn me(caller: Principal) -> Json<Caller> {
    Json(Caller { subject: caller.subject().to_owned(), roles: caller.roles().to_vec() })
}
