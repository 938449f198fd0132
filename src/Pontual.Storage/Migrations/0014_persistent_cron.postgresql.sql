-- additive

-- Jobs whose period counts from the start of the run before; when a job was last given back its first state.
ALTER TABLE job_state ADD COLUMN from_start integer NOT NULL DEFAULT 0;
ALTER TABLE job_state ADD COLUMN reset_at timestamptz;

-- Who is known to a messaging system, as its providers tell it.
CREATE TABLE contact (
    id uuid NOT NULL PRIMARY KEY,
    tenant text NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    name text,
    phone text,
    email text,
    document text,
    hash text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX contact_source ON contact (tenant, source, external_id);

-- What was asked for by SQL and needs the engine's own rules: a node takes it and does it in one transaction. What it refused stays, with the reason.
CREATE TABLE request (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL,
    job_id bigint NOT NULL,
    args jsonb NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    refused_at timestamptz,
    refusal text
);
CREATE INDEX request_waiting ON request (seq) WHERE refused_at IS NULL;
CREATE INDEX request_of_job ON request (job_id, seq) WHERE refused_at IS NULL;
CREATE INDEX request_refused ON request (refused_at) WHERE refused_at IS NOT NULL;

-- Where names of documents stand that an ordinary session is to find: in "public", where our tables have their usual schema and we may put something there;
-- else beside our tables.
CREATE FUNCTION compat_place() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN current_schema() = 'pontual'
        AND EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'public' AND has_schema_privilege(oid, 'CREATE')) THEN 'public' ELSE current_schema() END;
$$;

