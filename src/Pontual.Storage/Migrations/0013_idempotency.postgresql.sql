-- additive
-- What requests with an Idempotency-Key came to; kept for 24 hours. A row without a status is a request that is not done.
CREATE TABLE idempotency (
    tenant text NOT NULL,
    caller text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    first_at timestamptz NOT NULL,
    taken_at timestamptz NOT NULL,
    asked bigint NOT NULL,
    status integer,
    location text,
    etag text,
    content_type text,
    body bytea,
    PRIMARY KEY (tenant, caller, key)
);

CREATE INDEX idempotency_by_age ON idempotency (first_at);
