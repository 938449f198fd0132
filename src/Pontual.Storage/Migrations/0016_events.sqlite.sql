-- additive

-- The event log, a row for the events of one write. There is one writer, so that places are given when events are written.
CREATE TABLE event (
    cursor INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    body TEXT NOT NULL
);

-- When it was told that a node's lease had ended.
ALTER TABLE node ADD COLUMN lost_at INTEGER;
