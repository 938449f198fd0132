-- additive
-- Whose jobs a token sees and changes.
ALTER TABLE api_token ADD COLUMN tenant TEXT NOT NULL DEFAULT 'default';
