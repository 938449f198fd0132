-- additive

-- Who logs in. The secret of codes is sealed; last_step is null until a first code confirmed it.
CREATE TABLE user_account (
    id text NOT NULL PRIMARY KEY,
    tenant text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('read', 'operate', 'admin')),
    disabled integer NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    revision integer NOT NULL DEFAULT 1,
    password text NOT NULL,
    totp_secret text,
    last_step bigint,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    last_login_at timestamptz,
    UNIQUE (tenant, name)
);

-- Codes for whoever lost the device, each for one use.
CREATE TABLE recovery_code (
    user_id text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- Logins that hold, by the hash of their cookie.
CREATE TABLE user_session (
    hash bytea NOT NULL PRIMARY KEY,
    user_id text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX user_session_user ON user_session (user_id);

-- Links by which the first administrator is made.
CREATE TABLE admin_link (
    hash bytea NOT NULL PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

-- Keys that seal secrets, where nodes share a database.
CREATE TABLE protection_key (
    name text NOT NULL PRIMARY KEY,
    key text NOT NULL,
    created_at timestamptz NOT NULL
);
