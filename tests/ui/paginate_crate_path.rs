//! `crate` is no path.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, crate = "my_facade::tollgate")]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
