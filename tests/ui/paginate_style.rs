//! Styles that are none.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, style = pages)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, style = "cursor")]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, style = keyset)]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, style)]
struct Four {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
