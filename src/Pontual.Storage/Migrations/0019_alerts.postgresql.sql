-- additive

-- What is or was wrong. Of one tenant, rule and subject at most one is open.
CREATE TABLE alert (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    rule text NOT NULL,
    subject text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    summary text NOT NULL,
    facts text,
    parent_rule text,
    parent_subject text,
    since timestamptz,
    opened_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    missing_since timestamptz,
    resolved_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    comment text,
    snoozed_until timestamptz,
    quiet text
);
CREATE UNIQUE INDEX alert_open ON alert (tenant, rule, subject) WHERE resolved_at IS NULL;
CREATE INDEX alert_by_time ON alert (tenant, id);
CREATE INDEX alert_resolved ON alert (resolved_at) WHERE resolved_at IS NOT NULL;

-- What routes are to be told, and were. Written with the alert; ended_at is when it was delivered, or when nothing more is to be done.
CREATE TABLE notice (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    route text NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    alert_id uuid,
    body text NOT NULL,
    at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    held_until timestamptz,
    tries integer NOT NULL DEFAULT 0,
    sent_at timestamptz,
    ended_at timestamptz,
    failing_since timestamptz,
    error text
);
CREATE INDEX notice_waiting ON notice (due_at, id) WHERE ended_at IS NULL;
CREATE INDEX notice_of_alert ON notice (alert_id, route, id) WHERE alert_id IS NOT NULL;
CREATE INDEX notice_ended ON notice (ended_at) WHERE ended_at IS NOT NULL;

-- Stretches in which nobody is told of some alerts.
CREATE TABLE silence (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    rules text NOT NULL,
    subjects text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    reason text NOT NULL,
    made_by text NOT NULL
);

-- Whom alerts are told to, and when something counts as wrong.
CREATE TABLE alert_settings (
    tenant text PRIMARY KEY,
    document text NOT NULL,
    revision integer NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Whose turn it is to look, the last stretch in which nobody had it, and the last sign of life to the outside.
CREATE TABLE watch_turn (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    turn bigint NOT NULL DEFAULT 0,
    node text,
    taken_at timestamptz,
    ended_at timestamptz,
    outage_from timestamptz,
    outage_to timestamptz,
    beat_at timestamptz
) WITH (fillfactor = 20);
INSERT INTO watch_turn (turn) VALUES (0);

-- How long a job's runs usually take, and by how much they differ, of those that succeeded (RFC 6298); how many in a row took much longer; how late the last began.
ALTER TABLE job_state ADD COLUMN usual_ms bigint;
ALTER TABLE job_state ADD COLUMN spread_ms bigint;
ALTER TABLE job_state ADD COLUMN slow_streak integer NOT NULL DEFAULT 0;
ALTER TABLE job_state ADD COLUMN last_duration_ms bigint;
ALTER TABLE job_state ADD COLUMN last_lateness_ms bigint;
ALTER TABLE job_state ADD COLUMN failing_since timestamptz;

-- Jobs that the watch looks at: all others are well.
CREATE INDEX job_state_troubled ON job_state (job_id) WHERE failure_streak > 0 OR slow_streak > 0 OR stretch_id IS NOT NULL;

-- What ended in each hour, so that nothing is counted when somebody asks.
CREATE TABLE job_hour (
    job_id bigint NOT NULL,
    hour timestamptz NOT NULL,
    succeeded integer NOT NULL,
    failed integer NOT NULL,
    timeouts integer NOT NULL,
    cancelled integer NOT NULL,
    duration_ms bigint NOT NULL,
    longest_ms bigint NOT NULL,
    items bigint NOT NULL,
    PRIMARY KEY (hour, job_id)
);

-- How a node's disk and its way to the database are.
ALTER TABLE node ADD COLUMN disk_free bigint;
ALTER TABLE node ADD COLUMN disk_size bigint;
ALTER TABLE node ADD COLUMN round_trip_ms bigint;
