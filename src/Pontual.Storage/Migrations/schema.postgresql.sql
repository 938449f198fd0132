CONSTRAINT admin_link admin_link_pkey: PRIMARY KEY (hash)
CONSTRAINT alert alert_pkey: PRIMARY KEY (id)
CONSTRAINT alert alert_severity_check: CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
CONSTRAINT alert_settings alert_settings_pkey: PRIMARY KEY (tenant)
CONSTRAINT api_token api_token_hash_key: UNIQUE (hash)
CONSTRAINT api_token api_token_pkey: PRIMARY KEY (id)
CONSTRAINT api_token api_token_scope_check: CHECK ((scope = ANY (ARRAY['read'::text, 'operate'::text, 'admin'::text])))
CONSTRAINT attempt attempt_pkey: PRIMARY KEY (run_id, number)
CONSTRAINT audit audit_pkey: PRIMARY KEY (id)
CONSTRAINT calendar calendar_pkey: PRIMARY KEY (tenant, name)
CONSTRAINT calendar_use calendar_use_pkey: PRIMARY KEY (calendar, job_id)
CONSTRAINT channel channel_pkey: PRIMARY KEY (id)
CONSTRAINT channel channel_tenant_gateway_external_id_key: UNIQUE (tenant, gateway, external_id)
CONSTRAINT channel channel_tenant_name_key: UNIQUE (tenant, name)
CONSTRAINT channel_attempt channel_attempt_outage_id_fkey: FOREIGN KEY (outage_id) REFERENCES channel_outage(id) ON DELETE CASCADE
CONSTRAINT channel_attempt channel_attempt_pkey: PRIMARY KEY (outage_id, number)
CONSTRAINT channel_chat channel_chat_channel_id_fkey: FOREIGN KEY (channel_id) REFERENCES channel(id) ON DELETE CASCADE
CONSTRAINT channel_chat channel_chat_pkey: PRIMARY KEY (channel_id, chat)
CONSTRAINT channel_day channel_day_channel_id_fkey: FOREIGN KEY (channel_id) REFERENCES channel(id) ON DELETE CASCADE
CONSTRAINT channel_day channel_day_pkey: PRIMARY KEY (channel_id, day)
CONSTRAINT channel_outage channel_outage_channel_id_fkey: FOREIGN KEY (channel_id) REFERENCES channel(id) ON DELETE CASCADE
CONSTRAINT channel_outage channel_outage_gap_check: CHECK ((gap = ANY (ARRAY['pending'::text, 'none'::text, 'found'::text, 'not-possible'::text, 'failed'::text])))
CONSTRAINT channel_outage channel_outage_pkey: PRIMARY KEY (id)
CONSTRAINT channel_quiet channel_quiet_channel_id_fkey: FOREIGN KEY (channel_id) REFERENCES channel(id) ON DELETE CASCADE
CONSTRAINT channel_quiet channel_quiet_pkey: PRIMARY KEY (channel_id, slot)
CONSTRAINT channel_signs channel_signs_channel_id_fkey: FOREIGN KEY (channel_id) REFERENCES channel(id) ON DELETE CASCADE
CONSTRAINT channel_signs channel_signs_pkey: PRIMARY KEY (channel_id)
CONSTRAINT channel_state channel_state_channel_id_fkey: FOREIGN KEY (channel_id) REFERENCES channel(id) ON DELETE CASCADE
CONSTRAINT channel_state channel_state_gap_check: CHECK ((gap = ANY (ARRAY['none'::text, 'found'::text, 'failed'::text])))
CONSTRAINT channel_state channel_state_pkey: PRIMARY KEY (channel_id)
CONSTRAINT channel_trust channel_trust_channel_id_fkey: FOREIGN KEY (channel_id) REFERENCES channel(id) ON DELETE CASCADE
CONSTRAINT channel_trust channel_trust_pkey: PRIMARY KEY (id)
CONSTRAINT circuit circuit_pkey: PRIMARY KEY (tenant, name)
CONSTRAINT circuit_change circuit_change_pkey: PRIMARY KEY (id)
CONSTRAINT contact contact_pkey: PRIMARY KEY (id)
CONSTRAINT event event_pkey: PRIMARY KEY (cursor)
CONSTRAINT event_head event_head_one_check: CHECK (one)
CONSTRAINT event_head event_head_pkey: PRIMARY KEY (one)
CONSTRAINT event_new event_new_pkey: PRIMARY KEY (seq)
CONSTRAINT gateway gateway_pkey: PRIMARY KEY (id)
CONSTRAINT gateway gateway_tenant_name_key: UNIQUE (tenant, name)
CONSTRAINT gateway gateway_webhook_key_key: UNIQUE (webhook_key)
CONSTRAINT idempotency idempotency_pkey: PRIMARY KEY (tenant, caller, key)
CONSTRAINT installation installation_one_check: CHECK ((one = 1))
CONSTRAINT installation installation_pkey: PRIMARY KEY (one)
CONSTRAINT job job_pkey: PRIMARY KEY (id)
CONSTRAINT job_hour job_hour_pkey: PRIMARY KEY (hour, job_id)
CONSTRAINT job_state job_state_job_id_fkey: FOREIGN KEY (job_id) REFERENCES job(id)
CONSTRAINT job_state job_state_pkey: PRIMARY KEY (job_id)
CONSTRAINT message message_pkey: PRIMARY KEY (id)
CONSTRAINT message message_source_check: CHECK ((source = ANY (ARRAY['webhook'::text, 'gap'::text, 'api'::text])))
CONSTRAINT message message_tenant_gateway_session_external_id_key: UNIQUE (tenant, gateway, session, external_id)
CONSTRAINT node node_pkey: PRIMARY KEY (id)
CONSTRAINT notice notice_pkey: PRIMARY KEY (id)
CONSTRAINT output_piece output_piece_pkey: PRIMARY KEY (run_id, sequence)
CONSTRAINT outside_rate outside_rate_pkey: PRIMARY KEY (name)
CONSTRAINT ping ping_kind_check: CHECK ((kind = ANY (ARRAY['start'::text, 'success'::text, 'failure'::text])))
CONSTRAINT ping ping_pkey: PRIMARY KEY (check_id, place)
CONSTRAINT ping_body ping_body_pkey: PRIMARY KEY (check_id)
CONSTRAINT ping_check ping_check_badge_key_key: UNIQUE (badge_key)
CONSTRAINT ping_check ping_check_ping_key_key: UNIQUE (ping_key)
CONSTRAINT ping_check ping_check_pkey: PRIMARY KEY (id)
CONSTRAINT ping_check ping_check_tenant_name_key: UNIQUE (tenant, name)
CONSTRAINT post post_pkey: PRIMARY KEY (id)
CONSTRAINT post_answer post_answer_pkey: PRIMARY KEY (id)
CONSTRAINT protection_key protection_key_pkey: PRIMARY KEY (name)
CONSTRAINT recovery_code recovery_code_pkey: PRIMARY KEY (user_id, hash)
CONSTRAINT request request_id_key: UNIQUE (id)
CONSTRAINT request request_pkey: PRIMARY KEY (seq)
CONSTRAINT run run_check: CHECK (((state = 'pending'::text) OR (not_before IS NOT NULL)))
CONSTRAINT run run_pkey: PRIMARY KEY (id)
CONSTRAINT run run_state_check: CHECK ((state = ANY (ARRAY['pending'::text, 'running'::text])))
CONSTRAINT run run_trigger_check: CHECK ((trigger = ANY (ARRAY['schedule'::text, 'manual'::text, 'after'::text, 'backfill'::text])))
CONSTRAINT run_history run_history_pkey: PRIMARY KEY (id)
CONSTRAINT run_history run_history_state_check: CHECK ((state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text, 'skipped'::text])))
CONSTRAINT run_limit run_limit_pkey: PRIMARY KEY (scope, name)
CONSTRAINT run_limit run_limit_scope_check: CHECK ((scope = ANY (ARRAY['queue'::text, 'key'::text])))
CONSTRAINT schedule_pace schedule_pace_one_check: CHECK ((one = 1))
CONSTRAINT schedule_pace schedule_pace_pkey: PRIMARY KEY (one)
CONSTRAINT schema_migration schema_migration_pkey: PRIMARY KEY (version)
CONSTRAINT session_check session_check_pkey: PRIMARY KEY (tenant)
CONSTRAINT silence silence_pkey: PRIMARY KEY (id)
CONSTRAINT user_account user_account_disabled_check: CHECK ((disabled = ANY (ARRAY[0, 1])))
CONSTRAINT user_account user_account_pkey: PRIMARY KEY (id)
CONSTRAINT user_account user_account_role_check: CHECK ((role = ANY (ARRAY['read'::text, 'operate'::text, 'admin'::text])))
CONSTRAINT user_account user_account_tenant_name_key: UNIQUE (tenant, name)
CONSTRAINT user_session user_session_pkey: PRIMARY KEY (hash)
CONSTRAINT watch_turn watch_turn_one_check: CHECK (one)
CONSTRAINT watch_turn watch_turn_pkey: PRIMARY KEY (one)
CONSTRAINT webhook_log webhook_log_pkey: PRIMARY KEY (id)
CONSTRAINT webhook_log webhook_log_state_check: CHECK ((state = ANY (ARRAY['received'::text, 'read'::text, 'failed'::text, 'refused'::text])))
INDEX admin_link CREATE UNIQUE INDEX admin_link_pkey ON admin_link USING btree (hash)
INDEX alert CREATE INDEX alert_by_time ON alert USING btree (tenant, id)
INDEX alert CREATE INDEX alert_resolved ON alert USING btree (resolved_at) WHERE (resolved_at IS NOT NULL)
INDEX alert CREATE UNIQUE INDEX alert_open ON alert USING btree (tenant, rule, subject) WHERE (resolved_at IS NULL)
INDEX alert CREATE UNIQUE INDEX alert_pkey ON alert USING btree (id)
INDEX alert_settings CREATE UNIQUE INDEX alert_settings_pkey ON alert_settings USING btree (tenant)
INDEX api_token CREATE UNIQUE INDEX api_token_hash_key ON api_token USING btree (hash)
INDEX api_token CREATE UNIQUE INDEX api_token_pkey ON api_token USING btree (id)
INDEX attempt CREATE UNIQUE INDEX attempt_pkey ON ONLY attempt USING btree (run_id, number)
INDEX audit CREATE INDEX audit_by_subject ON audit USING btree (tenant, subject, at, id)
INDEX audit CREATE INDEX audit_by_time ON audit USING btree (tenant, at, id)
INDEX audit CREATE UNIQUE INDEX audit_pkey ON audit USING btree (id)
INDEX calendar CREATE UNIQUE INDEX calendar_pkey ON calendar USING btree (tenant, name)
INDEX calendar_use CREATE INDEX calendar_use_job ON calendar_use USING btree (job_id)
INDEX calendar_use CREATE UNIQUE INDEX calendar_use_pkey ON calendar_use USING btree (calendar, job_id)
INDEX channel CREATE UNIQUE INDEX channel_pkey ON channel USING btree (id)
INDEX channel CREATE UNIQUE INDEX channel_tenant_gateway_external_id_key ON channel USING btree (tenant, gateway, external_id)
INDEX channel CREATE UNIQUE INDEX channel_tenant_name_key ON channel USING btree (tenant, name)
INDEX channel_attempt CREATE UNIQUE INDEX channel_attempt_pkey ON channel_attempt USING btree (outage_id, number)
INDEX channel_chat CREATE INDEX channel_chat_begun ON channel_chat USING btree (channel_id, begun_at) WHERE (by_us = 1)
INDEX channel_chat CREATE UNIQUE INDEX channel_chat_pkey ON channel_chat USING btree (channel_id, chat)
INDEX channel_day CREATE UNIQUE INDEX channel_day_pkey ON channel_day USING btree (channel_id, day)
INDEX channel_outage CREATE INDEX channel_outage_by_channel ON channel_outage USING btree (channel_id, started_at)
INDEX channel_outage CREATE INDEX channel_outage_by_time ON channel_outage USING btree (tenant, id)
INDEX channel_outage CREATE INDEX channel_outage_ended ON channel_outage USING btree (channel_id, ended_at)
INDEX channel_outage CREATE INDEX channel_outage_gap ON channel_outage USING btree (channel_id) WHERE (gap = 'pending'::text)
INDEX channel_outage CREATE INDEX channel_outage_missed ON channel_outage USING btree (ended_at) WHERE (gap = ANY (ARRAY['not-possible'::text, 'failed'::text]))
INDEX channel_outage CREATE UNIQUE INDEX channel_outage_open ON channel_outage USING btree (channel_id) WHERE (ended_at IS NULL)
INDEX channel_outage CREATE UNIQUE INDEX channel_outage_pkey ON channel_outage USING btree (id)
INDEX channel_quiet CREATE UNIQUE INDEX channel_quiet_pkey ON channel_quiet USING btree (channel_id, slot)
INDEX channel_signs CREATE UNIQUE INDEX channel_signs_pkey ON channel_signs USING btree (channel_id)
INDEX channel_state CREATE UNIQUE INDEX channel_state_pkey ON channel_state USING btree (channel_id)
INDEX channel_trust CREATE INDEX channel_trust_latest ON channel_trust USING btree (channel_id, id)
INDEX channel_trust CREATE UNIQUE INDEX channel_trust_pkey ON channel_trust USING btree (id)
INDEX circuit CREATE UNIQUE INDEX circuit_pkey ON circuit USING btree (tenant, name)
INDEX circuit_change CREATE INDEX circuit_change_by_time ON circuit_change USING btree (tenant, at)
INDEX circuit_change CREATE UNIQUE INDEX circuit_change_pkey ON circuit_change USING btree (id)
INDEX contact CREATE UNIQUE INDEX contact_pkey ON contact USING btree (id)
INDEX contact CREATE UNIQUE INDEX contact_source ON contact USING btree (tenant, source, external_id)
INDEX event CREATE UNIQUE INDEX event_pkey ON event USING btree (cursor)
INDEX event_head CREATE UNIQUE INDEX event_head_pkey ON event_head USING btree (one)
INDEX event_new CREATE UNIQUE INDEX event_new_pkey ON event_new USING btree (seq)
INDEX gateway CREATE INDEX gateway_failing ON gateway USING btree (id) WHERE (failing_since IS NOT NULL)
INDEX gateway CREATE UNIQUE INDEX gateway_pkey ON gateway USING btree (id)
INDEX gateway CREATE UNIQUE INDEX gateway_tenant_name_key ON gateway USING btree (tenant, name)
INDEX gateway CREATE UNIQUE INDEX gateway_webhook_key_key ON gateway USING btree (webhook_key)
INDEX idempotency CREATE INDEX idempotency_by_age ON idempotency USING btree (first_at)
INDEX idempotency CREATE UNIQUE INDEX idempotency_pkey ON idempotency USING btree (tenant, caller, key)
INDEX installation CREATE UNIQUE INDEX installation_pkey ON installation USING btree (one)
INDEX job CREATE INDEX job_removed ON job USING btree (tenant, name) WHERE (removed_at IS NOT NULL)
INDEX job CREATE UNIQUE INDEX job_name ON job USING btree (tenant, name) WHERE (removed_at IS NULL)
INDEX job CREATE UNIQUE INDEX job_pkey ON job USING btree (id)
INDEX job_hour CREATE UNIQUE INDEX job_hour_pkey ON job_hour USING btree (hour, job_id)
INDEX job_state CREATE INDEX job_state_due ON job_state USING btree (next_due) WHERE (next_due IS NOT NULL)
INDEX job_state CREATE INDEX job_state_on_start ON job_state USING btree (job_id) WHERE (on_start = 1)
INDEX job_state CREATE INDEX job_state_troubled ON job_state USING btree (job_id) WHERE ((failure_streak > 0) OR (slow_streak > 0) OR (stretch_id IS NOT NULL))
INDEX job_state CREATE UNIQUE INDEX job_state_pkey ON job_state USING btree (job_id)
INDEX message CREATE INDEX message_chat ON message USING btree (tenant, gateway, session, chat, received_at)
INDEX message CREATE INDEX message_pending ON message USING btree (tenant, gateway, session, at) WHERE ((is_ours = 1) AND (ack = 0))
INDEX message CREATE UNIQUE INDEX message_pkey ON message USING btree (id)
INDEX message CREATE UNIQUE INDEX message_tenant_gateway_session_external_id_key ON message USING btree (tenant, gateway, session, external_id)
INDEX node CREATE UNIQUE INDEX node_pkey ON node USING btree (id)
INDEX notice CREATE INDEX notice_ended ON notice USING btree (ended_at) WHERE (ended_at IS NOT NULL)
INDEX notice CREATE INDEX notice_of_alert ON notice USING btree (alert_id, route, id) WHERE (alert_id IS NOT NULL)
INDEX notice CREATE INDEX notice_waiting ON notice USING btree (due_at, id) WHERE (ended_at IS NULL)
INDEX notice CREATE UNIQUE INDEX notice_pkey ON notice USING btree (id)
INDEX output_piece CREATE UNIQUE INDEX output_piece_pkey ON ONLY output_piece USING btree (run_id, sequence)
INDEX outside_rate CREATE UNIQUE INDEX outside_rate_pkey ON outside_rate USING btree (name)
INDEX ping CREATE UNIQUE INDEX ping_pkey ON ping USING btree (check_id, place)
INDEX ping_body CREATE UNIQUE INDEX ping_body_pkey ON ping_body USING btree (check_id)
INDEX ping_check CREATE INDEX ping_check_alert ON ping_check USING btree (alert_after) WHERE (alert_after IS NOT NULL)
INDEX ping_check CREATE INDEX ping_check_failing ON ping_check USING btree (id) WHERE (failures > 0)
INDEX ping_check CREATE UNIQUE INDEX ping_check_badge_key_key ON ping_check USING btree (badge_key)
INDEX ping_check CREATE UNIQUE INDEX ping_check_ping_key_key ON ping_check USING btree (ping_key)
INDEX ping_check CREATE UNIQUE INDEX ping_check_pkey ON ping_check USING btree (id)
INDEX ping_check CREATE UNIQUE INDEX ping_check_tenant_name_key ON ping_check USING btree (tenant, name)
INDEX post CREATE UNIQUE INDEX post_pkey ON post USING btree (id)
INDEX post_answer CREATE INDEX post_answer_created ON post_answer USING btree (created)
INDEX post_answer CREATE UNIQUE INDEX post_answer_pkey ON post_answer USING btree (id)
INDEX protection_key CREATE UNIQUE INDEX protection_key_pkey ON protection_key USING btree (name)
INDEX recovery_code CREATE UNIQUE INDEX recovery_code_pkey ON recovery_code USING btree (user_id, hash)
INDEX request CREATE INDEX request_of_job ON request USING btree (job_id, seq) WHERE (refused_at IS NULL)
INDEX request CREATE INDEX request_refused ON request USING btree (refused_at) WHERE (refused_at IS NOT NULL)
INDEX request CREATE INDEX request_waiting ON request USING btree (seq) WHERE (refused_at IS NULL)
INDEX request CREATE UNIQUE INDEX request_id_key ON request USING btree (id)
INDEX request CREATE UNIQUE INDEX request_pkey ON request USING btree (seq)
INDEX run CREATE INDEX run_claim ON run USING btree (queue, claim_at, id, not_before) WHERE ((state = 'pending'::text) AND (not_before IS NOT NULL))
INDEX run CREATE INDEX run_ended ON run USING btree (lease_ends) WHERE (lease_ends IS NOT NULL)
INDEX run CREATE INDEX run_held ON run USING btree (job_id, id) WHERE (not_before IS NULL)
INDEX run CREATE INDEX run_in_line ON run USING btree (limit_key, claim_at, limit_at, id) WHERE ((state = 'pending'::text) AND (limit_at IS NOT NULL))
INDEX run CREATE INDEX run_job ON run USING btree (job_id) WHERE ((slots IS NOT NULL) AND (not_before IS NOT NULL))
INDEX run CREATE INDEX run_limited ON run USING btree (limit_key, state) WHERE (limit_key IS NOT NULL)
INDEX run CREATE INDEX run_planned ON run USING btree (not_before) WHERE ((state = 'pending'::text) AND (lease_ends IS NOT NULL))
INDEX run CREATE INDEX run_retrying ON run USING btree (job_id, due_at) WHERE ((state = 'pending'::text) AND (attempt > 0))
INDEX run CREATE INDEX run_running ON run USING btree (node, attempt_started_at) WHERE (state = 'running'::text)
INDEX run CREATE INDEX run_wished ON run USING btree (node) WHERE (cancel_reason IS NOT NULL)
INDEX run CREATE UNIQUE INDEX run_occurrence ON run USING btree (job_id, due_at) WHERE (trigger = 'schedule'::text)
INDEX run CREATE UNIQUE INDEX run_one_active ON run USING btree (job_id) WHERE ((state = 'running'::text) AND (slots = 1))
INDEX run CREATE UNIQUE INDEX run_pkey ON run USING btree (id)
INDEX run_history CREATE INDEX run_history_job ON ONLY run_history USING btree (job_id, id)
INDEX run_history CREATE INDEX run_history_job_state ON ONLY run_history USING btree (job_id, state, id) WHERE (state <> 'succeeded'::text)
INDEX run_history CREATE INDEX run_history_late ON ONLY run_history USING btree (finished_at) WHERE ((finished_at - due_at) > '24:00:00'::interval)
INDEX run_history CREATE INDEX run_history_state ON ONLY run_history USING btree (state, id) WHERE (state <> 'succeeded'::text)
INDEX run_history CREATE UNIQUE INDEX run_history_pkey ON ONLY run_history USING btree (id)
INDEX run_limit CREATE UNIQUE INDEX run_limit_pkey ON run_limit USING btree (scope, name)
INDEX schedule_pace CREATE UNIQUE INDEX schedule_pace_pkey ON schedule_pace USING btree (one)
INDEX schema_migration CREATE UNIQUE INDEX schema_migration_pkey ON schema_migration USING btree (version)
INDEX session_check CREATE UNIQUE INDEX session_check_pkey ON session_check USING btree (tenant)
INDEX silence CREATE UNIQUE INDEX silence_pkey ON silence USING btree (id)
INDEX user_account CREATE UNIQUE INDEX user_account_pkey ON user_account USING btree (id)
INDEX user_account CREATE UNIQUE INDEX user_account_tenant_name_key ON user_account USING btree (tenant, name)
INDEX user_session CREATE INDEX user_session_user ON user_session USING btree (user_id)
INDEX user_session CREATE UNIQUE INDEX user_session_pkey ON user_session USING btree (hash)
INDEX watch_turn CREATE UNIQUE INDEX watch_turn_pkey ON watch_turn USING btree (one)
INDEX webhook_log CREATE INDEX webhook_log_session ON webhook_log USING btree (tenant, gateway, session, id)
INDEX webhook_log CREATE INDEX webhook_log_troubled ON webhook_log USING btree (tenant, state, id) WHERE (state = ANY (ARRAY['failed'::text, 'refused'::text]))
INDEX webhook_log CREATE INDEX webhook_log_unread ON webhook_log USING btree (id) WHERE (state = 'received'::text)
INDEX webhook_log CREATE UNIQUE INDEX webhook_log_pkey ON webhook_log USING btree (id)
TABLE admin_link: hash bytea not null, expires_at timestamp with time zone not null
TABLE alert: id uuid not null, tenant text not null, rule text not null, subject text not null, severity text not null, summary text not null, facts text, parent_rule text, parent_subject text, since timestamp with time zone, opened_at timestamp with time zone not null, seen_at timestamp with time zone not null, missing_since timestamp with time zone, resolved_at timestamp with time zone, acknowledged_at timestamp with time zone, acknowledged_by text, comment text, snoozed_until timestamp with time zone, quiet text
TABLE alert_settings: tenant text not null, document text not null, revision integer not null, updated_at timestamp with time zone not null
TABLE api_token: id text not null, name text not null, scope text not null, hash bytea not null, created_at timestamp with time zone not null, expires_at timestamp with time zone, revoked_at timestamp with time zone, last_used_at timestamp with time zone, tenant text not null default 'default'::text
TABLE attempt: run_id uuid not null, number integer not null, node text, started_at timestamp with time zone, finished_at timestamp with time zone, outcome text not null, reason text, response_code integer, error text
TABLE audit: id bigint not null, at timestamp with time zone not null, tenant text not null, actor text not null, actor_name text not null, address text, reason text, action text not null, subject text not null, before text, after text
TABLE calendar: tenant text not null default 'default'::text, name text not null, definition text not null, revision integer not null default 1, updated_at timestamp with time zone not null
TABLE calendar_use: calendar text not null, job_id bigint not null
TABLE channel: id uuid not null, tenant text not null, gateway text not null, external_id text not null, name text not null, label text, phone text, secret text, daily_limit integer, in_use_since timestamp with time zone, paused_since timestamp with time zone, paused_reason text, paused_by text, paused_until timestamp with time zone, missing_since timestamp with time zone, retired_at timestamp with time zone, created_at timestamp with time zone not null, updated_at timestamp with time zone not null
TABLE channel_attempt: outage_id uuid not null, number integer not null, step text not null, at timestamp with time zone not null, error text, ended_at timestamp with time zone
TABLE channel_chat: channel_id uuid not null, chat text not null, begun_at timestamp with time zone not null, by_us smallint not null, message_id uuid not null, replied_at timestamp with time zone
TABLE channel_day: channel_id uuid not null, day text not null, sent integer not null default 0, taken integer not null default 0, delivered integer not null default 0, seen integer not null default 0, failed integer not null default 0, invalid integer not null default 0, opted_out integer not null default 0, restricted integer not null default 0, received integer not null default 0, first_contacts integer not null default 0, replies integer not null default 0, disconnects integer not null default 0, closed_at timestamp with time zone
TABLE channel_outage: id uuid not null, tenant text not null, channel_id uuid not null, state text not null, reason text not null, started_at timestamp with time zone not null, found_at timestamp with time zone not null, ended_at timestamp with time zone, attempts integer not null default 0, step text, of_step integer not null default 0, last_attempt_at timestamp with time zone, next_attempt_at timestamp with time zone, asked text, asked_at timestamp with time zone, cured_by text, gap text, gap_found integer not null default 0, gap_detail text, gap_at timestamp with time zone, gap_tries integer not null default 0
TABLE channel_quiet: channel_id uuid not null, slot smallint not null, mean_ms bigint not null, spread_ms bigint not null, samples integer not null, hour timestamp with time zone, longest_ms bigint not null
TABLE channel_signs: channel_id uuid not null, webhook_at timestamp with time zone, message_at timestamp with time zone, inbound_at timestamp with time zone, ack_at timestamp with time zone, echo_at timestamp with time zone, hour timestamp with time zone, changes integer not null default 0, changes_before integer not null default 0, told text, told_code integer, told_at timestamp with time zone, restriction text, restriction_raw text, restriction_until timestamp with time zone, restriction_at timestamp with time zone, pairing_at timestamp with time zone, pairing_text text, pairing_png bytea
TABLE channel_state: channel_id uuid not null, state text not null, state_since timestamp with time zone not null, reason text, suspect_since timestamp with time zone, reported text not null, raw text not null, code integer, note text, reported_since timestamp with time zone not null, checked_at timestamp with time zone, connected_at timestamp with time zone, activity bigint, activity_at timestamp with time zone, unheard_since timestamp with time zone, messages_missing_since timestamp with time zone, probe_at timestamp with time zone, probe_alive smallint, probe_detail text, nudged_at timestamp with time zone, webhook_checked_at timestamp with time zone, webhook_fault text, restriction text, restriction_raw text, restriction_until timestamp with time zone, restriction_at timestamp with time zone, unasked_since timestamp with time zone, unasked_times integer not null default 0, unasked_why text, doubt_since timestamp with time zone, doubt_tries integer not null default 0, gap_since timestamp with time zone, gap_until timestamp with time zone, gap text, gap_found integer not null default 0, gap_detail text
TABLE channel_trust: id uuid not null, channel_id uuid not null, at timestamp with time zone not null, rule_version text not null, score integer, judged text not null, band text not null, better integer not null, reach text, confidence text not null, alarmed_at timestamp with time zone, document text not null
TABLE circuit: tenant text not null, name text not null, state text not null, since timestamp with time zone not null, until timestamp with time zone, node text, reason text, held_until timestamp with time zone, told_at timestamp with time zone, told_since timestamp with time zone, told bigint not null, storm_at timestamp with time zone
TABLE circuit_change: id bigint not null, tenant text not null, name text not null, at timestamp with time zone not null, before text not null, after text not null, changed_by text, reason text
TABLE contact: id uuid not null, tenant text not null, source text not null, external_id text not null, name text, phone text, email text, document text, hash text not null, created_at timestamp with time zone not null, updated_at timestamp with time zone not null
TABLE event: cursor bigint not null, at timestamp with time zone not null, count integer not null, body text not null
TABLE event_head: one boolean not null default true, cursor bigint not null
TABLE event_new: seq bigint not null, at timestamp with time zone not null, count integer not null, body text not null
TABLE gateway: id bigint not null, tenant text not null, name text not null, definition text not null, revision integer not null default 1, webhook_key text not null, created_at timestamp with time zone not null, updated_at timestamp with time zone not null, answered_at timestamp with time zone, failing_since timestamp with time zone, fault text, fault_detail text, cure_minute timestamp with time zone, cures integer not null default 0
TABLE idempotency: tenant text not null, caller text not null, key text not null, fingerprint bytea not null, first_at timestamp with time zone not null, taken_at timestamp with time zone not null, asked bigint not null, status integer, location text, etag text, content_type text, body bytea
TABLE installation: one integer not null, secret bytea not null
TABLE job: id bigint not null, tenant text not null default 'default'::text, name text not null, definition text not null, revision integer not null default 1, paused_since timestamp with time zone, paused_reason text, paused_by text, paused_until timestamp with time zone, created_at timestamp with time zone not null, updated_at timestamp with time zone not null, removed_at timestamp with time zone
TABLE job_hour: job_id bigint not null, hour timestamp with time zone not null, succeeded integer not null, failed integer not null, timeouts integer not null, cancelled integer not null, duration_ms bigint not null, longest_ms bigint not null, items bigint not null
TABLE job_state: job_id bigint not null, mark timestamp with time zone not null, next_due timestamp with time zone, stretch_id uuid, stretch_reason text, runs bigint not null default 0, failure_streak integer not null default 0, last_run_id uuid, last_state text, last_started_at timestamp with time zone, last_finished_at timestamp with time zone, stretch_detail text, delay_ms bigint, on_start integer not null default 0, from_start integer not null default 0, reset_at timestamp with time zone, usual_ms bigint, spread_ms bigint, slow_streak integer not null default 0, last_duration_ms bigint, last_lateness_ms bigint, failing_since timestamp with time zone
TABLE message: id uuid not null, tenant text not null, gateway text not null, session text not null, external_id text not null, is_ours smallint not null, chat text, phone text, author text, is_group smallint not null default 0, kind text, text text, name text, at timestamp with time zone, received_at timestamp with time zone not null, by_api smallint, source text not null, reference text, ack smallint, acked_at timestamp with time zone, ack_cause text, ack_error text
TABLE node: id text not null, host text not null, pid integer not null, process_mark text not null, version text not null, roles text not null, started_at timestamp with time zone not null, lease_until timestamp with time zone not null, left_at timestamp with time zone, seen_at timestamp with time zone, active integer not null default 0, refused_writes bigint not null default 0, draining_since timestamp with time zone, clock_offset_ms bigint, lost_at timestamp with time zone, disk_free bigint, disk_size bigint, round_trip_ms bigint
TABLE notice: id uuid not null, tenant text not null, route text not null, kind text not null, severity text not null, alert_id uuid, body text not null, at timestamp with time zone not null, due_at timestamp with time zone not null, held_until timestamp with time zone, tries integer not null default 0, sent_at timestamp with time zone, ended_at timestamp with time zone, failing_since timestamp with time zone, error text
TABLE output_piece: run_id uuid not null, sequence bigint not null, at timestamp with time zone not null, bytes bytea not null
TABLE outside_rate: name text not null, next_at timestamp with time zone not null
TABLE ping: check_id bigint not null, place integer not null, number bigint not null, at timestamp with time zone not null, kind text not null, code integer, run uuid, duration_ms bigint, method text not null, address text, agent text, body_size bigint not null
TABLE ping_body: check_id bigint not null, at timestamp with time zone not null, size bigint not null, body bytea not null
TABLE ping_check: id bigint not null, tenant text not null, name text not null, definition text not null, revision integer not null default 1, ping_key text not null, badge_key text not null, paused_since timestamp with time zone, paused_reason text, paused_by text, paused_until timestamp with time zone, created_at timestamp with time zone not null, updated_at timestamp with time zone not null, due_at timestamp with time zone, alert_after timestamp with time zone, pings bigint not null default 0, last_ping_at timestamp with time zone, last_end_at timestamp with time zone, last_code integer, last_duration_ms bigint, started_at timestamp with time zone, started_run uuid, failures integer not null default 0, failing_since timestamp with time zone
TABLE post: id bigint not null, method text not null, url text not null, params jsonb not null, headers jsonb not null, body text, timeout_ms integer not null, asked_at timestamp with time zone not null, asked_by text not null, held_until timestamp with time zone, tries integer not null default 0
TABLE post_answer: id bigint not null, status_code integer, content_type text, headers jsonb, content text, timed_out boolean not null, error_msg text, created timestamp with time zone not null
TABLE protection_key: name text not null, key text not null, created_at timestamp with time zone not null
TABLE recovery_code: user_id text not null, hash bytea not null
TABLE request: seq bigint not null, id uuid not null, kind text not null, job_id bigint not null, args jsonb not null, asked_at timestamp with time zone not null, asked_by text not null, refused_at timestamp with time zone, refusal text
TABLE run: id uuid not null, job_id bigint not null, trigger text not null, due_at timestamp with time zone not null, state text not null default 'pending'::text, reason text, queue text not null, priority integer not null, kind text not null, slots integer, attempt integer not null default 0, not_before timestamp with time zone, claim_at timestamp with time zone, lease_token bigint not null default 0, node text, started_at timestamp with time zone, attempt_started_at timestamp with time zone, lease_ends timestamp with time zone, cancel_reason text, parameters text, response_code integer, error text, limit_key text, limit_at timestamp with time zone
TABLE run_history: id uuid not null, job_id bigint not null, trigger text not null, due_at timestamp with time zone not null, due_until timestamp with time zone, count bigint not null default 1, state text not null, reason text, queue text not null, priority integer not null, attempt integer not null default 0, started_at timestamp with time zone, attempt_started_at timestamp with time zone, finished_at timestamp with time zone not null, node text, response_code integer, error text, items_processed bigint, result text, parameters text
TABLE run_limit: scope text not null, name text not null, at_once integer, rate_count integer, rate_ms bigint, burst integer not null default 1, tat timestamp with time zone, used_at timestamp with time zone not null
TABLE schedule_pace: one integer not null, speed integer not null, origin timestamp with time zone not null, began timestamp with time zone not null
TABLE schema_migration: version integer not null, name text not null, checksum text not null, applied_at timestamp with time zone not null
TABLE session_check: tenant text not null, token bigint not null default 0, node text, started_at timestamp with time zone, until_at timestamp with time zone, ended_at timestamp with time zone, checks bigint not null default 0, channels integer not null default 0, attempts integer not null default 0
TABLE silence: id uuid not null, tenant text not null, rules text not null, subjects text not null, from_at timestamp with time zone not null, until_at timestamp with time zone not null, reason text not null, made_by text not null
TABLE user_account: id text not null, tenant text not null, name text not null, role text not null, disabled integer not null default 0, revision integer not null default 1, password text not null, totp_secret text, last_step bigint, created_at timestamp with time zone not null, updated_at timestamp with time zone not null, last_login_at timestamp with time zone
TABLE user_session: hash bytea not null, user_id text not null, created_at timestamp with time zone not null, seen_at timestamp with time zone not null, expires_at timestamp with time zone not null
TABLE watch_turn: one boolean not null default true, turn bigint not null default 0, node text, taken_at timestamp with time zone, ended_at timestamp with time zone, outage_from timestamp with time zone, outage_to timestamp with time zone, beat_at timestamp with time zone
TABLE webhook_log: id uuid not null, tenant text not null, gateway text not null, kind text not null, session text, event text, received_at timestamp with time zone not null, headers text not null, body bytea not null, size integer not null, is_text smallint not null, state text not null, error text, tries integer not null default 0, read_at timestamp with time zone
VIEW cron_job: jobid bigint, schedule text, command text, nodename text, nodeport integer, database text, username text, active boolean, jobname text
VIEW cron_job_run_details: jobid bigint, runid bigint, job_pid integer, database text, username text, command text, status text, return_message text, start_time timestamp with time zone, end_time timestamp with time zone
VIEW cron_jobs: id bigint, nome text, descricao text, intervalo_horas integer default 12, ativo boolean default true, last_run timestamp with time zone, next_run timestamp with time zone, total_execucoes integer, ultima_duracao_segundos integer, ultimo_status text, ultimo_resultado jsonb, created_at timestamp with time zone, updated_at timestamp with time zone
VIEW job_executions: id uuid, job_name text, started_at timestamp with time zone, finished_at timestamp with time zone, status text, duration_ms bigint, response_code integer, error text, items_processed bigint
VIEW tenant_logs: id uuid, tenant text, acao text, detalhes jsonb, created_at timestamp with time zone
VIEW webhook_raw_logs: id uuid, gateway text, channel text, event text, received_at timestamp with time zone, payload text, state text, error text
