-- additive

-- HTTP requests that SQL asked for: a node sends them, and keeps what was answered for six hours.
CREATE TABLE post (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    method text NOT NULL,
    url text NOT NULL,
    params jsonb NOT NULL,
    headers jsonb NOT NULL,
    body text,
    timeout_ms integer NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    held_until timestamptz,
    tries integer NOT NULL DEFAULT 0
);
CREATE TABLE post_answer (
    id bigint NOT NULL PRIMARY KEY,
    status_code integer,
    content_type text,
    headers jsonb,
    content text,
    timed_out boolean NOT NULL,
    error_msg text,
    created timestamptz NOT NULL
);
CREATE INDEX post_answer_created ON post_answer (created);

-- Asks for a run of a job in the caller's transaction: it is made when that commits, by a node, by the job's own rules.
SELECT compat_make($make$
CREATE FUNCTION enqueue(job text, parameters jsonb DEFAULT NULL, not_before timestamptz DEFAULT NULL, priority integer DEFAULT NULL, tenant text DEFAULT 'default')
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    known bigint := (SELECT id FROM {ours}.job AS defined WHERE defined.tenant = enqueue.tenant AND defined.name = enqueue.job AND defined.removed_at IS NULL);
    due timestamptz := greatest(coalesce(not_before, now()), now());
    made uuid := run_new_id(due);
BEGIN
    IF known IS NULL THEN
        RAISE EXCEPTION 'there is no job % of the tenant %', coalesce(quote_literal(job), 'NULL'), coalesce(quote_literal(tenant), 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF jsonb_typeof(parameters) <> 'object' THEN
        RAISE EXCEPTION 'parameters are a JSON object, not %', jsonb_typeof(parameters) USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF priority NOT BETWEEN -10 AND 10 THEN
        RAISE EXCEPTION 'priority is %: use -10 to 10', priority USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO request (id, kind, job_id, args, asked_at, asked_by)
    VALUES (made, 'enqueue', known, jsonb_strip_nulls(jsonb_build_object('due', due, 'parameters', parameters::text, 'priority', priority)), now(), session_user);
    PERFORM hint(8);
    RETURN made;
END $$
$make$);

-- A schedule that a node may make sense of; what it means is the node's to judge.
CREATE FUNCTION cron_checked(schedule text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    said text := regexp_replace(btrim(schedule), '\s+', ' ', 'g');
BEGIN
    IF said ~* '^([1-9]|[1-5][0-9]) seconds?$' OR said ~ '^@[a-z]+$'
        OR (array_length(string_to_array(said, ' '), 1) IN (5, 6) AND said ~ '^[0-9A-Za-z*/,?#$ -]+$') THEN
        RETURN said;
    END IF;
    RAISE EXCEPTION 'invalid schedule: %', coalesce(schedule, 'NULL')
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Use 5 fields, 6 with leading seconds, or ''30 seconds''.';
END $$;

-- Whether a definition is a statement on this very database.
CREATE FUNCTION is_own_sql(definition text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(definition::json -> 'target' -> 'sql' ->> 'statement' IS NOT NULL AND definition::json -> 'target' -> 'sql' ->> 'connection' IS NULL, false);
$$;

SELECT compat_make($make$
CREATE FUNCTION cron_define(job_name text, schedule text, command text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    checked text := cron_checked(schedule);
    known record;
    made bigint;
    name text := job_name;
    definition text;
BEGIN
    IF coalesce(btrim(command), '') = '' OR length(command) > 65536 THEN
        RAISE EXCEPTION 'the command is a statement of at most 65536 characters' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF name IS NOT NULL AND name !~ '^[a-z0-9][a-z0-9._-]{0,127}$' THEN
        RAISE EXCEPTION 'the job name is %: use 1 to 128 of a-z, 0-9, ''.'', ''_'' and ''-'', starting with a letter or digit', quote_literal(name)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT job.id, is_own_sql(job.definition) AS is_ours INTO known FROM job WHERE job.tenant = 'default' AND job.name = job_name AND job.removed_at IS NULL;
    made := known.id;
    IF made IS NULL THEN
        made := nextval(pg_get_serial_sequence('job', 'id'));
        name := coalesce(name, 'cron-' || made);
        definition := json_build_object('name', name, 'target', json_build_object('sql', json_build_object('statement', command)))::text;
        INSERT INTO job (id, tenant, name, definition, created_at, updated_at) VALUES (made, 'default', name, definition, now(), now());
        INSERT INTO job_state (job_id, mark) VALUES (made, now());
        INSERT INTO audit (at, tenant, actor, actor_name, action, subject, after)
        VALUES (now(), 'default', 'sql:' || session_user, session_user, 'job.created', name, definition);
        PERFORM tell(now(), 'job.created', name, made, NULL, '{"v":1}');
    ELSIF NOT known.is_ours THEN
        RAISE EXCEPTION 'there is a job % that runs no SQL of this database: give this one another name', quote_literal(name) USING ERRCODE = 'unique_violation';
    END IF;
    -- What was wished before, its removal too, gives way.
    DELETE FROM request WHERE job_id = made AND kind = 'cron' AND refused_at IS NULL;
    INSERT INTO request (id, kind, job_id, args, asked_at, asked_by)
    VALUES (gen_random_uuid(), 'cron', made, jsonb_build_object('schedule', checked, 'command', command,
        'zone', replace(coalesce(nullif(current_setting('cron.timezone', true), ''), 'UTC'), 'GMT', 'UTC')), now(), session_user);
    PERFORM hint(24);
    RETURN made;
END $$
$make$);

SELECT compat_make($make$
CREATE FUNCTION cron_remove(job_id bigint, job_name text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    known bigint := (SELECT cron_job.jobid FROM cron_job WHERE cron_job.jobid = cron_remove.job_id OR cron_job.jobname = cron_remove.job_name);
BEGIN
    IF known IS NULL THEN
        RAISE NOTICE 'there is no job % in cron.job', coalesce(quote_literal(job_name), cron_remove.job_id::text);
        RETURN false;
    END IF;
    INSERT INTO request (id, kind, job_id, args, asked_at, asked_by) VALUES (gen_random_uuid(), 'cron', known, '{"remove": true}', now(), session_user);
    PERFORM hint(8);
    RETURN true;
END $$
$make$);

-- The default tenant's statements on this database that have a cron schedule, as pg_cron shows its jobs. What waits for a node shows already.
CREATE VIEW cron_job AS
SELECT job.id AS jobid,
    coalesce(wish.args ->> 'schedule', schedule ->> 'cron',
        CASE WHEN schedule ->> 'every' ~ '^[0-9]+s$' THEN rtrim(schedule ->> 'every', 's') || ' seconds' END, refused.args ->> 'schedule') AS schedule,
    coalesce(wish.args ->> 'command', job.definition::json -> 'target' -> 'sql' ->> 'statement') AS command,
    'localhost'::text AS nodename, current_setting('port')::integer AS nodeport, current_database()::text AS database, current_user::text AS username,
    (wish.args IS NOT NULL OR schedule IS NOT NULL)
        AND NOT coalesce(job.paused_since <= now() AND (job.paused_until IS NULL OR now() < job.paused_until), false) AS active,
    job.name AS jobname
FROM job
CROSS JOIN LATERAL (SELECT job.definition::json -> 'schedule' AS schedule) AS read
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(each.key, each.value ORDER BY request.seq) AS args
    FROM request CROSS JOIN LATERAL jsonb_each(request.args) AS each
    WHERE request.job_id = job.id AND request.kind = 'cron' AND request.refused_at IS NULL) AS wish ON true
LEFT JOIN LATERAL (
    SELECT request.args FROM request WHERE request.job_id = job.id AND request.kind = 'cron' AND request.refused_at IS NOT NULL
    ORDER BY request.seq DESC LIMIT 1) AS refused ON true
WHERE job.tenant = 'default' AND job.removed_at IS NULL AND is_own_sql(job.definition) AND NOT coalesce(wish.args ? 'remove', false)
    AND (schedule ->> 'cron' IS NOT NULL OR schedule ->> 'every' ~ '^[0-9]+s$' OR wish.args IS NOT NULL OR refused.args IS NOT NULL);

-- Their runs, and the schedules that were refused.
CREATE VIEW cron_job_run_details AS
SELECT job.id AS jobid, ('x0' || substr(replace(ran.id::text, '-', ''), 1, 12) || substr(replace(ran.id::text, '-', ''), 14, 3))::bit(64)::bigint AS runid,
    NULL::integer AS job_pid, current_database()::text AS database, current_user::text AS username,
    job.definition::json -> 'target' -> 'sql' ->> 'statement' AS command, ran.status, ran.message AS return_message, ran.started_at AS start_time,
    ran.finished_at AS end_time
FROM job JOIN (
    SELECT run.id, run.job_id, CASE run.state WHEN 'running' THEN 'running' ELSE 'failed' END AS status, left(run.error, 1000) AS message,
        run.started_at, CAST(NULL AS timestamptz) AS finished_at
    FROM run WHERE run.started_at <= now()
    UNION ALL
    SELECT ended.id, ended.job_id, CASE ended.state WHEN 'succeeded' THEN 'succeeded' ELSE 'failed' END, left(coalesce(ended.error, ended.result), 1000),
        ended.started_at, ended.finished_at
    FROM run_history AS ended WHERE ended.state <> 'skipped' AND ended.started_at IS NOT NULL
    UNION ALL
    SELECT request.id, request.job_id, 'failed', 'refused: ' || request.refusal, request.asked_at, request.refused_at
    FROM request WHERE request.kind = 'cron' AND request.refused_at IS NOT NULL) AS ran ON ran.job_id = job.id
WHERE job.tenant = 'default' AND is_own_sql(job.definition);

SELECT compat_make($make$
CREATE FUNCTION post_ask(method text, url text, params jsonb, headers jsonb, body text, timeout_milliseconds integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    dropped text;
    made bigint;
BEGIN
    IF url IS NULL OR url !~* '^https?://[^/]' OR length(url) > 8000 THEN
        RAISE EXCEPTION 'url is %: use an http or https address', coalesce(quote_literal(left(url, 100)), 'NULL') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF timeout_milliseconds IS NULL OR timeout_milliseconds NOT BETWEEN 1 AND 600000 THEN
        RAISE EXCEPTION 'timeout_milliseconds is %: use 1 to 600000', coalesce(timeout_milliseconds::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF jsonb_typeof(coalesce(params, '{}')) <> 'object' OR jsonb_typeof(coalesce(headers, '{}')) <> 'object' THEN
        RAISE EXCEPTION 'params and headers are JSON objects' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT string_agg(key, ', ') INTO dropped FROM jsonb_each(coalesce(headers, '{}')) WHERE value = 'null';
    IF dropped IS NOT NULL THEN
        RAISE WARNING 'headers without a value are dropped: %', dropped;
    END IF;
    INSERT INTO post (method, url, params, headers, body, timeout_ms, asked_at, asked_by)
    VALUES (method, url, coalesce(params, '{}'), jsonb_strip_nulls(coalesce(headers, '{}')), body, timeout_milliseconds, now(), session_user)
    RETURNING id INTO made;
    PERFORM hint(8);
    RETURN made;
END $$
$make$);

-- Offers the names of pg_cron, unless those are taken; to be called again once they are free.
SELECT compat_make($make$
CREATE FUNCTION offer_cron() RETURNS text LANGUAGE plpgsql AS $offer$
BEGIN
    IF obj_description(to_regnamespace('cron')) = 'jobs of Pontual' THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_cron') THEN
        RETURN 'the extension pg_cron is installed: its schema cron is left alone, and its jobs are not Pontual''s';
    ELSIF to_regnamespace('cron') IS NOT NULL THEN
        RETURN 'there is a schema cron already: it is left alone, and cron.schedule is not offered';
    ELSIF current_schema() <> 'pontual' THEN
        RETURN 'cron.schedule is offered where Pontual''s tables have their usual schema only';
    ELSIF NOT has_database_privilege(current_database(), 'CREATE') THEN
        RETURN 'cron.schedule is not offered: the role may make no schema (GRANT CREATE ON DATABASE)';
    END IF;
    CREATE SCHEMA cron;
    COMMENT ON SCHEMA cron IS 'jobs of Pontual';
    CREATE VIEW cron.job AS SELECT * FROM {ours}.cron_job;
    CREATE VIEW cron.job_run_details AS SELECT * FROM {ours}.cron_job_run_details;
    CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = {ours}, pg_temp AS
        'SELECT {ours}.cron_define(job_name, schedule, command)';
    CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = {ours}, pg_temp AS
        'SELECT {ours}.cron_define(NULL, schedule, command)';
    CREATE FUNCTION cron.unschedule(job_name text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = {ours}, pg_temp AS
        'SELECT {ours}.cron_remove(NULL, job_name)';
    CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = {ours}, pg_temp AS
        'SELECT {ours}.cron_remove(job_id, NULL)';
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA cron FROM PUBLIC;
    RETURN NULL;
END $offer$
$make$);

-- The same for pg_net.
SELECT compat_make($make$
CREATE FUNCTION offer_net() RETURNS text LANGUAGE plpgsql AS $offer$
BEGIN
    IF obj_description(to_regnamespace('net')) = 'requests of Pontual' THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_net') THEN
        RETURN 'the extension pg_net is installed: its schema net is left alone, and it sends its requests itself';
    ELSIF to_regnamespace('net') IS NOT NULL THEN
        RETURN 'there is a schema net already: it is left alone, and net.http_post is not offered';
    ELSIF current_schema() <> 'pontual' THEN
        RETURN 'net.http_post is offered where Pontual''s tables have their usual schema only';
    ELSIF NOT has_database_privilege(current_database(), 'CREATE') THEN
        RETURN 'net.http_post is not offered: the role may make no schema (GRANT CREATE ON DATABASE)';
    END IF;
    CREATE SCHEMA net;
    COMMENT ON SCHEMA net IS 'requests of Pontual';
    CREATE VIEW net.http_request_queue AS SELECT id, method, url, headers, body, timeout_ms AS timeout_milliseconds FROM {ours}.post;
    CREATE VIEW net._http_response AS SELECT * FROM {ours}.post_answer;
    CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', timeout_milliseconds integer DEFAULT 5000)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = {ours}, pg_temp AS
        'SELECT {ours}.post_ask(''POST'', url, params, headers, body::text, timeout_milliseconds)';
    CREATE FUNCTION net.http_get(url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', timeout_milliseconds integer DEFAULT 5000)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = {ours}, pg_temp AS
        'SELECT {ours}.post_ask(''GET'', url, params, headers, NULL, timeout_milliseconds)';
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA net FROM PUBLIC;
    RETURN NULL;
END $offer$
$make$);

REVOKE EXECUTE ON FUNCTION enqueue(text, jsonb, timestamptz, integer, text), cron_define(text, text, text), cron_remove(bigint, text),
    post_ask(text, text, jsonb, jsonb, text, integer), offer_cron(), offer_net() FROM PUBLIC;
SELECT offer_cron(), offer_net();
