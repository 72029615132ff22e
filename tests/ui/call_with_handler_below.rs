use tollgate::{Rejected, authorize, call};

#[call::rate_limited("5/second")]
#[authorize]
async fn fetch() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
