//! Texts that are none.

use tollgate::Paginate;

struct Color;

#[derive(Paginate)]
#[paginate(key = id, sort(color), filter(shade, other))]
struct Airport {
    id: u64,
    #[paginate(text)]
    color: Color,
    #[paginate(text)]
    shade: Shade,
    #[paginate(text)]
    other: Option<Shade>,
}

struct Shade;

impl std::fmt::Display for Shade {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

fn main() {}
