//! Filters that are called as parameters of pages are.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = id, sort(sort, page), filter(page, limit))]
struct Book {
    id: u64,
    page: u32,
    limit: u32,
    sort: String,
}

#[derive(Paginate)]
#[paginate(key = id, filter(number))]
struct Leaf {
    id: u64,
    #[paginate(rename = "cursor")]
    number: u32,
}

fn main() {}
