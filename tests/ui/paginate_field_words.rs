//! Words that stand above a field.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, sort(name, city))]
struct Airport {
    #[paginate(key)]
    iata: String,
    #[paginate(sortable, colunm = "airport_name")]
    name: String,
    #[paginate(text = true, name = "town")]
    city: String,
}

fn main() {}
