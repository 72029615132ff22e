use tollgate::{Rejected, call};

#[call::retry(attempts = 3, budget = 0)]
async fn none() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, budget = 50)]
async fn percent() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, budget = "10%")]
async fn text() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, budget = -0.1)]
async fn negative() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, budget)]
async fn alone() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, share = weather)]
async fn share() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, share = "")]
async fn nobody() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
