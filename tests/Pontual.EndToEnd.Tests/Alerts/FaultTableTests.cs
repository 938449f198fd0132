using Pontual.EndToEnd.Tests.Faults;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Twelve faults of the real thing, several processes on one PostgreSQL: the right alert in time, once, and its recovery.</summary>
public sealed class FaultTableTests(ITestOutputHelper output)
{
    [AlertsFact(DisplayName = "S5-05 S5-10 each of twelve faults is told in time, once, and so is its end")]
    [Trait("Category", "Alerts")]
    public async Task Each_fault_is_told_in_time_once_and_so_is_its_end()
    {
        await using var fleet = await AlertFleet.CreateAsync();
        var table = new FaultTable(fleet.Sink);
        var second = await fleet.StartAsync("api,scheduler,worker");
        await using var _ = second.Server;
        using var api = await LocalAdministrator.OfAsync(second.Folder.Path);
        await fleet.SettleAsync(api);
        try
        {
            await NodeFaults.KillAsync(fleet, table);
            await JobFaults.MakeAsync(table, second);
            await HostFaults.MakeAsync(fleet, table, second, api);
            await MachineFaults.MakeAsync(fleet, table);
            await RouteFaults.MakeAsync(fleet, table, second, api);
            await NodeFaults.KillMainAsync(fleet, table);
        }
        finally
        {
            output.WriteLine(table.ToString());
            if (Environment.GetEnvironmentVariable("PONTUAL_TABLE") is { Length: > 0 } file)
            {
                await File.WriteAllTextAsync(file, table.ToString());
            }
        }

        Assert.Empty(table.Faults);
    }
}
