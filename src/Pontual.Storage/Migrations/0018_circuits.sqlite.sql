-- additive
-- How calls to hosts and services outside stand, for all nodes; the history of that; and where the rates toward them stand.
CREATE TABLE circuit (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    node TEXT,
    reason TEXT,
    held_until INTEGER,
    told_at INTEGER,
    told_since INTEGER,
    told INTEGER NOT NULL,
    storm_at INTEGER,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE circuit_change (
    id INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    changed_by TEXT,
    reason TEXT
) STRICT;

CREATE INDEX circuit_change_by_time ON circuit_change (tenant, at);

CREATE TABLE outside_rate (
    name TEXT PRIMARY KEY,
    next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
