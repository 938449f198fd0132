namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Nodes that are gone.</summary>
internal static class NodeFaults
{
    public static async Task KillAsync(AlertFleet fleet, FaultTable table)
    {
        var lost = await fleet.StartAsync("worker");
        AlertNode? heir = null;
        await table.AddAsync(
            "node killed",
            "node-lost",
            "ops",
            TimeSpan.FromSeconds(30),
            async () =>
            {
                await lost.Server.Process.KillAsync();
                return null;
            },
            async () => heir = await fleet.StartAsync("worker")
        );
        await lost.Server.DisposeAsync();
        heir!.Server.Process.Stop();
        await heir.Server.Process.EndAsync(AlertFleet.Patience);
        await heir.Server.DisposeAsync();
    }

    public static async Task KillMainAsync(AlertFleet fleet, FaultTable table)
    {
        var main = await fleet.StartAsync("api,scheduler,worker");
        AlertNode? heir = null;
        await table.AddAsync(
            "main node gone",
            "node-lost",
            "ops",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                await main.Server.Process.KillAsync();
                return null;
            },
            async () => heir = await fleet.StartAsync("api,scheduler,worker")
        );
        await main.Server.DisposeAsync();
        await heir!.Server.DisposeAsync();
    }
}
