using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>The days of channels: closes those that are over, and lets today begin. Both can be done again at any time, and what was missed is made up for.</summary>
public sealed class ChannelDays
{
    /// <summary>Days that nobody closed for longer than this are not made up for one by one.</summary>
    private const int MostDays = 400;

    private readonly PontualDatabase _database;
    private readonly ChannelOptions _options;
    private readonly TimeProvider _time;

    internal ChannelDays(PontualDatabase database, ChannelOptions options, TimeProvider time) =>
        (_database, _options, _time) = (database, options, time);

    /// <summary>Closes all days of a tenant's channels before today that are not closed yet.</summary>
    /// <returns>How many channels there are, and how many days were closed.</returns>
    public Task<(int Channels, int Days)> CloseAsync(TenantName tenant, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        return _database.WriteAsync(session => CloseAsync(session, tenant, now), cancellation);
    }

    /// <summary>Lets today begin with nothing counted. Days before it are closed first, so that none is lost where nobody did that.</summary>
    /// <returns>How many channels there are, and for how many the day began now.</returns>
    public Task<(int Channels, int Begun)> BeginAsync(TenantName tenant, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        return _database.WriteAsync(
            async session =>
            {
                await CloseAsync(session, tenant, now);
                var channels = await DayRowStore.ChannelsAsync(session, tenant);
                var today = _options.DayOf(now);
                var begun = await DayRowStore.BeginAsync(
                    session,
                    channels.ConvertAll(channel => new ChannelDay(channel.Id, today, default))
                );
                return (channels.Count, begun);
            },
            cancellation
        );
    }

    /// <summary>What went through a tenant's channels, by channel and day, from a day on.</summary>
    public async Task<IReadOnlyList<ChannelDay>> SinceAsync(TenantName tenant, DateOnly day, CancellationToken cancellation) =>
        await _database.ReadAsync(session => DayRowStore.SinceAsync(session, tenant, day), cancellation);

    /// <summary>The days of a channel from one on, newest first.</summary>
    public async Task<IReadOnlyList<ChannelDay>> OfChannelAsync(Guid channel, DateOnly from, int limit, CancellationToken cancellation) =>
        await _database.ReadAsync(session => DayRowStore.OfChannelAsync(session, channel, from, limit), cancellation);

    private async ValueTask<(int Channels, int Days)> CloseAsync(DatabaseSession session, TenantName tenant, DateTimeOffset now)
    {
        var (today, channels) = (_options.DayOf(now), await DayRowStore.ChannelsAsync(session, tenant));
        var open = new HashSet<(Guid Channel, DateOnly Day)>(await DayRowStore.UnclosedAsync(session, tenant, today));
        foreach (var (id, since, closed) in channels)
        {
            var first = closed?.AddDays(1) ?? _options.DayOf(since);
            for (var day = first > today.AddDays(-MostDays) ? first : today.AddDays(-MostDays); day < today; day = day.AddDays(1))
            {
                open.Add((id, day));
            }
        }

        if (open.Count == 0)
        {
            return (channels.Count, 0);
        }

        // A day more on each side than it can be: what is not asked for is not used.
        var from = new DateTimeOffset(open.Min(one => one.Day).AddDays(-1), TimeOnly.MinValue, TimeSpan.Zero);
        var began = (await DayRowStore.OutagesAsync(session, tenant, from)).CountBy(outage =>
            (outage.Channel, _options.DayOf(outage.StartedAt))
        );
        var disconnects = began.ToDictionary();
        List<ChannelDay> days =
        [
            .. open.OrderBy(one => one.Channel)
                .ThenBy(one => one.Day)
                .Select(one => new ChannelDay(one.Channel, one.Day, new Tally { Disconnects = disconnects.GetValueOrDefault(one) })),
        ];
        return (channels.Count, await DayRowStore.CloseAsync(session, days, now));
    }
}
