-- additive

-- That a channel could not be asked how it is, though its gateway is there: since when, how often in a row, and why.
ALTER TABLE channel_state ADD COLUMN unasked_since timestamptz;
ALTER TABLE channel_state ADD COLUMN unasked_times integer NOT NULL DEFAULT 0;
ALTER TABLE channel_state ADD COLUMN unasked_why text;

-- From when on messages may have been missed without an outage, until they were looked for; and what came of looking last.
ALTER TABLE channel_state ADD COLUMN doubt_since timestamptz;
ALTER TABLE channel_state ADD COLUMN doubt_tries integer NOT NULL DEFAULT 0;
ALTER TABLE channel_state ADD COLUMN gap_since timestamptz;
ALTER TABLE channel_state ADD COLUMN gap_until timestamptz;
ALTER TABLE channel_state ADD COLUMN gap text CHECK (gap IN ('none', 'found', 'failed'));
ALTER TABLE channel_state ADD COLUMN gap_found integer NOT NULL DEFAULT 0;
ALTER TABLE channel_state ADD COLUMN gap_detail text;
