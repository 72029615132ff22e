use tollgate::{Rejected, call};

#[call::rate_limited("5/second", missing = skip)]
async fn missing() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", after = authorize)]
async fn after() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", tiers = plan, charge_on = [401])]
async fn tiers() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", state = App)]
async fn state() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
