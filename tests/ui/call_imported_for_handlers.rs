use tollgate::call::rate_limited;
use tollgate::{Rejected, with_metrics};

#[with_metrics]
#[rate_limited("5/second")]
async fn fetch() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
