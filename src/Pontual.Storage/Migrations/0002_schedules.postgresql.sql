-- additive

-- What exactly is the reason of the open stretch: "br: Natal".
ALTER TABLE job_state ADD COLUMN stretch_detail text;

-- Of a schedule with a fixed delay: from the end of a run to the next due time.
ALTER TABLE job_state ADD COLUMN delay_ms bigint;

-- 1: due each time the system starts.
ALTER TABLE job_state ADD COLUMN on_start integer NOT NULL DEFAULT 0;
CREATE INDEX job_state_on_start ON job_state (job_id) WHERE on_start = 1;
