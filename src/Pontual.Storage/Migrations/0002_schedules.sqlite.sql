-- additive

-- What exactly is the reason of the open stretch: "br: Natal".
ALTER TABLE job_state ADD COLUMN stretch_detail TEXT;

-- Of a schedule with a fixed delay: from the end of a run to the next due time.
ALTER TABLE job_state ADD COLUMN delay_ms INTEGER;

-- 1: due each time the system starts.
ALTER TABLE job_state ADD COLUMN on_start INTEGER NOT NULL DEFAULT 0;
CREATE INDEX job_state_on_start ON job_state (job_id) WHERE on_start = 1;

-- Named calendars, and which jobs name them.
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
CREATE INDEX calendar_use_job ON calendar_use (job_id);
