//! Sizes of pages that are none.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, default_per_page = 0)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, max_per_page = 0)]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, max_per_page = "50")]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, default_per_page = MOST)]
struct Four {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, max_per_page = -1)]
struct Five {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, max_per_page)]
struct Six {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
