use tollgate::call::rate_limited as outbound;
use tollgate::{Rejected, call};

#[call::rate_limited("5/second")]
#[outbound("50/minute")]
async fn fetch() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
