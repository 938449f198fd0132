-- additive

-- The limit that a run stands under. limit_at is set while it waits there, and is its place in the line; until it is let go, not_before and claim_at are the end of time.
ALTER TABLE run ADD COLUMN limit_key TEXT;
ALTER TABLE run ADD COLUMN limit_at INTEGER;
CREATE INDEX run_limited ON run (limit_key, state) WHERE limit_key IS NOT NULL;
CREATE INDEX run_in_line ON run (limit_key, claim_at, limit_at, id) WHERE state = 'pending' AND limit_at IS NOT NULL;

-- What is known of limits: their bounds, and where their rates stand. Those of queues stay; those of keys go when they are no longer used.
CREATE TABLE run_limit (
    scope TEXT NOT NULL CHECK (scope IN ('queue', 'key')),
    name TEXT NOT NULL,
    at_once INTEGER,
    rate_count INTEGER,
    rate_ms INTEGER,
    burst INTEGER NOT NULL DEFAULT 1,
    tat INTEGER,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;
