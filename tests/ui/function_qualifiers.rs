//! What else a handler is not.

use tollgate::rate_limited;

#[rate_limited("100/minute")]
async unsafe fn not_safe() {}

#[rate_limited("100/minute")]
async extern "C" fn abi() {}

fn main() {}
