//! The weather at the airports, which is not ours: a service that is asked over HTTP, and a small one to ask.

pub use client::{Weather, WeatherError};
pub use observation::{Observation, Wind};

pub mod client;
mod observation;
pub mod service;
