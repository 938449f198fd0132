-- additive

-- What went through each channel on each day of its zone. Days are never set back to nothing: a new one begins, and an old one is closed.
CREATE TABLE channel_day (
    channel_id uuid NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    day text COLLATE "C" NOT NULL,
    sent integer NOT NULL DEFAULT 0,
    taken integer NOT NULL DEFAULT 0,
    delivered integer NOT NULL DEFAULT 0,
    seen integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    invalid integer NOT NULL DEFAULT 0,
    opted_out integer NOT NULL DEFAULT 0,
    restricted integer NOT NULL DEFAULT 0,
    received integer NOT NULL DEFAULT 0,
    first_contacts integer NOT NULL DEFAULT 0,
    replies integer NOT NULL DEFAULT 0,
    disconnects integer NOT NULL DEFAULT 0,
    closed_at timestamptz,
    PRIMARY KEY (channel_id, day)
);

-- Whom a channel talks with: who began, and when the other side answered.
CREATE TABLE channel_chat (
    channel_id uuid NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    chat text NOT NULL,
    begun_at timestamptz NOT NULL,
    by_us smallint NOT NULL,
    message_id uuid NOT NULL,
    replied_at timestamptz,
    PRIMARY KEY (channel_id, chat)
);
CREATE INDEX channel_chat_begun ON channel_chat (channel_id, begun_at) WHERE by_us = 1;

-- Scores of trust as they were given, with the rules they were given by. Only added to.
CREATE TABLE channel_trust (
    id uuid PRIMARY KEY,
    channel_id uuid NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    rule_version text NOT NULL,
    score integer,
    judged text NOT NULL,
    band text NOT NULL,
    better integer NOT NULL,
    reach text,
    confidence text NOT NULL,
    alarmed_at timestamptz,
    document text NOT NULL
);
CREATE INDEX channel_trust_latest ON channel_trust (channel_id, id);
