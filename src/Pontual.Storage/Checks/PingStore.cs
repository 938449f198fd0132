using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Checks;

/// <summary>The port of pings: one transaction for each call.</summary>
internal sealed class PingStore(PontualDatabase database) : IPingStore
{
    public Task<Check?> PingAsync(string pingKey, Ping ping, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await CheckRowStore.HoldByPingAsync(session, pingKey) is not { } check)
                {
                    return null;
                }

                var startedAt = await StartOfOtherAsync(session, check, ping);
                var (pinged, told) = check.Pinged(ping, startedAt);
                await CheckRowStore.WriteProgressAsync(session, pinged);
                await PingRowStore.WriteAsync(session, pinged, told);
                return pinged;
            },
            cancellation
        );

    public Task<Check?> FindByBadgeAsync(string badgeKey, CancellationToken cancellation) =>
        database.ReadAsync(session => CheckRowStore.FindByBadgeAsync(session, badgeKey), cancellation);

    public async Task<IReadOnlyList<Ping>> ListAsync(JobName name, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(
            async session =>
                await CheckRowStore.FindAsync(session, name) is { } check ? await PingRowStore.LatestAsync(session, check, limit) : [],
            cancellation
        );

    public Task<PingBody?> BodyAsync(JobName name, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                await CheckRowStore.FindAsync(session, name) is { } check ? await PingRowStore.BodyAsync(session, check) : null,
            cancellation
        );

    /// <summary>Where runs overlap, an end may be that of an earlier start than the latest: its start is among the kept pings.</summary>
    private static async ValueTask<DateTimeOffset?> StartOfOtherAsync(DatabaseSession session, Check check, Ping ping) =>
        ping is { Kind: not PingKind.Start, Run: { } run } && check.Progress.StartedRun != run
            ? await PingRowStore.StartOfAsync(session, check, run)
            : null;
}
