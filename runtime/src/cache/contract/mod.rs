//! What every store of entries has to do.
