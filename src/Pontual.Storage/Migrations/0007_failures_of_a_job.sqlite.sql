-- additive

-- What went wrong with one job. Few runs do: without an index of their own a page of them reads all that the job ever did.
CREATE INDEX run_history_job_state ON run_history (job_id, state, id) WHERE state <> 'succeeded';
