-- additive

-- What went through each channel on each day of its zone. Days are never set back to nothing: a new one begins, and an old one is closed.
CREATE TABLE channel_day (
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    seen INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    invalid INTEGER NOT NULL DEFAULT 0,
    opted_out INTEGER NOT NULL DEFAULT 0,
    restricted INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL DEFAULT 0,
    first_contacts INTEGER NOT NULL DEFAULT 0,
    replies INTEGER NOT NULL DEFAULT 0,
    disconnects INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER,
    PRIMARY KEY (channel_id, day)
);

-- Whom a channel talks with: who began, and when the other side answered.
CREATE TABLE channel_chat (
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    chat TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    by_us INTEGER NOT NULL,
    message_id BLOB NOT NULL,
    replied_at INTEGER,
    PRIMARY KEY (channel_id, chat)
);
CREATE INDEX channel_chat_begun ON channel_chat (channel_id, begun_at) WHERE by_us = 1;

-- Scores of trust as they were given, with the rules they were given by. Only added to.
CREATE TABLE channel_trust (
    id BLOB NOT NULL PRIMARY KEY,
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    rule_version TEXT NOT NULL,
    score INTEGER,
    judged TEXT NOT NULL,
    band TEXT NOT NULL,
    better INTEGER NOT NULL,
    reach TEXT,
    confidence TEXT NOT NULL,
    alarmed_at INTEGER,
    document TEXT NOT NULL
);
CREATE INDEX channel_trust_latest ON channel_trust (channel_id, id);
