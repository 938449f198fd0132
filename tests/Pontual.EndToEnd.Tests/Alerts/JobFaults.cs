namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Jobs that hang, never start, or wait in a crowd.</summary>
internal static class JobFaults
{
    public static async Task MakeAsync(FaultTable table, AlertNode second)
    {
        var flag = Path.Combine(second.Folder.Path, "hang");
        await second.ApplyAsync(
            $$"""
            jobs:
              - name: hangs
                schedule: { every: 5s }
                sla: 10s
                timeout: 30m
                target: { process: { command: "if [ -f {{flag}} ]; then sleep 600; fi" } }
              - name: never
                schedule: { every: 5s }
                sla: 10s
                target: { process: { command: "true" } }
              - name: crowd
                queue: narrow
                overlap: allow
                timeout: 30m
                target: { process: { command: "sleep 600" } }
            queues: { narrow: { at-once: 1 } }
            """
        );
        await second.RunOnceAsync("hangs");
        await table.AddAsync(
            "job hangs",
            "job-stuck",
            "ops",
            TimeSpan.FromSeconds(10 + 30),
            async () =>
            {
                await File.WriteAllTextAsync(flag, "");
                return await HangsSinceAsync(second);
            },
            async () =>
            {
                File.Delete(flag);
                await second.CancelAllAsync("hangs");
            }
        );
        await table.AddAsync(
            "job never starts",
            "job-stale",
            "ops",
            TimeSpan.FromSeconds(10 + 30),
            async () =>
            {
                await second.ApplyAsync(Never("worker: { task: nobody }"));
                return TimeProvider.System.GetUtcNow().AddSeconds(5);
            },
            () => second.ApplyAsync(Never("process: { command: \"true\" }"))
        );
        await table.AddAsync(
            "queue growing",
            "queue-waiting",
            "ops",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                for (var i = 0; i < 5; i++)
                {
                    (await second.Server.DoAsync("job", "run", "crowd")).Ok();
                }

                return null;
            },
            () => second.CancelAllAsync("crowd")
        );
    }

    private static string Never(string target) =>
        $$"""
            jobs:
              - name: never
                schedule: { every: 5s }
                sla: 10s
                target: { {{target}} }
            """;

    private static async Task<DateTimeOffset?> HangsSinceAsync(AlertNode second)
    {
        var run = await second.Server.RunAsync(
            "hangs",
            "running",
            TimeSpan.FromSeconds(30),
            run => run.GetProperty("state").GetString() == "running"
        );

        // The due time after that is the first without a start.
        return run.GetProperty("scheduled_for").GetDateTimeOffset().AddSeconds(5);
    }
}
