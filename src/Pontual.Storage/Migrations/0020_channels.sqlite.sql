-- additive

-- Gateways that sessions of WhatsApp are kept at, and how calling them goes. Secrets are references, never values.
CREATE TABLE gateway (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    webhook_key TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    answered_at INTEGER,
    failing_since INTEGER,
    fault TEXT,
    fault_detail TEXT,
    cure_minute INTEGER,
    cures INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, name)
);

-- A session, number or instance at a gateway.
CREATE TABLE channel (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    gateway TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    label TEXT,
    phone TEXT,
    secret TEXT,
    daily_limit INTEGER,
    in_use_since INTEGER,
    paused_since INTEGER,
    paused_reason TEXT,
    paused_by TEXT,
    paused_until INTEGER,
    missing_since INTEGER,
    retired_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (tenant, gateway, external_id),
    UNIQUE (tenant, name)
);

-- What checks found of a channel: what its gateway says, what the evidence says of it, and what was asked.
CREATE TABLE channel_state (
    channel_id BLOB NOT NULL PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    state_since INTEGER NOT NULL,
    reason TEXT,
    suspect_since INTEGER,
    reported TEXT NOT NULL,
    raw TEXT NOT NULL,
    code INTEGER,
    note TEXT,
    reported_since INTEGER NOT NULL,
    checked_at INTEGER,
    connected_at INTEGER,
    activity INTEGER,
    activity_at INTEGER,
    unheard_since INTEGER,
    messages_missing_since INTEGER,
    probe_at INTEGER,
    probe_alive INTEGER,
    probe_detail TEXT,
    nudged_at INTEGER,
    webhook_checked_at INTEGER,
    webhook_fault TEXT,
    restriction TEXT,
    restriction_raw TEXT,
    restriction_until INTEGER,
    restriction_at INTEGER
);

-- Its signs of life, from its webhooks. Written by who reads those, and by nobody else.
CREATE TABLE channel_signs (
    channel_id BLOB NOT NULL PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    webhook_at INTEGER,
    message_at INTEGER,
    inbound_at INTEGER,
    ack_at INTEGER,
    echo_at INTEGER,
    hour INTEGER,
    changes INTEGER NOT NULL DEFAULT 0,
    changes_before INTEGER NOT NULL DEFAULT 0,
    told TEXT,
    told_code INTEGER,
    told_at INTEGER,
    restriction TEXT,
    restriction_raw TEXT,
    restriction_until INTEGER,
    restriction_at INTEGER,
    pairing_at INTEGER,
    pairing_text TEXT,
    pairing_png BLOB
);

-- How long it is usually quiet from each hour of the week on.
CREATE TABLE channel_quiet (
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    slot INTEGER NOT NULL,
    mean_ms INTEGER NOT NULL,
    spread_ms INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    hour INTEGER,
    longest_ms INTEGER NOT NULL,
    PRIMARY KEY (channel_id, slot)
) WITHOUT ROWID;

-- Stretches in which a channel did not work: from when to when, what was tried, what it cost.
CREATE TABLE channel_outage (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    ended_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    step TEXT,
    of_step INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    next_attempt_at INTEGER,
    asked TEXT,
    asked_at INTEGER,
    cured_by TEXT,
    gap TEXT CHECK (gap IN ('pending', 'none', 'found', 'not-possible', 'failed')),
    gap_found INTEGER NOT NULL DEFAULT 0,
    gap_detail TEXT,
    gap_at INTEGER,
    gap_tries INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX channel_outage_open ON channel_outage (channel_id) WHERE ended_at IS NULL;
CREATE INDEX channel_outage_by_channel ON channel_outage (channel_id, started_at);
CREATE INDEX channel_outage_by_time ON channel_outage (tenant, id);
CREATE INDEX channel_outage_gap ON channel_outage (channel_id) WHERE gap = 'pending';
CREATE INDEX channel_outage_missed ON channel_outage (ended_at) WHERE gap IN ('not-possible', 'failed');
CREATE INDEX channel_outage_ended ON channel_outage (channel_id, ended_at);
CREATE INDEX gateway_failing ON gateway (id) WHERE failing_since IS NOT NULL;

-- What was tried: written before the gateway is called, so that no attempt is forgotten.
CREATE TABLE channel_attempt (
    outage_id BLOB NOT NULL REFERENCES channel_outage (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    step TEXT NOT NULL,
    at INTEGER NOT NULL,
    error TEXT,
    ended_at INTEGER,
    PRIMARY KEY (outage_id, number)
) WITHOUT ROWID;

-- Who checks the sessions of a tenant now, and when that was done last.
CREATE TABLE session_check (
    tenant TEXT PRIMARY KEY,
    token INTEGER NOT NULL DEFAULT 0,
    node TEXT,
    started_at INTEGER,
    until_at INTEGER,
    ended_at INTEGER,
    checks INTEGER NOT NULL DEFAULT 0,
    channels INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0
);
