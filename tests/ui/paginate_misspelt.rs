//! "Did you mean".

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(kye = iata)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, srot(name))]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, max_perpage = 50)]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, frobnicate = 7)]
struct Four {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
