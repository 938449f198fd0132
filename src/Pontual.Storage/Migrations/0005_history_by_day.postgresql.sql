-- additive

-- The history lies in a table for each day (of the due time, in UTC), so that old days go as tables. What no day takes, because it was due long ago
-- or is due far ahead, lies in the default tables, which are pruned row by row.
ALTER TABLE run_history RENAME TO run_history_old;
ALTER INDEX run_history_pkey RENAME TO run_history_old_pkey;
ALTER INDEX run_history_job RENAME TO run_history_old_job;
CREATE TABLE run_history (LIKE run_history_old INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX run_history_job ON run_history (job_id, id);
-- What did not simply succeed is looked for by its state, and is rare.
CREATE INDEX run_history_state ON run_history (state, id) WHERE state <> 'succeeded';
-- What a day must not lose when it is dropped: ended (or grown) more than a day after it was due.
CREATE INDEX run_history_late ON run_history (finished_at) WHERE finished_at - due_at > interval '24 hours';
CREATE TABLE run_history_default PARTITION OF run_history DEFAULT;

ALTER TABLE attempt RENAME TO attempt_old;
ALTER INDEX attempt_pkey RENAME TO attempt_old_pkey;
CREATE TABLE attempt (LIKE attempt_old INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (run_id, number)) PARTITION BY RANGE (run_id);
CREATE TABLE attempt_default PARTITION OF attempt DEFAULT;

ALTER TABLE output_piece RENAME TO output_piece_old;
ALTER INDEX output_piece_pkey RENAME TO output_piece_old_pkey;
CREATE TABLE output_piece (LIKE output_piece_old INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (run_id, sequence)) PARTITION BY RANGE (run_id);
CREATE TABLE output_piece_default PARTITION OF output_piece DEFAULT;

-- The lowest id of a run that is due on a day.
CREATE FUNCTION history_lowest_id(day date) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM day AT TIME ZONE 'UTC') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE FUNCTION history_table(place text, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT place || '_d' || to_char(day, 'YYYYMMDD')
$$;

-- Makes a day's table. False: others held the history for longer than they should be kept waiting; ask again.
CREATE FUNCTION history_open_day(place text, day date) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '40ms' AS $$
DECLARE
    part text := history_table(place, day);
    key text := CASE place WHEN 'run_history' THEN 'id' ELSE 'run_id' END;
    few integer := 10000;
BEGIN
    IF to_regclass(quote_ident(part)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', part, place);
        -- A run that was cancelled days before it was due lies in the default table already.
        EXECUTE format(
            'WITH early AS (DELETE FROM %1$I WHERE %2$I IN (SELECT %2$I FROM %1$I WHERE %2$I >= $1 AND %2$I < $2 LIMIT $3) RETURNING *)
            INSERT INTO %3$I SELECT * FROM early', place || '_default', key, part) USING history_lowest_id(day), history_lowest_id(day + 1), few;
        EXECUTE format(
            'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', place, part, history_lowest_id(day), history_lowest_id(day + 1));
    END IF;
    RETURN true;
EXCEPTION
    WHEN lock_not_available THEN RETURN false;
    -- Another table has that day, or more of it lie in the default table than can be moved at once: they stay there.
    WHEN invalid_object_definition OR check_violation THEN RETURN true;
END $$;

-- Takes a day's table out of the history. False as above.
CREATE FUNCTION history_detach_day(place text, day date) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '40ms' AS $$
DECLARE
    part text := history_table(place, day);
BEGIN
    IF EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(quote_ident(part))) THEN
        EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', place, part);
    END IF;
    RETURN true;
EXCEPTION
    WHEN lock_not_available THEN RETURN false;
END $$;

-- Drops what was taken out of the history, and puts back what ended too late to go: with its attempts and output, and those of runs that have not
-- ended. Answers about how many runs there were.
CREATE FUNCTION history_drop_day(day date, before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    runs regclass := to_regclass(quote_ident(history_table('run_history', day)));
    part regclass;
    place text;
    kept uuid[] := ARRAY(SELECT id FROM run WHERE id < history_lowest_id(day + 1));
    late uuid[] := '{}';
    dropped bigint := 0;
BEGIN
    IF runs IS NOT NULL THEN
        EXECUTE format('SELECT array_agg(id) FROM %s WHERE finished_at - due_at > interval ''24 hours'' AND finished_at >= $1', runs) INTO late USING before;
        EXECUTE format('INSERT INTO run_history SELECT * FROM %s WHERE id = ANY ($1) ON CONFLICT DO NOTHING', runs) USING late;
        kept := kept || coalesce(late, '{}');
        SELECT greatest(reltuples, 0)::bigint INTO dropped FROM pg_class WHERE oid = runs;
    END IF;
    FOREACH place IN ARRAY ARRAY['attempt', 'output_piece'] LOOP
        part := to_regclass(quote_ident(history_table(place, day)));
        IF part IS NOT NULL THEN
            EXECUTE format('INSERT INTO %I SELECT * FROM %s WHERE run_id = ANY ($1) ON CONFLICT DO NOTHING', place, part) USING kept;
            EXECUTE format('DROP TABLE %s', part);
        END IF;
    END LOOP;
    IF runs IS NOT NULL THEN
        EXECUTE format('DROP TABLE %s', runs);
    END IF;
    RETURN dropped;
END $$;

-- What is there already becomes today's table, with all days before it; what is due later moves out of it.
DO $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    tomorrow uuid := history_lowest_id(today + 1);
    place text;
    key text;
    is_empty boolean;
BEGIN
    FOREACH place IN ARRAY ARRAY['run_history', 'attempt', 'output_piece'] LOOP
        key := CASE place WHEN 'run_history' THEN 'id' ELSE 'run_id' END;
        EXECUTE format('SELECT NOT EXISTS (SELECT 1 FROM %I)', place || '_old') INTO is_empty;
        IF is_empty THEN
            EXECUTE format('DROP TABLE %I', place || '_old');
        ELSE
            EXECUTE format('WITH later AS (DELETE FROM %I WHERE %I >= $1 RETURNING *) INSERT INTO %I SELECT * FROM later', place || '_old', key, place) USING tomorrow;
            EXECUTE format('ALTER TABLE %I RENAME TO %I', place || '_old', history_table(place, today));
            EXECUTE format(
                'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', place, history_table(place, today), tomorrow);
        END IF;
        PERFORM history_open_day(place, today + ahead) FROM generate_series(0, 3) AS ahead;
    END LOOP;
END $$;
