use tollgate::{Rejected, call};

#[call::with_metrics(labels = ["a"])]
async fn labels() -> Result<(), Rejected> {
    Ok(())
}

#[call::with_metrics("weather")]
async fn unnamed() -> Result<(), Rejected> {
    Ok(())
}

#[call::with_metrics(nam = "weather")]
async fn misspelt() -> Result<(), Rejected> {
    Ok(())
}

#[call::with_metrics(state = App)]
async fn state() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
