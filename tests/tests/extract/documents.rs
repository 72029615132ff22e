//! The answers of extractors in the document.
