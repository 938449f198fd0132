-- additive

-- Drops what was taken out of the history, as before, but neither a table that is still part of it nor a day that is not over long enough:
-- whoever asks for that is mistaken, and would lose what people still see.
CREATE OR REPLACE FUNCTION history_drop_day(day date, before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    runs regclass := to_regclass(quote_ident(history_table('run_history', day)));
    part regclass;
    place text;
    kept uuid[] := ARRAY(SELECT id FROM run WHERE id < history_lowest_id(day + 1));
    late uuid[] := '{}';
    dropped bigint := 0;
BEGIN
    IF day + 2 > (before AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'the history of % may hold runs that ended after %: it is too young to be dropped', day, before;
    END IF;
    FOREACH place IN ARRAY ARRAY['run_history', 'attempt', 'output_piece'] LOOP
        part := to_regclass(quote_ident(history_table(place, day)));
        IF EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = part) THEN
            RAISE EXCEPTION '% is still a part of the history: take it out first', part;
        END IF;
    END LOOP;
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
