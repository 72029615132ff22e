//! Values without a key, and without parentheses.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate("iata")]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(20, key = iata)]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate = "iata"]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
