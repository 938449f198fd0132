-- additive

-- What gateways told, as it came: written before it is read, so that nothing is lost where reading fails. Whether the body is text is known when it comes.
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
CREATE INDEX webhook_log_unread ON webhook_log (id) WHERE state = 'received';
CREATE INDEX webhook_log_troubled ON webhook_log (tenant, state, id) WHERE state IN ('failed', 'refused');
CREATE INDEX webhook_log_session ON webhook_log (tenant, gateway, session, id);

-- Messages as gateways have them, each once. One whose acknowledgement came first has no chat yet: the message fills it.
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
CREATE INDEX message_chat ON message (tenant, gateway, session, chat, received_at);
CREATE INDEX message_pending ON message (tenant, gateway, session, at) WHERE is_ours = 1 AND ack = 0;

-- The names of the documents (S3-02, S3-06), of the default tenant. Ids and times are text here, times in UTC.
CREATE VIEW webhook_raw_logs AS
SELECT lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-'
        || substr(hex(id), 21)) AS id,
    gateway, session AS channel, event, strftime('%Y-%m-%d %H:%M:%f', received_at / 1000000.0, 'unixepoch') AS received_at,
    CASE WHEN is_text = 1 THEN CAST(body AS TEXT) END AS payload, state, error
FROM webhook_log WHERE tenant = 'default';
