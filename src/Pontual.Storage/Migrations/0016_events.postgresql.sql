-- additive

-- The event log, a row for some events of one stretch. What transactions write waits in event_new, without a place: a place given before the commit
-- could become visible after a higher one. The relay gives places, under the lock of the one row of event_head.
CREATE TABLE event_new (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    count integer NOT NULL,
    body text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_threshold = 1000000000);
CREATE TABLE event (
    cursor bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    count integer NOT NULL,
    body text NOT NULL
);
CREATE TABLE event_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    cursor bigint NOT NULL
) WITH (fillfactor = 20);
INSERT INTO event_head (cursor) VALUES (0);

-- When it was told that a node's lease had ended.
ALTER TABLE node ADD COLUMN lost_at timestamptz;
