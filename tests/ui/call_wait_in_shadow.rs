use tollgate::{Rejected, call};

#[call::rate_limited("5/second", wait = "2s", shadow)]
async fn fetch() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
