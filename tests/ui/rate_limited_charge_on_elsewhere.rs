//! What other libraries call charging on outcome.

use tollgate::rate_limited;

#[rate_limited("100/minute", count_on = [401])]
async fn count_on() {}

#[rate_limited("100/minute", only_on = 401)]
async fn only_on() {}

#[rate_limited("100/minute", statuses = [401, 403])]
async fn statuses() {}

#[rate_limited("100/minute", skip_successful_requests = true)]
async fn skip_successful_requests() {}

#[rate_limited("100/minute", skip_failed_requests)]
async fn skip_failed_requests() {}

#[rate_limited("100/minute", exempt_when = is_admin)]
async fn exempt_when() {}

fn main() {}
