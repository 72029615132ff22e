//! One run for all who want the same thing at the same time.
