//! A fleet over a store in memory and a clock moved by hand.

mod fake;
mod known;
mod leased;
mod outages;
mod over_admission;
