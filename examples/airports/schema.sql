-- Run at every start, so that everything in it holds for a database that is there already.
CREATE TABLE IF NOT EXISTS airports (
    iata        TEXT PRIMARY KEY NOT NULL,
    icao        TEXT NOT NULL,
    name        TEXT NOT NULL,
    city        TEXT,
    subdivision TEXT,
    country     TEXT NOT NULL,
    elevation   REAL NOT NULL,
    lat         REAL NOT NULL,
    lon         REAL NOT NULL,
    tz          TEXT NOT NULL,
    -- What follows is worked out of the rest: the text of a search in lower case, and the place on a sphere of radius 1.
    search_text TEXT NOT NULL,
    x           REAL NOT NULL,
    y           REAL NOT NULL,
    z           REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- One for each field that a list is filtered or sorted by, with the key behind it.
CREATE INDEX IF NOT EXISTS airports_by_country ON airports (country, iata);
CREATE INDEX IF NOT EXISTS airports_by_name ON airports (name, iata);
CREATE INDEX IF NOT EXISTS airports_by_city ON airports (city, iata);
CREATE INDEX IF NOT EXISTS airports_by_elevation ON airports (elevation, iata);
