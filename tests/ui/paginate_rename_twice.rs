//! Two fields of one name.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, sort(name), filter(city))]
struct Airport {
    iata: String,
    #[paginate(rename = "city")]
    name: String,
    city: String,
}

fn main() {}
