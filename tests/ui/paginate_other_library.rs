//! Words of other libraries for the same things.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(id = iata, sortable(name), filterable(elevation))]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, page_size = 20, limit = 10)]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, order_by = name)]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, default_sort = "-name", cursor)]
struct Four {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, column = "iata_code", count)]
struct Five {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
