//! A union.

use tollgate::ApiError;

#[derive(ApiError)]
union Failure {
    code: u16,
    status: u16,
}

fn main() {}
