using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.TestKit.Faults;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Clocks, the way to the database, and disks.</summary>
internal static class MachineFaults
{
    public static async Task MakeAsync(AlertFleet fleet, FaultTable table)
    {
        using var clocks = await ShiftedClock.CompileAsync();
        var off = await fleet.StartAsync("worker", clocks.Environment(1));
        await table.AddAsync(
            "clock off",
            "clock-off",
            "ops",
            TimeSpan.FromSeconds(60),
            () =>
            {
                clocks.Set(1, TimeSpan.FromSeconds(30));
                return Task.FromResult<DateTimeOffset?>(null);
            },
            () =>
            {
                clocks.Set(1, TimeSpan.Zero);
                return Task.CompletedTask;
            }
        );
        await off.StopAsync();

        await using var proxy = FaultProxy.InFrontOf(fleet.Postgres);
        var slow = await fleet.StartAsync("worker", postgres: proxy.ConnectionString);
        await table.AddAsync(
            "database slow",
            "database-slow",
            "ops",
            TimeSpan.FromSeconds(60),
            () =>
            {
                proxy.Latency = TimeSpan.FromSeconds(0.2);
                return Task.FromResult<DateTimeOffset?>(null);
            },
            () =>
            {
                proxy.Latency = TimeSpan.Zero;
                return Task.CompletedTask;
            }
        );
        await slow.StopAsync();

        using var disk = SmallDisk.Mount(megabytes: 64);
        await using var full = await Served.StartAsync(disk.Folder, [("PONTUAL__POSTGRES", fleet.Postgres)], "--role", "worker");
        await table.AddAsync(
            "disk nearly full",
            "disk-full",
            "ops",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                await disk.FillAsync();
                return null;
            },
            () =>
            {
                disk.Free();
                return Task.CompletedTask;
            }
        );
        full.Process.Stop();
        await full.Process.EndAsync(AlertFleet.Patience);
    }
}
