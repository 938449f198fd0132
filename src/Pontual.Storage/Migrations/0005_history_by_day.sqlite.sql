-- additive

-- On PostgreSQL the history lies in a table for each day. Here it is one table, pruned row by row: only the way to the rare states is new.
CREATE INDEX run_history_state ON run_history (state, id) WHERE state <> 'succeeded';
