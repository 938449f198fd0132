// Drains no-op jobs with graphile-worker at the best setting we found: local queue of 500, completions in batches.
// Usage: node graphile-worker.mjs CONNECTION_URI COUNT; prints {"enqueued": jobs/s, "drained": jobs/s}.
import { Logger, run, runMigrations, WorkerPreset } from "graphile-worker";
import pg from "pg";

const [uri, text] = process.argv.slice(2);
const count = Number(text);
const logger = new Logger(() => () => {});
const preset = {
    extends: [WorkerPreset],
    worker: {
        connectionString: uri,
        concurrentJobs: 24,
        maxPoolSize: 10,
        pollInterval: 100,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger,
    },
};

await runMigrations({ connectionString: uri, logger });
const client = new pg.Client({ connectionString: uri });
await client.connect();
let started = performance.now();
for (let done = 0; done < count; done += 1000) {
    const size = Math.min(1000, count - done);
    await client.query(
        `SELECT graphile_worker.add_jobs(ARRAY(
             SELECT ('noop', '{}'::json, null, now(), 1, null, null, null)::graphile_worker.job_spec FROM generate_series(1, $1)))`,
        [size],
    );
}
const enqueued = count / ((performance.now() - started) / 1000);

let left = count;
let finished;
const all = new Promise((resolve) => (finished = resolve));
started = performance.now();
const runner = await run({
    preset,
    taskList: {
        noop: () => {
            if (--left === 0) finished();
        },
    },
});
await all;
const drained = count / ((performance.now() - started) / 1000);
await runner.stop();
const rest = await client.query("SELECT count(*)::int AS rest FROM graphile_worker.jobs");
await client.end();
if (rest.rows[0].rest !== 0) throw new Error(`${rest.rows[0].rest} jobs were not completed`);
console.log(JSON.stringify({ enqueued, drained }));
process.exit(0);
