-- additive

-- How a node does, as of its last renewal.
ALTER TABLE node ADD COLUMN seen_at INTEGER;
ALTER TABLE node ADD COLUMN active INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN refused_writes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node ADD COLUMN draining_since INTEGER;
-- Its wall clock less the database's.
ALTER TABLE node ADD COLUMN clock_offset_ms INTEGER;

-- Where schedules do not go by real time: they go speed times as fast, from origin, since began. One row or none.
CREATE TABLE schedule_pace (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    speed INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    began INTEGER NOT NULL
);
