// Drains no-op jobs with pg-boss: four loops that fetch and complete 500 at a time.
// Usage: node pg-boss.mjs CONNECTION_URI COUNT; prints {"enqueued": jobs/s, "drained": jobs/s}.
import { PgBoss } from "pg-boss";

const [uri, text] = process.argv.slice(2);
const count = Number(text);
const boss = new PgBoss({ connectionString: uri, max: 10, supervise: false, schedule: false });
await boss.start();
await boss.createQueue("noop");

let started = performance.now();
for (let done = 0; done < count; done += 1000) {
    await boss.insert("noop", Array.from({ length: Math.min(1000, count - done) }, () => ({})));
}
const enqueued = count / ((performance.now() - started) / 1000);

let completed = 0;
async function drain() {
    for (;;) {
        const jobs = await boss.fetch("noop", { batchSize: 500 });
        if (jobs.length === 0) return;
        await boss.complete("noop", jobs.map((job) => job.id));
        completed += jobs.length;
    }
}
started = performance.now();
await Promise.all([drain(), drain(), drain(), drain()]);
const drained = count / ((performance.now() - started) / 1000);
await boss.stop({ graceful: false });
if (completed !== count) throw new Error(`${completed} of ${count} jobs were completed`);
console.log(JSON.stringify({ enqueued, drained }));
process.exit(0);
