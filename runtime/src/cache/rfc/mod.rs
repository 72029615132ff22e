//! What the standards say of caches, as pure functions: RFC 9111, RFC 9211, RFC 5861, RFC 9110.
