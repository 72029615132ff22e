use tollgate::{Rejected, call};

#[call::retry]
async fn bare() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 0)]
async fn none() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 1)]
async fn one() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 100)]
async fn many() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(3)]
async fn no_key() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = "3")]
async fn text() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts)]
async fn alone() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = -1)]
async fn negative() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
