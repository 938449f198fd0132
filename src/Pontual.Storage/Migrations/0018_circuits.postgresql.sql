-- additive
-- How calls to hosts and services outside stand, for all nodes; the history of that; and where the rates toward them stand.
CREATE TABLE circuit (
    tenant text NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz,
    node text,
    reason text,
    held_until timestamptz,
    told_at timestamptz,
    told_since timestamptz,
    told bigint NOT NULL,
    storm_at timestamptz,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE circuit_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    name text NOT NULL,
    at timestamptz NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    changed_by text,
    reason text
);

CREATE INDEX circuit_change_by_time ON circuit_change (tenant, at);

CREATE TABLE outside_rate (
    name text PRIMARY KEY,
    next_at timestamptz NOT NULL
);
