//! Pages out of a database: the statements that a page needs, and what is made of their answers.

// Its examples need drivers, so they run among the tests of behaviour.
#![cfg_attr(not(doctest), doc = "")]
#![cfg_attr(not(doctest), doc = include_str!("../../docs/sql.md"))]

mod condition;
mod database;
mod keyset;
mod operand;
mod pieces;
mod plan;
mod query;
#[cfg(test)]
mod tests;

pub use self::condition::Condition;
pub use self::database::PageDatabase;
pub use self::query::PageQuery;
