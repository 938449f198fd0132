-- additive

-- Runs that were planned ahead and are not confirmed: a handful, asked for at every look. Without an index of their own a plan made before
-- statistics are fresh goes through the whole queue for them.
CREATE INDEX run_planned ON run (not_before) WHERE state = 'pending' AND lease_ends IS NOT NULL;
