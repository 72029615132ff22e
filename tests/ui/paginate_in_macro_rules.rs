//! A mistake within a macro of the user's, where it was handed in.

use tollgate::Paginate;

macro_rules! item {
    ($name:ident { $key:ident: $kind:ty }, $sort:ident) => {
        #[derive(Paginate)]
        #[paginate(key = $key, sort($sort))]
        struct $name {
            $key: $kind,
        }
    };
}

item!(Fine { id: u64 }, id);
item!(Lost { id: u64 }, name);
item!(Unknown { id: Id }, id);

struct Id;

fn main() {}
