-- additive

-- The event log, a row for some events of one stretch. What transactions write waits in event_new, without a place: a place given before the commit
-- could become visible after a higher one. The relay gives places, under the lock of the one row of event_head.
CREATE TABLE event_new (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    count integer NOT NULL,
    body text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_threshold = 1000000000);
CREATE TABLE event (
    cursor bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    count integer NOT NULL,
    body text NOT NULL
);
CREATE TABLE event_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    cursor bigint NOT NULL
) WITH (fillfactor = 20);
INSERT INTO event_head (cursor) VALUES (0);

-- When it was told that a node's lease had ended.
ALTER TABLE node ADD COLUMN lost_at timestamptz;

-- What SQL does by itself is told as the engine tells its own: a line with one event, instants as microseconds after its own.
CREATE FUNCTION tell(at timestamptz, kind text, subject text, job bigint, node text, fields json) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO event_new (at, count, body)
    VALUES (at, 1, '{"k":' || to_json(kind) || ',"t":' || (extract(epoch FROM at) * 1000000)::bigint || coalesce(',"n":' || to_json(node), '')
        || ',"e":[[' || to_json(subject) || ',' || job || ',0,' || json_strip_nulls(fields) || ']]}');
$$;

CREATE FUNCTION tell_start(at timestamptz, run uuid, job bigint, attempt integer, due timestamptz) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT tell(at, 'run.started', run::text, job, 'worker/default/sql',
        json_build_object('a', attempt, 's', (extract(epoch FROM due - at) * 1000000)::bigint, 'b', 0)), hint(16);
$$;

CREATE FUNCTION tell_end(run uuid) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT tell(finished_at, 'run.' || state, id::text, job_id, node, json_build_object('a', attempt, 'r', reason,
        's', (extract(epoch FROM due_at - finished_at) * 1000000)::bigint, 'd', (extract(epoch FROM finished_at - attempt_started_at) * 1000)::bigint,
        'e', left(error, 300), 'i', items_processed))
    FROM run_history WHERE id = run;
$$;
