//! Asking the weather service, which is slow at times and away at others.

use reqwest::{Client, StatusCode};
use thiserror::Error;
use tollgate::{ApiError, Rejected, call};

use super::Observation;
use crate::codes::Iata;

/// The weather service, cheap to clone for every request.
#[derive(Clone, Debug)]
pub struct Weather {
    http: Client,
    /// Without a slash at its end.
    base: String,
}

/// Why there is no weather.
#[derive(Debug, Error, ApiError)]
pub enum WeatherError {
    /// The weather service knows of no station at that airport.
    #[error("there is no weather station at {iata}")]
    #[api_error(status = 404, code = "no_weather_station", extension(iata))]
    NoStation {
        /// Where it was looked for.
        iata: Iata,
    },
    /// The weather service is away, or answers that it cannot.
    #[error("the weather service failed")]
    #[api_error(status = 502, code = "weather_failed")]
    Failed(#[from] reqwest::Error),
    /// It was not asked, or had no time left to answer.
    #[error(transparent)]
    #[api_error(transparent)]
    Refused(#[from] Rejected),
}

impl Weather {
    /// The service at that URL.
    pub fn at(url: &str) -> Result<Self, reqwest::Error> {
        // It is a neighbour: what proxies the environment names are for the world outside.
        let http = Client::builder().no_proxy().build()?;
        Ok(Self { http, base: url.trim_end_matches('/').to_owned() })
    }

    /// What the station of that airport says. While the service fails, what it said last, for an hour.
    #[call::cached(ttl = "2s", stale_if_error = "1h", key = "{iata}")]
    pub async fn observation(&self, iata: Iata) -> Result<Observation, WeatherError> {
        let answer = self.http.get(format!("{}/observations/{iata}", self.base)).send().await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Err(WeatherError::NoStation { iata });
        }
        Ok(answer.error_for_status()?.json().await?)
    }
}
