//! Sorting by what is no field.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, sort(nmae, elevation))]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, sort(runways))]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, filter(country), sort(0))]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
