//! Entries on a Redis server, which all processes of a service share.
