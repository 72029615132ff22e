-- Run at every start, so that everything in it holds for a database that is there already.
CREATE TABLE IF NOT EXISTS users (
    -- An id is never given to somebody else, also when its user is gone.
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    -- One account for an address, in whatever case it is written.
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

CREATE INDEX IF NOT EXISTS users_by_name ON users (name, id);
