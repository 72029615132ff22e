//! Asking the weather service, which is slow at times and away at others.

use reqwest::{Client, StatusCode};
use thiserror::Error;
use tollgate::{ApiError, Rejected, Verdict, call};

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
    ///
    /// One attempt takes half a second at most, and all of them a second. After five failures in a row the service is
    /// left alone for five seconds, and then asked once whether it is back.
    #[call::cached(ttl = "2s", stale_if_error = "1h", key = "{iata}")]
    #[call::retry(attempts = 3, backoff = "20ms..100ms", retry_if = WeatherError::may_pass)]
    #[call::circuit_breaker(
        name = "weather",
        consecutive_failures = 5,
        open_for = "5s",
        half_open_calls = 1,
        jitter = 0.0, // this is one process: there are no others to come back all at once
        is_failure = verdict
    )]
    #[call::timeout("500ms", total = "1s")]
    #[call::with_metrics]
    pub async fn observation(&self, iata: Iata) -> Result<Observation, WeatherError> {
        let answer = self.http.get(format!("{}/observations/{iata}", self.base)).send().await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Err(WeatherError::NoStation { iata });
        }
        Ok(answer.error_for_status()?.json().await?)
    }
}

impl WeatherError {
    /// Whether it may be over when asked again.
    fn may_pass(&self) -> bool {
        !matches!(self, Self::NoStation { .. })
    }
}

/// A station that is not there says nothing of the service.
fn verdict(asked: &Result<Observation, WeatherError>) -> Verdict {
    match asked {
        Ok(_) => Verdict::Success,
        Err(WeatherError::NoStation { .. }) => Verdict::Excluded,
        Err(_) => Verdict::Failure,
    }
}
