//! Answers: what may be kept of one, and what is sent in its place.
