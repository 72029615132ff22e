//! The names that clients use are those of serde, and checked as if they were written here.

use serde::Serialize;
use tollgate::Paginate;

#[derive(Serialize, Paginate)]
#[paginate(key = id, sort(name, title), filter(most, key_word))]
struct Book {
    id: u64,
    name: String,
    #[serde(rename = "name")]
    title: String,
    #[serde(rename = "limit")]
    most: u64,
    #[serde(rename = "key word")]
    key_word: String,
}

fn main() {}
