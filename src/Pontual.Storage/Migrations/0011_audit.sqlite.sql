-- additive
-- Who changed what, when, from where and why. Written in the transaction of the change; never altered, never taken away.
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

CREATE INDEX audit_by_time ON audit (tenant, at, id);
CREATE INDEX audit_by_subject ON audit (tenant, subject, at, id);

CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never altered');
END;

CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never altered');
END;
