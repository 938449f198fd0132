-- additive
-- What requests with an Idempotency-Key came to; kept for 24 hours. A row without a status is a request that is not done.
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

CREATE INDEX idempotency_by_age ON idempotency (first_at);
