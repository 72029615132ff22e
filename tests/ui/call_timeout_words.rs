use tollgate::{Rejected, call};

#[call::timeout(secs = 2)]
async fn secs() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout(duration = "2s")]
async fn duration() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout(per_attempt = "2s")]
async fn attempt() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2s", deadline = "5s")]
async fn deadline() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2s", totl = "5s")]
async fn misspelt() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2s", status = 504)]
async fn status() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2s", share = "weather")]
async fn share() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
