-- additive

-- The runs of the default tenant as the documents' monitoring reads them (S5-04): a row a run from its first claim on, without an end while it runs or waits
-- to be tried again; what was skipped, or cancelled before it began, never was one. Ids and times are text here, times in UTC.
CREATE VIEW job_executions AS
SELECT lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-'
        || substr(hex(id), 21)) AS id,
    job_name, strftime('%Y-%m-%d %H:%M:%f', started_at / 1000000.0, 'unixepoch') AS started_at,
    strftime('%Y-%m-%d %H:%M:%f', finished_at / 1000000.0, 'unixepoch') AS finished_at, status,
    CAST(round((finished_at - started_at) / 1000.0) AS INTEGER) AS duration_ms, response_code, substr(error, 1, 500) AS error, items_processed
FROM (
    SELECT run.id, job.name AS job_name, run.started_at, NULL AS finished_at, NULL AS status, run.response_code, run.error, NULL AS items_processed
    FROM run JOIN job ON job.id = run.job_id AND job.tenant = 'default'
    WHERE run.started_at <= strftime('%s', 'now') * 1000000
    UNION ALL
    SELECT ended.id, job.name, ended.started_at, ended.finished_at,
        CASE WHEN ended.state = 'succeeded' THEN 'success' WHEN ended.reason = 'timeout' THEN 'timeout' ELSE 'error' END,
        ended.response_code, ended.error, ended.items_processed
    FROM run_history AS ended JOIN job ON job.id = ended.job_id AND job.tenant = 'default'
    WHERE ended.state <> 'skipped' AND ended.started_at IS NOT NULL) AS execution;
