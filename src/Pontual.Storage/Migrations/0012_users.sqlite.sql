-- additive

-- Who logs in. The secret of codes is sealed; last_step is null until a first code confirmed it.
CREATE TABLE user_account (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('read', 'operate', 'admin')),
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    revision INTEGER NOT NULL DEFAULT 1,
    password TEXT NOT NULL,
    totp_secret TEXT,
    last_step INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_login_at INTEGER,
    UNIQUE (tenant, name)
);

-- Codes for whoever lost the device, each for one use.
CREATE TABLE recovery_code (
    user_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) WITHOUT ROWID;

-- Logins that hold, by the hash of their cookie.
CREATE TABLE user_session (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX user_session_user ON user_session (user_id);

-- Links by which the first administrator is made.
CREATE TABLE admin_link (
    hash BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Keys that seal secrets, where nodes share a database.
CREATE TABLE protection_key (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
