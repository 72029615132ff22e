//! Items without named fields.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata)]
enum Airport {
    Large { iata: String },
}

#[derive(Paginate)]
#[paginate(key = 0)]
struct Tuple(String, u32);

#[derive(Paginate)]
struct Unit;

#[derive(Paginate)]
union Either {
    one: u32,
    other: u32,
}

fn main() {}
