-- additive

-- What gateways told, as it came: written before it is read, so that nothing is lost where reading fails. Whether the body is text is known when it comes.
CREATE TABLE webhook_log (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    gateway text NOT NULL,
    kind text NOT NULL,
    session text,
    event text,
    received_at timestamptz NOT NULL,
    headers text NOT NULL,
    body bytea NOT NULL,
    size integer NOT NULL,
    is_text smallint NOT NULL,
    state text NOT NULL CHECK (state IN ('received', 'read', 'failed', 'refused')),
    error text,
    tries integer NOT NULL DEFAULT 0,
    read_at timestamptz
);
CREATE INDEX webhook_log_unread ON webhook_log (id) WHERE state = 'received';
CREATE INDEX webhook_log_troubled ON webhook_log (tenant, state, id) WHERE state IN ('failed', 'refused');
CREATE INDEX webhook_log_session ON webhook_log (tenant, gateway, session, id);

-- Messages as gateways have them, each once. One whose acknowledgement came first has no chat yet: the message fills it.
CREATE TABLE message (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    gateway text NOT NULL,
    session text NOT NULL,
    external_id text NOT NULL,
    is_ours smallint NOT NULL,
    chat text,
    phone text,
    author text,
    is_group smallint NOT NULL DEFAULT 0,
    kind text,
    text text,
    name text,
    at timestamptz,
    received_at timestamptz NOT NULL,
    by_api smallint,
    source text NOT NULL CHECK (source IN ('webhook', 'gap', 'api')),
    reference text,
    ack smallint,
    acked_at timestamptz,
    ack_cause text,
    ack_error text,
    UNIQUE (tenant, gateway, session, external_id)
);
CREATE INDEX message_chat ON message (tenant, gateway, session, chat, received_at);
CREATE INDEX message_pending ON message (tenant, gateway, session, at) WHERE is_ours = 1 AND ack = 0;

-- The names of the documents (S3-02, S3-06), of the default tenant.
CREATE VIEW webhook_raw_logs AS
SELECT id, gateway, session AS channel, event, received_at, CASE WHEN is_text = 1 THEN convert_from(body, 'UTF8') END AS payload, state, error
FROM webhook_log WHERE tenant = 'default';
