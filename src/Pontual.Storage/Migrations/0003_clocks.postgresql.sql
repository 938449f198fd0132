-- additive

-- How a node does, as of its last renewal.
ALTER TABLE node ADD COLUMN seen_at timestamptz;
ALTER TABLE node ADD COLUMN active integer NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN refused_writes bigint NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN draining_since timestamptz;
-- Its wall clock less the database's.
ALTER TABLE node ADD COLUMN clock_offset_ms bigint;

-- Where schedules do not go by real time: they go speed times as fast, from origin, since began. One row or none.
CREATE TABLE schedule_pace (
    one integer NOT NULL PRIMARY KEY CHECK (one = 1),
    speed integer NOT NULL,
    origin timestamptz NOT NULL,
    began timestamptz NOT NULL
);
