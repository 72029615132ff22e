//! Trial.
use std::time::Duration;
use tollgate::{ApiError, Paginate, Problem};

/// x
#[derive(Debug, thiserror::Error, ApiError)]
pub enum AirportError {
    /// There is no such airport.
    #[error("there is no airport {iata}")]
    #[api_error(status = 404, code = "airport_not_found", extension(iata))]
    NotFound { iata: String },
    #[error("busy")]
    #[api_error(status = 503, code = "busy", headers(retry_after = 0), log = warn)]
    Busy(Duration),
    #[error(transparent)]
    #[api_error(transparent)]
    Refused(#[from] Problem),
}

#[derive(Debug, thiserror::Error, ApiError)]
pub enum Failure<'a, E: ApiError + 'static, T: serde::Serialize> {
    #[error("there is no airport {iata}")]
    #[api_error(status = 404, code = "x", extension(iata, texts = text))]
    NotFound { iata: T, text: &'a str },
    #[error(transparent)]
    #[api_error(transparent)]
    Refused(#[from] E),
}

#[derive(Paginate)]
#[paginate(key = iata, sort(name, elevation), filter(name, tags))]
pub struct Airport {
    pub iata: String,
    pub name: String,
    pub elevation: Option<i32>,
    #[paginate(text)]
    pub tags: Option<std::net::IpAddr>,
}
