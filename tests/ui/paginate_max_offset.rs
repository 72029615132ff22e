//! Offsets that are none, or where there are none.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, style = cursor, max_offset = 1000)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, max_offset = "1000")]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, max_offset = -1)]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
