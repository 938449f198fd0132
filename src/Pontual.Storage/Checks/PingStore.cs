using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Checks;

/// <summary>The port of pings: one transaction for each call.</summary>
internal sealed class PingStore(PontualDatabase database) : IPingStore
{
    public Task<bool> IsKnownAsync(string pingKey, CancellationToken cancellation) =>
        database.ReadAsync(session => CheckRowStore.IsKnownAsync(session, pingKey), cancellation);

    public Task<Check?> PingAsync(string pingKey, Ping ping, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await CheckRowStore.HoldByPingAsync(session, pingKey) is not { } check)
                {
                    return null;
                }

                var (pinged, told) = await EndedAlreadyAsync(session, check, ping)
                    ? (check.Overtaken(ping), ping)
                    : check.Pinged(ping, await StartOfOtherAsync(session, check, ping));
                await CheckRowStore.WriteProgressAsync(session, pinged);
                await PingRowStore.WriteAsync(session, pinged, told);
                await CheckEventsStore.PingedAsync(session, pinged.Name, told);
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

    /// <summary>A start that was sent again, or was slow, may come after the end of its run: it must not begin that run anew.</summary>
    private static async ValueTask<bool> EndedAlreadyAsync(DatabaseSession session, Check check, Ping ping) =>
        ping is { Kind: PingKind.Start, Run: { } run } && await PingRowStore.HasEndOfAsync(session, check, run);

    /// <summary>Where runs overlap, an end may be that of an earlier start than the latest: its start is among the kept pings.</summary>
    private static async ValueTask<DateTimeOffset?> StartOfOtherAsync(DatabaseSession session, Check check, Ping ping) =>
        ping is { Kind: not PingKind.Start, Run: { } run } && check.Progress.StartedRun != run
            ? await PingRowStore.StartOfAsync(session, check, run)
            : null;
}
