//! What becomes of those who ask at the same time, and of what two levels say. The numbers are rows of BEHAVIOURS 2.3.

mod shared;
mod single;
