//! Nobody says what tells a row from all others.

use tollgate::Paginate;

#[derive(Paginate)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(sort(name), style = cursor)]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
struct Four {
    name: String,
    id: u64,
}

#[derive(Paginate)]
struct Five {}

fn main() {}
