//! What stands on a field that pages do nothing with.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, sort(name))]
struct Airport {
    iata: String,
    name: String,
    #[paginate(text)]
    city: String,
    #[paginate(column = "a b")]
    region: String,
}

fn main() {}
