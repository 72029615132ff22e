//! The answer to whoever scrapes the metrics.

use ::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use ::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::exposition::{Format, text_0_0_4};
use super::instruments::Instruments;
use super::negotiation::negotiate;

/// All metrics in the format that the request asks for: Prometheus' text 0.0.4, or OpenMetrics 1.0.0.
pub(crate) fn answer(instruments: &Instruments, headers: &HeaderMap) -> Response {
    let format = negotiate(headers);
    let exposition = instruments.open_metrics();
    let exposition = match format {
        Format::OpenMetrics => exposition,
        Format::Text => text_0_0_4(&exposition),
    };
    let fields =
        [(CONTENT_TYPE, HeaderValue::from_static(format.content_type())), (VARY, HeaderValue::from(ACCEPT))];
    (fields, exposition).into_response()
}
