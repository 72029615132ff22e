//! What a cached handler documents.
