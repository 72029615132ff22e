//! Names that cannot stand where they are put.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, sort(name, city, region))]
struct Airport {
    #[paginate(rename = "iata code")]
    iata: String,
    #[paginate(column = "name; DROP TABLE airports")]
    name: String,
    #[paginate(cast = "text'")]
    city: String,
    #[paginate(rename = "-region", column = "", cast)]
    region: String,
}

#[derive(Paginate)]
#[paginate(key = größe)]
struct Shoe {
    größe: u32,
}

fn main() {}
