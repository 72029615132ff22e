//! A key that is no field.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = itaa)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = id)]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key)]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = "iata")]
struct Four {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = (iata, name))]
struct Five {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = Airport::iata)]
struct Six {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
