-- additive

-- What is or was wrong. Of one tenant, rule and subject at most one is open.
CREATE TABLE alert (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    summary TEXT NOT NULL,
    facts TEXT,
    parent_rule TEXT,
    parent_subject TEXT,
    since INTEGER,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    missing_since INTEGER,
    resolved_at INTEGER,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    comment TEXT,
    snoozed_until INTEGER,
    quiet TEXT
);
CREATE UNIQUE INDEX alert_open ON alert (tenant, rule, subject) WHERE resolved_at IS NULL;
CREATE INDEX alert_by_time ON alert (tenant, id);
CREATE INDEX alert_resolved ON alert (resolved_at) WHERE resolved_at IS NOT NULL;

-- What routes are to be told, and were. Written with the alert; ended_at is when it was delivered, or when nothing more is to be done.
CREATE TABLE notice (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    route TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    alert_id BLOB,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    held_until INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    ended_at INTEGER,
    failing_since INTEGER,
    error TEXT
);
CREATE INDEX notice_waiting ON notice (due_at, id) WHERE ended_at IS NULL;
CREATE INDEX notice_of_alert ON notice (alert_id, route, id) WHERE alert_id IS NOT NULL;
CREATE INDEX notice_ended ON notice (ended_at) WHERE ended_at IS NOT NULL;

-- Stretches in which nobody is told of some alerts.
CREATE TABLE silence (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    rules TEXT NOT NULL,
    subjects TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL
);

-- Whom alerts are told to, and when something counts as wrong.
CREATE TABLE alert_settings (
    tenant TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

-- Whose turn it is to look, the last stretch in which nobody had it, and the last sign of life to the outside.
CREATE TABLE watch_turn (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    turn INTEGER NOT NULL DEFAULT 0,
    node TEXT,
    taken_at INTEGER,
    ended_at INTEGER,
    outage_from INTEGER,
    outage_to INTEGER,
    beat_at INTEGER
);
INSERT INTO watch_turn (one, turn) VALUES (1, 0);

-- How long a job's runs usually take, and by how much they differ, of those that succeeded (RFC 6298); how many in a row took much longer; how late the last began.
ALTER TABLE job_state ADD COLUMN usual_ms INTEGER;
ALTER TABLE job_state ADD COLUMN spread_ms INTEGER;
ALTER TABLE job_state ADD COLUMN slow_streak INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_state ADD COLUMN last_duration_ms INTEGER;
ALTER TABLE job_state ADD COLUMN last_lateness_ms INTEGER;
ALTER TABLE job_state ADD COLUMN failing_since INTEGER;

-- Jobs that the watch looks at: all others are well.
CREATE INDEX job_state_troubled ON job_state (job_id) WHERE failure_streak > 0 OR slow_streak > 0 OR stretch_id IS NOT NULL;

-- What ended in each hour, so that nothing is counted when somebody asks.
CREATE TABLE job_hour (
    job_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    timeouts INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    longest_ms INTEGER NOT NULL,
    items INTEGER NOT NULL,
    PRIMARY KEY (hour, job_id)
) WITHOUT ROWID;

-- How a node's disk and its way to the database are.
ALTER TABLE node ADD COLUMN disk_free INTEGER;
ALTER TABLE node ADD COLUMN disk_size INTEGER;
ALTER TABLE node ADD COLUMN round_trip_ms INTEGER;
