-- additive

-- What exactly is the reason of the open stretch: "br: Natal".
ALTER TABLE job_state ADD COLUMN stretch_detail text;

-- Of a schedule with a fixed delay: from the end of a run to the next due time.
ALTER TABLE job_state ADD COLUMN delay_ms bigint;

-- 1: due each time the system starts.
ALTER TABLE job_state ADD COLUMN on_start integer NOT NULL DEFAULT 0;
CREATE INDEX job_state_on_start ON job_state (job_id) WHERE on_start = 1;

-- Named calendars, and which jobs name them.
CREATE TABLE calendar (
    tenant text NOT NULL DEFAULT 'default',
    name text NOT NULL,
    definition text NOT NULL,
    revision integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, name)
);
CREATE TABLE calendar_use (
    calendar text NOT NULL,
    job_id bigint NOT NULL,
    PRIMARY KEY (calendar, job_id)
);
CREATE INDEX calendar_use_job ON calendar_use (job_id);
