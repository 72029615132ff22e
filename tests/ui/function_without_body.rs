//! A method of a trait.

use tollgate::rate_limited;

trait Airports {
    #[rate_limited("100/minute")]
    async fn all() -> String;
}

fn main() {}
