//! A cache in front of a whole router or a path.
