-- additive
-- Who changed what, when, from where and why. Written in the transaction of the change; never altered, never taken away.
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    tenant text NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    address text,
    reason text,
    action text NOT NULL,
    subject text NOT NULL,
    before text,
    after text
);

CREATE INDEX audit_by_time ON audit (tenant, at, id);
CREATE INDEX audit_by_subject ON audit (tenant, subject, at, id);

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is never altered' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
