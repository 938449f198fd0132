CREATE INDEX alert_by_time ON alert (tenant, id);
CREATE INDEX alert_resolved ON alert (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (tenant, subject, at, id);
CREATE INDEX audit_by_time ON audit (tenant, at, id);
CREATE INDEX calendar_use_job ON calendar_use (job_id);
CREATE INDEX channel_chat_begun ON channel_chat (channel_id, begun_at) WHERE by_us = 1;
CREATE INDEX channel_outage_by_channel ON channel_outage (channel_id, started_at);
CREATE INDEX channel_outage_by_time ON channel_outage (tenant, id);
CREATE INDEX channel_outage_ended ON channel_outage (channel_id, ended_at);
CREATE INDEX channel_outage_gap ON channel_outage (channel_id) WHERE gap = 'pending';
CREATE INDEX channel_outage_missed ON channel_outage (ended_at) WHERE gap IN ('not-possible', 'failed');
CREATE INDEX channel_trust_latest ON channel_trust (channel_id, id);
CREATE INDEX circuit_change_by_time ON circuit_change (tenant, at);
CREATE INDEX gateway_failing ON gateway (id) WHERE failing_since IS NOT NULL;
CREATE INDEX idempotency_by_age ON idempotency (first_at);
CREATE INDEX job_removed ON job (tenant, name) WHERE removed_at IS NOT NULL;
CREATE INDEX job_state_due ON job_state (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX job_state_on_start ON job_state (job_id) WHERE on_start = 1;
CREATE INDEX job_state_troubled ON job_state (job_id) WHERE failure_streak > 0 OR slow_streak > 0 OR stretch_id IS NOT NULL;
CREATE INDEX message_chat ON message (tenant, gateway, session, chat, received_at);
CREATE INDEX message_pending ON message (tenant, gateway, session, at) WHERE is_ours = 1 AND ack = 0;
CREATE INDEX notice_ended ON notice (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX notice_of_alert ON notice (alert_id, route, id) WHERE alert_id IS NOT NULL;
CREATE INDEX notice_waiting ON notice (due_at, id) WHERE ended_at IS NULL;
CREATE INDEX ping_check_alert ON ping_check (alert_after) WHERE alert_after IS NOT NULL;
CREATE INDEX ping_check_failing ON ping_check (id) WHERE failures > 0;
CREATE INDEX run_claim ON run (queue, claim_at, id, not_before) WHERE state = 'pending' AND not_before IS NOT NULL;
CREATE INDEX run_ended ON run (lease_ends) WHERE lease_ends IS NOT NULL;
CREATE INDEX run_held ON run (job_id, id) WHERE not_before IS NULL;
CREATE INDEX run_history_job ON run_history (job_id, id);
CREATE INDEX run_history_job_state ON run_history (job_id, state, id) WHERE state <> 'succeeded';
CREATE INDEX run_history_state ON run_history (state, id) WHERE state <> 'succeeded';
CREATE INDEX run_in_line ON run (limit_key, claim_at, limit_at, id) WHERE state = 'pending' AND limit_at IS NOT NULL;
CREATE INDEX run_job ON run (job_id) WHERE slots IS NOT NULL AND not_before IS NOT NULL;
CREATE INDEX run_limited ON run (limit_key, state) WHERE limit_key IS NOT NULL;
CREATE INDEX run_planned ON run (not_before) WHERE state = 'pending' AND lease_ends IS NOT NULL;
CREATE INDEX run_retrying ON run (job_id, due_at) WHERE state = 'pending' AND attempt > 0;
CREATE INDEX run_running ON run (node, attempt_started_at) WHERE state = 'running';
CREATE INDEX run_wished ON run (node) WHERE cancel_reason IS NOT NULL;
CREATE INDEX user_session_user ON user_session (user_id);
CREATE INDEX webhook_log_session ON webhook_log (tenant, gateway, session, id);
CREATE INDEX webhook_log_troubled ON webhook_log (tenant, state, id) WHERE state IN ('failed', 'refused');
CREATE INDEX webhook_log_unread ON webhook_log (id) WHERE state = 'received';
CREATE TABLE admin_link (
    hash BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
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
CREATE TABLE alert_settings (
    tenant TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'operate', 'admin')),
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER
, tenant TEXT NOT NULL DEFAULT 'default') WITHOUT ROWID;
CREATE TABLE attempt (
    run_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    node TEXT,
    started_at INTEGER,
    finished_at INTEGER,
    outcome TEXT NOT NULL,
    reason TEXT,
    response_code INTEGER,
    error TEXT,
    PRIMARY KEY (run_id, number)
) WITHOUT ROWID;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    address TEXT,
    reason TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE TABLE calendar (
    tenant TEXT NOT NULL DEFAULT 'default',
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;
CREATE TABLE calendar_use (
    calendar TEXT NOT NULL,
    job_id INTEGER NOT NULL,
    PRIMARY KEY (calendar, job_id)
) WITHOUT ROWID;
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
CREATE TABLE channel_attempt (
    outage_id BLOB NOT NULL REFERENCES channel_outage (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    step TEXT NOT NULL,
    at INTEGER NOT NULL,
    error TEXT,
    ended_at INTEGER,
    PRIMARY KEY (outage_id, number)
) WITHOUT ROWID;
CREATE TABLE channel_chat (
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    chat TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    by_us INTEGER NOT NULL,
    message_id BLOB NOT NULL,
    replied_at INTEGER,
    PRIMARY KEY (channel_id, chat)
);
CREATE TABLE channel_day (
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    seen INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    invalid INTEGER NOT NULL DEFAULT 0,
    opted_out INTEGER NOT NULL DEFAULT 0,
    restricted INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL DEFAULT 0,
    first_contacts INTEGER NOT NULL DEFAULT 0,
    replies INTEGER NOT NULL DEFAULT 0,
    disconnects INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER,
    PRIMARY KEY (channel_id, day)
);
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
, unasked_since INTEGER, unasked_times INTEGER NOT NULL DEFAULT 0, unasked_why TEXT, doubt_since INTEGER, doubt_tries INTEGER NOT NULL DEFAULT 0, gap_since INTEGER, gap_until INTEGER, gap TEXT CHECK (gap IN ('none', 'found', 'failed')), gap_found INTEGER NOT NULL DEFAULT 0, gap_detail TEXT);
CREATE TABLE channel_trust (
    id BLOB NOT NULL PRIMARY KEY,
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    rule_version TEXT NOT NULL,
    score INTEGER,
    judged TEXT NOT NULL,
    band TEXT NOT NULL,
    better INTEGER NOT NULL,
    reach TEXT,
    confidence TEXT NOT NULL,
    alarmed_at INTEGER,
    document TEXT NOT NULL
);
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
CREATE TABLE contact (
    id BLOB NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name TEXT,
    phone TEXT,
    email TEXT,
    document TEXT,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE TABLE event (
    cursor INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    body TEXT NOT NULL
);
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
CREATE TABLE idempotency (
    tenant TEXT NOT NULL,
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    first_at INTEGER NOT NULL,
    taken_at INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    status INTEGER,
    location TEXT,
    etag TEXT,
    content_type TEXT,
    body BLOB,
    PRIMARY KEY (tenant, caller, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    secret BLOB NOT NULL
);
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL DEFAULT 'default',
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    paused_since INTEGER,
    paused_reason TEXT,
    paused_by TEXT,
    paused_until INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    removed_at INTEGER
);
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
CREATE TABLE job_state (
    job_id INTEGER PRIMARY KEY REFERENCES job (id),
    mark INTEGER NOT NULL,
    next_due INTEGER,
    stretch_id BLOB,
    stretch_reason TEXT,
    runs INTEGER NOT NULL DEFAULT 0,
    failure_streak INTEGER NOT NULL DEFAULT 0,
    last_run_id BLOB,
    last_state TEXT,
    last_started_at INTEGER,
    last_finished_at INTEGER
, stretch_detail TEXT, delay_ms INTEGER, on_start INTEGER NOT NULL DEFAULT 0, from_start INTEGER NOT NULL DEFAULT 0, reset_at INTEGER, usual_ms INTEGER, spread_ms INTEGER, slow_streak INTEGER NOT NULL DEFAULT 0, last_duration_ms INTEGER, last_lateness_ms INTEGER, failing_since INTEGER);
CREATE TABLE message (
    id BLOB PRIMARY KEY,
    tenant TEXT NOT NULL,
    gateway TEXT NOT NULL,
    session TEXT NOT NULL,
    external_id TEXT NOT NULL,
    is_ours INTEGER NOT NULL,
    chat TEXT,
    phone TEXT,
    author TEXT,
    is_group INTEGER NOT NULL DEFAULT 0,
    kind TEXT,
    text TEXT,
    name TEXT,
    at INTEGER,
    received_at INTEGER NOT NULL,
    by_api INTEGER,
    source TEXT NOT NULL CHECK (source IN ('webhook', 'gap', 'api')),
    reference TEXT,
    ack INTEGER,
    acked_at INTEGER,
    ack_cause TEXT,
    ack_error TEXT,
    UNIQUE (tenant, gateway, session, external_id)
);
CREATE TABLE node (
    id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_mark TEXT NOT NULL,
    version TEXT NOT NULL,
    roles TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    left_at INTEGER
, seen_at INTEGER, active INTEGER NOT NULL DEFAULT 0, refused_writes INTEGER NOT NULL DEFAULT 0, draining_since INTEGER, clock_offset_ms INTEGER, lost_at INTEGER, disk_free INTEGER, disk_size INTEGER, round_trip_ms INTEGER) WITHOUT ROWID;
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
CREATE TABLE output_piece (
    run_id BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (run_id, sequence)
) WITHOUT ROWID;
CREATE TABLE outside_rate (
    name TEXT PRIMARY KEY,
    next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE ping_body (
    check_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
);
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
CREATE TABLE protection_key (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE recovery_code (
    user_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) WITHOUT ROWID;
CREATE TABLE run (
    id BLOB NOT NULL PRIMARY KEY,
    job_id INTEGER NOT NULL,
    trigger TEXT NOT NULL CHECK (trigger IN ('schedule', 'manual', 'after', 'backfill')),
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running')),
    reason TEXT,
    queue TEXT NOT NULL,
    priority INTEGER NOT NULL,
    kind TEXT NOT NULL,
    slots INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,
    claim_at INTEGER,
    lease_token INTEGER NOT NULL DEFAULT 0,
    node TEXT,
    started_at INTEGER,
    attempt_started_at INTEGER,
    lease_ends INTEGER,
    cancel_reason TEXT,
    parameters TEXT,
    response_code INTEGER,
    error TEXT, limit_key TEXT, limit_at INTEGER,
    CHECK (state = 'pending' OR not_before IS NOT NULL)
) WITHOUT ROWID;
CREATE TABLE run_history (
    id BLOB NOT NULL PRIMARY KEY,
    job_id INTEGER NOT NULL,
    trigger TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    due_until INTEGER,
    count INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL CHECK (state IN ('succeeded', 'failed', 'cancelled', 'skipped')),
    reason TEXT,
    queue TEXT NOT NULL,
    priority INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER,
    attempt_started_at INTEGER,
    finished_at INTEGER NOT NULL,
    node TEXT,
    response_code INTEGER,
    error TEXT,
    items_processed INTEGER,
    result TEXT,
    parameters TEXT
) WITHOUT ROWID;
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
CREATE TABLE schedule_pace (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    speed INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    began INTEGER NOT NULL
);
CREATE TABLE schema_migration (
    version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL);
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
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE user_account (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('read', 'operate', 'admin')),
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    revision INTEGER NOT NULL DEFAULT 1,
    password TEXT NOT NULL,
    totp_secret TEXT,
    last_step INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_login_at INTEGER,
    UNIQUE (tenant, name)
);
CREATE TABLE user_session (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
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
CREATE TABLE webhook_log (
    id BLOB PRIMARY KEY,
    tenant TEXT NOT NULL,
    gateway TEXT NOT NULL,
    kind TEXT NOT NULL,
    session TEXT,
    event TEXT,
    received_at INTEGER NOT NULL,
    headers TEXT NOT NULL,
    size INTEGER NOT NULL,
    is_text INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'read', 'failed', 'refused')),
    error TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    read_at INTEGER,
    body BLOB NOT NULL
);
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never altered');
END;
CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never altered');
END;
CREATE UNIQUE INDEX alert_open ON alert (tenant, rule, subject) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX channel_outage_open ON channel_outage (channel_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX contact_source ON contact (tenant, source, external_id);
CREATE UNIQUE INDEX job_name ON job (tenant, name) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX run_occurrence ON run (job_id, due_at) WHERE trigger = 'schedule';
CREATE VIEW job_executions AS
SELECT lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-'
        || substr(hex(id), 21)) AS id,
    job_name, strftime('%Y-%m-%d %H:%M:%f', started_at / 1000000.0, 'unixepoch') AS started_at,
    strftime('%Y-%m-%d %H:%M:%f', finished_at / 1000000.0, 'unixepoch') AS finished_at, status,
    CAST(round((finished_at - started_at) / 1000.0) AS INTEGER) AS duration_ms, response_code, substr(error, 1, 500) AS error, items_processed
FROM (
    SELECT run.id, job.name AS job_name, run.started_at, NULL AS finished_at, NULL AS status, run.response_code, run.error, NULL AS items_processed
    FROM run JOIN job ON job.id = run.job_id AND job.tenant = 'default'
    WHERE run.started_at <= strftime('%s', 'now') * 1000000
    UNION ALL
    SELECT ended.id, job.name, ended.started_at, ended.finished_at,
        CASE WHEN ended.state = 'succeeded' THEN 'success' WHEN ended.reason = 'timeout' THEN 'timeout' ELSE 'error' END,
        ended.response_code, ended.error, ended.items_processed
    FROM run_history AS ended JOIN job ON job.id = ended.job_id AND job.tenant = 'default'
    WHERE ended.state <> 'skipped' AND ended.started_at IS NOT NULL) AS execution;
CREATE VIEW webhook_raw_logs AS
SELECT lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-'
        || substr(hex(id), 21)) AS id,
    gateway, session AS channel, event, strftime('%Y-%m-%d %H:%M:%f', received_at / 1000000.0, 'unixepoch') AS received_at,
    CASE WHEN is_text = 1 THEN CAST(body AS TEXT) END AS payload, state, error
FROM webhook_log WHERE tenant = 'default';
