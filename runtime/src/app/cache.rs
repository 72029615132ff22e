//! `tollgate.cache()`: throwing away what was kept.
