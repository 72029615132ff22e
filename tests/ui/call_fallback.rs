use tollgate::{Rejected, call};

async fn instead() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback]
async fn bare() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback()]
async fn empty() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(instead())]
async fn called() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback("instead")]
async fn text() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(|| async { Ok(()) })]
async fn closure() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(instead, also)]
async fn two() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(method = "instead")]
async fn java() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(with = instead)]
async fn with() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(7)]
async fn number() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(instead, on = 503)]
async fn condition() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
