-- additive

-- The runs of the default tenant as the documents' monitoring reads them (S5-04): a row a run from its first claim on, without an end while it runs or waits
-- to be tried again; what was skipped, or cancelled before it began, never was one. It stands where an ordinary session looks, in "public", where our
-- tables have their usual schema and we may put something there; else beside them.
DO $$
DECLARE
    place text := CASE WHEN current_schema() = 'pontual'
        AND EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'public' AND has_schema_privilege(oid, 'CREATE')) THEN 'public' ELSE current_schema() END;
BEGIN
    IF to_regclass(format('%I.job_executions', place)) IS NOT NULL THEN
        RAISE EXCEPTION 'this database has a table job_executions of its own, and Pontual offers its runs under that name: rename yours, '
            'ALTER TABLE job_executions RENAME TO job_executions_before, where its rows stay readable, and start again';
    END IF;
    EXECUTE format($view$
        CREATE VIEW %I.job_executions AS
        SELECT run.id, job.name AS job_name, run.started_at, CAST(NULL AS timestamptz) AS finished_at, CAST(NULL AS text) AS status,
            CAST(NULL AS bigint) AS duration_ms, run.response_code, left(run.error, 500) AS error, CAST(NULL AS bigint) AS items_processed
        FROM run JOIN job ON job.id = run.job_id AND job.tenant = 'default'
        WHERE run.started_at <= now()
        UNION ALL
        SELECT ended.id, job.name, ended.started_at, ended.finished_at,
            CASE WHEN ended.state = 'succeeded' THEN 'success' WHEN ended.reason = 'timeout' THEN 'timeout' ELSE 'error' END,
            CAST(round(extract(epoch FROM ended.finished_at - ended.started_at) * 1000) AS bigint), ended.response_code, left(ended.error, 500),
            ended.items_processed
        FROM run_history AS ended JOIN job ON job.id = ended.job_id AND job.tenant = 'default'
        WHERE ended.state <> 'skipped' AND ended.started_at IS NOT NULL
        $view$, place);
END $$;
