use tollgate::{Rejected, call};

trait Weather {
    #[call::rate_limited("5/second")]
    async fn fetch(&self) -> Result<(), Rejected>;
}

fn main() {}
