-- additive

-- Jobs that something else runs, what their pings came to, and by when the next must come.
CREATE TABLE ping_check (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    ping_key TEXT NOT NULL UNIQUE,
    badge_key TEXT NOT NULL UNIQUE,
    paused_since INTEGER,
    paused_reason TEXT,
    paused_by TEXT,
    paused_until INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    due_at INTEGER,
    alert_after INTEGER,
    pings INTEGER NOT NULL DEFAULT 0,
    last_ping_at INTEGER,
    last_end_at INTEGER,
    last_code INTEGER,
    last_duration_ms INTEGER,
    started_at INTEGER,
    started_run BLOB,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    UNIQUE (tenant, name)
);
CREATE INDEX ping_check_alert ON ping_check (alert_after) WHERE alert_after IS NOT NULL;
CREATE INDEX ping_check_failing ON ping_check (id) WHERE failures > 0;

-- The latest pings of a check: a ring, whose oldest place is written anew.
CREATE TABLE ping (
    check_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('start', 'success', 'failure')),
    code INTEGER,
    run BLOB,
    duration_ms INTEGER,
    method TEXT NOT NULL,
    address TEXT,
    agent TEXT,
    body_size INTEGER NOT NULL,
    PRIMARY KEY (check_id, place)
) WITHOUT ROWID;

-- The last body that a ping of a check came with.
CREATE TABLE ping_body (
    check_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
);
