use tollgate::{Rejected, call};

mod other {
    pub mod call {
        pub use tracing::instrument as rate_limited;
    }
}

#[call::rate_limited("5/second")]
#[other::call::rate_limited]
async fn fetch() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
