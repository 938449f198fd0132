-- additive

-- Jobs whose period counts from the start of the run before; when a job was last given back its first state.
ALTER TABLE job_state ADD COLUMN from_start INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_state ADD COLUMN reset_at INTEGER;

-- Who is known to a messaging system, as its providers tell it.
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
CREATE UNIQUE INDEX contact_source ON contact (tenant, source, external_id);
