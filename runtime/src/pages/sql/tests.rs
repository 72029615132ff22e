//! Statements as texts.
