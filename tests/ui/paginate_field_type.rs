//! Fields that pages cannot be sorted or filtered by.

use tollgate::Paginate;

struct Color;

#[derive(Paginate)]
#[paginate(key = id, sort(color, runways), filter(color))]
struct Airport {
    id: u64,
    color: Color,
    runways: Vec<String>,
}

fn main() {}
