use tollgate::{Rejected, call};

#[call::timeout]
async fn bare() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout()]
async fn empty() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout(2)]
async fn number() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2")]
async fn no_unit() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("0s")]
async fn zero() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("1.5s")]
async fn fraction() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2h")]
async fn long() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2s", "5s")]
async fn two() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout(total = 5)]
async fn total_number() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout(total = "0ms")]
async fn total_zero() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout(Duration::from_secs(2))]
async fn expression() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
