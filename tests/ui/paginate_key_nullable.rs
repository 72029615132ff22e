//! A key whose type is another name of `Option`.

use tollgate::Paginate;

type Id = Option<u64>;

#[derive(Paginate)]
#[paginate(key = id)]
struct Airport {
    id: Id,
}

fn main() {}