-- Makes what a text defines, with {place} for where the documents' names stand and {ours} for the schema of our tables.
CREATE FUNCTION compat_make(definition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE replace(replace(definition, '{place}', quote_ident(compat_place())), '{ours}', quote_ident(current_schema()));
END $$;

-- An id whose first 48 bits are the time (UUID version 7).
CREATE FUNCTION run_new_id(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid;
$$;

-- The period of a job that runs every so many whole hours; null for any other.
CREATE FUNCTION interval_hours(definition text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN seconds >= 3600 AND mod(seconds::bigint, 3600) = 0 AND seconds = trunc(seconds) THEN (seconds / 3600)::integer END
    FROM (SELECT extract(epoch FROM (definition::json -> 'schedule' ->> 'every')::interval) AS seconds) AS period;
$$;

-- Text as JSON, and as a JSON text where it is none.
CREATE FUNCTION as_json(text text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN text::jsonb;
EXCEPTION WHEN data_exception THEN
    RETURN to_jsonb(replace(text, '\u0000', ''));
END $$;

-- Tells nodes that there is something to look at: 1 schedules, 2 runs, 8 requests. It is heard when the transaction commits.
CREATE FUNCTION hint(bits integer) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_notify('pontual:' || current_schema(), 'look - ' || bits);
$$;

DO $$
DECLARE
    taken text;
BEGIN
    SELECT string_agg(name, ', ') INTO taken FROM (
        SELECT 'the table ' || relname AS name FROM pg_class
            WHERE relnamespace = quote_ident(compat_place())::regnamespace AND relname IN ('cron_jobs', 'tenant_logs')
        UNION ALL
        SELECT 'the function ' || oid::regprocedure FROM pg_proc
            WHERE pronamespace = quote_ident(compat_place())::regnamespace
            AND proname IN ('deve_executar_cron', 'iniciar_execucao_cron', 'finalizar_execucao_cron', 'calcular_proximo_run')) AS ours;
    IF taken IS NOT NULL THEN
        RAISE EXCEPTION 'this database has of its own what Pontual offers under the same name: %. Rename tables (ALTER TABLE cron_jobs RENAME TO cron_jobs_before), '
            'drop functions, and start again; then take your jobs over: INSERT INTO cron_jobs (nome, descricao, intervalo_horas, ativo, next_run) '
            'SELECT nome, descricao, intervalo_horas, ativo, next_run FROM cron_jobs_before', taken;
    END IF;
END $$;

SELECT compat_make($make$
CREATE FUNCTION {place}.calcular_proximo_run(horas integer DEFAULT 12) RETURNS timestamptz LANGUAGE sql STABLE AS
    $$ SELECT now() + make_interval(hours => horas) $$
$make$);

-- The default tenant's jobs that run every so many whole hours (S2-06). What was asked for and waits for a node shows already.
SELECT compat_make($make$
CREATE VIEW {place}.cron_jobs AS
SELECT job.id, job.name AS nome,
    CASE WHEN wish.args ? 'description' THEN nullif(wish.args ->> 'description', '') ELSE job.definition::json ->> 'description' END AS descricao,
    coalesce((wish.args ->> 'hours')::integer, hours) AS intervalo_horas,
    coalesce((wish.args ->> 'active')::boolean,
        NOT coalesce(job.paused_since <= now() AND (job.paused_until IS NULL OR now() < job.paused_until), false)) AS ativo,
    coalesce(hot.open_since, state.last_started_at) AS last_run,
    coalesce((wish.args ->> 'next_run')::timestamptz, hot.waiting_since,
        CASE WHEN hot.open_since IS NOT NULL AND state.from_start = 1 THEN hot.open_since + make_interval(hours => hours) ELSE state.next_due END) AS next_run,
    state.runs::integer AS total_execucoes,
    round(extract(epoch FROM state.last_finished_at - state.last_started_at))::integer AS ultima_duracao_segundos,
    CASE WHEN wish.args ? 'reset' THEN 'pending'
        WHEN hot.open_since IS NOT NULL THEN 'running'
        WHEN state.last_state IS NULL OR state.reset_at >= state.last_finished_at THEN 'pending'
        WHEN state.last_state = 'succeeded' THEN 'success'
        ELSE 'error' END AS ultimo_status,
    (SELECT coalesce(as_json(ended.result), CASE WHEN ended.error IS NOT NULL THEN jsonb_build_object('error', ended.error) END)
        FROM run_history AS ended WHERE ended.id = state.last_run_id) AS ultimo_resultado,
    job.created_at, job.updated_at
FROM job
JOIN job_state AS state ON state.job_id = job.id
CROSS JOIN LATERAL interval_hours(job.definition) AS hours
LEFT JOIN LATERAL (
    SELECT min(CASE WHEN run.started_at <= now() THEN run.started_at END) AS open_since,
        min(CASE WHEN (run.started_at IS NULL OR run.started_at > now()) AND run.trigger = 'schedule' THEN run.due_at END) AS waiting_since
    FROM run WHERE run.job_id = job.id AND run.slots IS NOT NULL AND run.not_before IS NOT NULL) AS hot ON true
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(each.key, each.value ORDER BY request.seq) AS args
    FROM request CROSS JOIN LATERAL jsonb_each(request.args) AS each
    WHERE request.job_id = job.id AND request.kind = 'interval' AND request.refused_at IS NULL) AS wish ON true
WHERE job.tenant = 'default' AND job.removed_at IS NULL AND hours IS NOT NULL AND NOT coalesce(wish.args ? 'remove', false)
$make$);

SELECT compat_make($make$
    ALTER VIEW {place}.cron_jobs ALTER COLUMN intervalo_horas SET DEFAULT 12, ALTER COLUMN ativo SET DEFAULT true
$make$);

-- A new job is there at once; it runs the handler of its name, and a run that nobody ends is tried once more after two hours.
SELECT compat_make($make$
CREATE FUNCTION interval_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    hours integer := coalesce(NEW.intervalo_horas, 12);
    first timestamptz := greatest(coalesce(NEW.next_run, now()), now());
    definition json;
    leaving bigint;
BEGIN
    IF NEW.nome IS NULL OR NEW.nome !~ '^[a-z0-9][a-z0-9._-]{0,127}$' THEN
        RAISE EXCEPTION 'nome is %: use 1 to 128 of a-z, 0-9, ''.'', ''_'' and ''-'', starting with a letter or digit', coalesce(quote_literal(NEW.nome), 'missing')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM interval_check(hours, NEW.descricao);
    definition := json_strip_nulls(json_build_object('name', NEW.nome, 'description', nullif(btrim(NEW.descricao), ''),
        'schedule', json_build_object('every', hours || 'h', 'from', 'last-start'),
        'target', json_build_object('handler', json_build_object('name', NEW.nome)),
        'timeout', '2h', 'retry', json_build_object('attempts', 2, 'backoff', '1s', 'on', json_build_array('timeout', 'lease-lost'))));
    -- One that is about to be removed stays, as the new one is: no node has to come in between.
    SELECT job.id INTO leaving FROM request JOIN job ON job.id = request.job_id
    WHERE request.kind = 'interval' AND request.refused_at IS NULL AND request.args ? 'remove'
        AND job.tenant = 'default' AND job.name = NEW.nome AND job.removed_at IS NULL LIMIT 1 FOR UPDATE OF request;
    IF FOUND THEN
        DELETE FROM request WHERE job_id = leaving AND kind = 'interval' AND refused_at IS NULL;
        INSERT INTO request (id, kind, job_id, args, asked_at, asked_by)
        VALUES (gen_random_uuid(), 'interval', leaving, jsonb_build_object('hours', hours, 'next_run', first, 'active', coalesce(NEW.ativo, true),
            'description', coalesce(btrim(NEW.descricao), '')), now(), session_user);
        PERFORM hint(8);
        NEW.id := leaving;
        RETURN NEW;
    END IF;
    INSERT INTO job (tenant, name, definition, created_at, updated_at, paused_since, paused_by)
    VALUES ('default', NEW.nome, definition::text, now(), now(),
        CASE WHEN NEW.ativo IS FALSE THEN now() END, CASE WHEN NEW.ativo IS FALSE THEN session_user END)
    RETURNING id INTO NEW.id;
    INSERT INTO job_state (job_id, mark, next_due, delay_ms, from_start) VALUES (NEW.id, now(), first, hours * 3600000::bigint, 1);
    INSERT INTO audit (at, tenant, actor, actor_name, action, subject, after)
    VALUES (now(), 'default', 'sql:' || session_user, session_user, 'job.created', NEW.nome, definition::text);
    PERFORM tell(now(), 'job.created', NEW.nome, NEW.id, NULL, '{"v":1}');
    PERFORM hint(17);
    NEW.intervalo_horas := hours;
    NEW.ativo := coalesce(NEW.ativo, true);
    NEW.next_run := first;
    NEW.total_execucoes := 0;
    NEW.ultimo_status := 'pending';
    NEW.created_at := now();
    NEW.updated_at := now();
    RETURN NEW;
END $$
$make$);

CREATE FUNCTION interval_check(hours integer, description text) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF hours IS NULL OR hours NOT BETWEEN 1 AND 8784 THEN
        RAISE EXCEPTION 'intervalo_horas is %: use 1 to 8784', coalesce(hours::text, 'missing') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF length(description) > 1000 OR description ~ '[\u0001-\u001f\u007f-\u009f]' THEN
        RAISE EXCEPTION 'descricao is one line of at most 1000 characters' USING ERRCODE = 'invalid_parameter_value';
    END IF;
END $$;

-- What changes is decided by a node, for what the job owes up to now must be accounted for first; the view shows the wish at once.
SELECT compat_make($make$
CREATE FUNCTION interval_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    wish jsonb := '{}';
BEGIN
    IF (NEW.id, NEW.nome, NEW.last_run, NEW.total_execucoes, NEW.ultima_duracao_segundos, NEW.ultimo_resultado, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.nome, OLD.last_run, OLD.total_execucoes, OLD.ultima_duracao_segundos, OLD.ultimo_resultado, OLD.created_at) THEN
        RAISE EXCEPTION 'of a job in cron_jobs descricao, intervalo_horas, ativo, next_run and ultimo_status can be set; the other columns tell what its runs came to'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'A run is recorded by iniciar_execucao_cron and finalizar_execucao_cron.';
    END IF;
    PERFORM interval_check(NEW.intervalo_horas, NEW.descricao);
    IF NEW.descricao IS DISTINCT FROM OLD.descricao THEN
        wish := wish || jsonb_build_object('description', coalesce(btrim(NEW.descricao), ''));
    END IF;
    IF NEW.intervalo_horas <> OLD.intervalo_horas THEN
        wish := wish || jsonb_build_object('hours', NEW.intervalo_horas, 'next_run', coalesce(NEW.next_run, OLD.next_run));
    END IF;
    IF NEW.next_run IS NULL AND OLD.next_run IS NOT NULL THEN
        RAISE EXCEPTION 'next_run cannot be taken away: set ativo to false' USING ERRCODE = 'invalid_parameter_value';
    ELSIF NEW.next_run IS DISTINCT FROM OLD.next_run THEN
        wish := wish || jsonb_build_object('next_run', NEW.next_run);
    END IF;
    IF NEW.ativo IS NULL THEN
        RAISE EXCEPTION 'ativo is true or false' USING ERRCODE = 'invalid_parameter_value';
    ELSIF NEW.ativo <> OLD.ativo THEN
        wish := wish || jsonb_build_object('active', NEW.ativo);
        IF NEW.ativo AND OLD.last_run IS NULL AND NOT wish ? 'next_run' THEN
            wish := wish || jsonb_build_object('next_run', now());
        END IF;
    END IF;
    IF NEW.ultimo_status IS DISTINCT FROM OLD.ultimo_status THEN
        IF NEW.ultimo_status IS DISTINCT FROM 'pending' THEN
            RAISE EXCEPTION 'ultimo_status can be set to ''pending'' (a reset) and to nothing else' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        wish := wish || jsonb_build_object('reset', true);
    END IF;
    IF wish <> '{}' THEN
        INSERT INTO request (id, kind, job_id, args, asked_at, asked_by) VALUES (gen_random_uuid(), 'interval', OLD.id, wish, now(), session_user);
        PERFORM hint(8);
    END IF;
    RETURN NEW;
END $$
$make$);

SELECT compat_make($make$
CREATE FUNCTION interval_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
BEGIN
    INSERT INTO request (id, kind, job_id, args, asked_at, asked_by)
    VALUES (gen_random_uuid(), 'interval', OLD.id, '{"remove": true}', now(), session_user);
    PERFORM hint(8);
    RETURN OLD;
END $$
$make$);

SELECT compat_make('CREATE TRIGGER interval_insert INSTEAD OF INSERT ON {place}.cron_jobs FOR EACH ROW EXECUTE FUNCTION {ours}.interval_insert()');
SELECT compat_make('CREATE TRIGGER interval_update INSTEAD OF UPDATE ON {place}.cron_jobs FOR EACH ROW EXECUTE FUNCTION {ours}.interval_update()');
SELECT compat_make('CREATE TRIGGER interval_delete INSTEAD OF DELETE ON {place}.cron_jobs FOR EACH ROW EXECUTE FUNCTION {ours}.interval_delete()');

SELECT compat_make($make$
CREATE FUNCTION {place}.deve_executar_cron(nome_job text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
    SELECT coalesce((
        SELECT ativo AND CASE WHEN ultimo_status = 'running' THEN last_run <= now() - interval '2 hours' ELSE next_run <= now() END
        FROM {place}.cron_jobs WHERE nome = nome_job), false)
$$
$make$);

-- A program outside begins a run under the engine's own lock: a run row of its own, or the one that waits to begin, held by a lease until the stuck limit.
SELECT compat_make($make$
CREATE FUNCTION {place}.iniciar_execucao_cron(nome_job text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    at timestamptz := clock_timestamp();
    until timestamptz;
    picked record;
    due timestamptz;
    target text;
    began record;
BEGIN
    SELECT job.id, job.definition::json AS definition, state.next_due, state.from_start INTO picked
    FROM {place}.cron_jobs AS known JOIN job ON job.id = known.id JOIN job_state AS state ON state.job_id = job.id
    WHERE known.nome = nome_job FOR UPDATE OF state;
    IF NOT FOUND THEN
        RAISE NOTICE 'there is no job % in cron_jobs', nome_job;
        RETURN false;
    END IF;
    IF EXISTS (SELECT 1 FROM run WHERE run.job_id = picked.id AND run.state = 'running') THEN
        RETURN false;
    END IF;
    SELECT state.next_due INTO due FROM job_state AS state WHERE state.job_id = picked.id;
    until := at + greatest(coalesce((picked.definition ->> 'timeout')::interval, interval '300 seconds'), interval '2 hours');
    INSERT INTO node (id, host, pid, process_mark, version, roles, started_at, lease_until, seen_at)
    VALUES ('worker/default/sql', 'worker/default/sql', 0, '', '', 'outside', at, until + interval '1 minute', at)
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, left_at = NULL, lease_until = greatest(node.lease_until, excluded.lease_until);
    UPDATE run SET state = 'running', attempt = attempt + 1, lease_token = lease_token + 1, node = 'worker/default/sql', not_before = coalesce(not_before, at),
        claim_at = at, attempt_started_at = at, started_at = coalesce(started_at, at), lease_ends = until, cancel_reason = NULL, limit_at = NULL
    WHERE id = (
        SELECT id FROM run WHERE job_id = picked.id AND state = 'pending' AND trigger = 'schedule' AND slots IS NOT NULL AND not_before IS NOT NULL
        ORDER BY due_at LIMIT 1 FOR UPDATE) AND state = 'pending'
    RETURNING id, attempt, due_at INTO began;
    IF FOUND THEN
        PERFORM tell_start(at, began.id, picked.id, began.attempt, began.due_at);
        RETURN true;
    END IF;
    IF EXISTS (SELECT 1 FROM run WHERE run.job_id = picked.id AND run.state = 'running') THEN
        RETURN false;
    END IF;
    target := (SELECT key FROM json_each(picked.definition -> 'target') LIMIT 1);
    INSERT INTO run (id, job_id, trigger, due_at, state, queue, priority, kind, slots, attempt, not_before, claim_at, lease_token, node,
        started_at, attempt_started_at, lease_ends)
    SELECT run_new_id(CASE WHEN takes THEN due ELSE at END), picked.id, CASE WHEN takes THEN 'schedule' ELSE 'manual' END, CASE WHEN takes THEN due ELSE at END,
        'running', CASE WHEN target = 'worker' THEN 'worker/default/' || coalesce(picked.definition -> 'target' -> 'worker' ->> 'task', nome_job)
            ELSE coalesce(picked.definition ->> 'queue', 'default') END,
        coalesce((picked.definition ->> 'priority')::integer, 0), target, 1, 1, at, at, 1, 'worker/default/sql', at, at, until
    FROM (SELECT picked.from_start = 1 AND due <= at AS takes) AS decided
    RETURNING id, attempt, due_at INTO began;
    PERFORM tell_start(at, began.id, picked.id, began.attempt, began.due_at);
    IF picked.from_start = 1 AND due <= at THEN
        UPDATE job_state SET mark = greatest(mark, at), next_due = NULL, stretch_id = NULL, stretch_reason = NULL, stretch_detail = NULL WHERE job_id = picked.id;
    END IF;
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END $$
$make$);

SELECT compat_make($make$
CREATE FUNCTION {place}.finalizar_execucao_cron(nome_job text, status text, resultado jsonb DEFAULT NULL, duracao_segundos integer DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = {ours}, pg_temp AS $$
DECLARE
    ended timestamptz := clock_timestamp();
    began timestamptz;
    job bigint := (SELECT id FROM {place}.cron_jobs WHERE nome = nome_job);
    done run%ROWTYPE;
BEGIN
    IF status IS NULL OR status NOT IN ('success', 'error') THEN
        RAISE EXCEPTION 'status is %: use ''success'' or ''error''', coalesce(quote_literal(status), 'missing') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF duracao_segundos < 0 THEN
        RAISE EXCEPTION 'duracao_segundos is %: use 0 or more', duracao_segundos USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM 1 FROM job_state WHERE job_state.job_id = job FOR UPDATE;
    DELETE FROM run WHERE run.job_id = job AND run.state = 'running' AND run.node = 'worker/default/sql' RETURNING * INTO done;
    IF NOT FOUND THEN
        RAISE NOTICE 'no run of % is held from outside: iniciar_execucao_cron did not begin one, or its time was over', nome_job;
        RETURN false;
    END IF;
    began := least(done.started_at, ended - make_interval(secs => duracao_segundos));
    IF duracao_segundos IS NOT NULL THEN
        ended := began + make_interval(secs => duracao_segundos);
    END IF;
    INSERT INTO run_history (id, job_id, trigger, due_at, state, reason, queue, priority, attempt, started_at, attempt_started_at, finished_at, node,
        error, items_processed, result, parameters)
    VALUES (done.id, done.job_id, done.trigger, done.due_at, CASE status WHEN 'success' THEN 'succeeded' ELSE 'failed' END,
        CASE status WHEN 'error' THEN 'error' END, done.queue, done.priority, done.attempt, began, greatest(began, done.attempt_started_at), ended, done.node,
        CASE status WHEN 'error' THEN coalesce(resultado ->> 'erro', resultado ->> 'error', 'finalizar_execucao_cron was told of an error') END,
        result_items(resultado), resultado::text, done.parameters);
    UPDATE job_state SET runs = runs + 1, failure_streak = CASE status WHEN 'success' THEN 0 ELSE failure_streak + 1 END, last_run_id = done.id,
        last_state = CASE status WHEN 'success' THEN 'succeeded' ELSE 'failed' END, last_started_at = began, last_finished_at = ended,
        mark = CASE WHEN from_start = 1 THEN greatest(mark, ended) ELSE mark END,
        next_due = CASE WHEN from_start = 1 THEN greatest(began + delay_ms * interval '1 millisecond', ended) ELSE next_due END
    WHERE job_state.job_id = job;
    PERFORM tell_end(done.id);
    PERFORM hint(19);
    RETURN true;
END $$
$make$);

-- How many things a result says that were processed.
CREATE FUNCTION result_items(result jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN said ~ '^[0-9]{1,18}$' THEN said::bigint END
    FROM (SELECT coalesce(result ->> 'items_processed', result ->> 'processed', result ->> 'total_processados') AS said) AS found;
$$;

-- What came of the runs of those jobs, as the documents' audit reads it (S2-09). It lasts as long as the runs do.
SELECT compat_make($make$
CREATE VIEW {place}.tenant_logs AS
SELECT ended.id, job.tenant, CASE WHEN ended.state = 'succeeded' THEN 'sync_automatico_persistente' ELSE 'sync_automatico_erro' END AS acao,
    (CASE WHEN jsonb_typeof(as_json(ended.result)) = 'object' THEN as_json(ended.result)
        WHEN ended.result IS NOT NULL THEN jsonb_build_object('resultado', as_json(ended.result)) ELSE '{}' END)
    || jsonb_build_object('job_name', job.name, 'run_id', ended.id,
        'duracao_segundos', round(extract(epoch FROM ended.finished_at - ended.started_at))::integer)
    || CASE WHEN ended.error IS NULL THEN '{}' ELSE jsonb_build_object('error', ended.error) END AS detalhes,
    ended.finished_at AS created_at
FROM run_history AS ended JOIN job ON job.id = ended.job_id AND job.tenant = 'default'
WHERE ended.state <> 'skipped' AND ended.started_at IS NOT NULL AND interval_hours(job.definition) IS NOT NULL
$make$);

-- They change what runs: whoever is not the owner needs to be granted them.
SELECT compat_make($make$
    REVOKE EXECUTE ON FUNCTION {place}.deve_executar_cron(text), {place}.iniciar_execucao_cron(text),
        {place}.finalizar_execucao_cron(text, text, jsonb, integer) FROM PUBLIC
$make$);
REVOKE EXECUTE ON FUNCTION compat_make(text), hint(integer) FROM PUBLIC;
