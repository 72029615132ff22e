//! The weather service: what it knows of an airport at `/observations/{iata}`, and at `/switch` a way to break it.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tollgate::Clock;

use super::Observation;
use crate::airports::{Airport, DataError, embedded};
use crate::codes::Iata;

/// How long it takes for an answer while it is slow.
const SLOW: Duration = Duration::from_secs(10);

/// How the service is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It answers.
    Ok,
    /// It answers after ten seconds.
    Slow,
    /// It answers that it cannot, with 500.
    Failing,
}

/// How it is doing, or shall do: `?mode=failing`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Switch {
    mode: Mode,
}

#[derive(Clone)]
struct Stations {
    airports: Arc<HashMap<Iata, Airport>>,
    mode: watch::Sender<Mode>,
    clock: Arc<dyn Clock>,
}

/// The service as a router, over the airports that the program comes with. It goes by that clock.
pub fn service(clock: impl Clock) -> Result<Router, DataError> {
    let airports = embedded()?.into_iter().map(|airport| (airport.iata, airport)).collect();
    let mode = watch::Sender::new(Mode::Ok);
    let stations = Stations { airports: Arc::new(airports), mode, clock: Arc::new(clock) };
    Ok(Router::new()
        .route("/observations/{iata}", get(observation))
        .route("/switch", get(shown).post(switched))
        .with_state(stations))
}

/// Serves it on a free port of this machine for as long as the runtime lasts, and says at which.
pub async fn start(service: Router) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, service).into_future());
    Ok(address)
}

async fn observation(
    State(stations): State<Stations>,
    Path(iata): Path<Iata>,
) -> Result<Json<Observation>, StatusCode> {
    let mode = *stations.mode.borrow();
    match mode {
        Mode::Ok => {}
        Mode::Slow => stations.clock.sleep_until(stations.clock.now().saturating_add(SLOW)).await,
        Mode::Failing => return Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
    let airport = stations.airports.get(&iata).ok_or(StatusCode::NOT_FOUND)?;
    let observed = humantime::format_rfc3339_seconds(stations.clock.wall()).to_string();
    Ok(Json(Observation::of(airport, observed)))
}

async fn shown(State(stations): State<Stations>) -> Json<Switch> {
    Json(Switch { mode: *stations.mode.borrow() })
}

async fn switched(State(stations): State<Stations>, Query(switch): Query<Switch>) -> Json<Switch> {
    stations.mode.send_replace(switch.mode);
    Json(switch)
}
