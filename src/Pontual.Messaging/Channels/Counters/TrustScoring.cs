using System.Text.Json;
using System.Text.Json.Serialization;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Channels.Trust;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>Scores channels, and keeps every score with all that it was made of.</summary>
public sealed class TrustScoring
{
    private const int MostChannels = 10_000;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    private readonly PontualDatabase _database;
    private readonly ChannelStore _channels;
    private readonly GatewayStore _gateways;
    private readonly ChannelOptions _options;
    private readonly IRandomBytes _random;
    private readonly TimeProvider _time;

    internal TrustScoring(
        PontualDatabase database,
        ChannelStore channels,
        GatewayStore gateways,
        ChannelOptions options,
        IRandomBytes random,
        TimeProvider time
    ) => (_database, _channels, _gateways, _options, _random, _time) = (database, channels, gateways, options, random, time);

    /// <summary>Scores all channels of a tenant that are in use.</summary>
    /// <returns>Their new scores.</returns>
    public async Task<IReadOnlyList<(string Channel, TrustSnapshot Snapshot)>> ScoreAsync(
        TenantName tenant,
        TrustRules rules,
        CancellationToken cancellation
    )
    {
        var views = await _channels.ListAsync(tenant, "", MostChannels, cancellation);
        var gateways = (await _gateways.ListAsync(tenant, cancellation)).ToDictionary(
            gateway => gateway.Definition.Name,
            gateway => gateway.Definition.Kind
        );
        List<ChannelView> inUse = [.. views.Where(view => view.Channel.RetiredAt is null && gateways.ContainsKey(view.Channel.Gateway))];
        var now = _time.GetUtcNow();
        return await _database.WriteAsync(
            async session =>
            {
                var before = await TrustRowStore.LatestAsync(session, tenant);
                var gathered = await TrustGathering.ReadAsync(session, tenant, now, _options.DayOf(now));
                var scored = inUse.ConvertAll(view =>
                {
                    var last = before.GetValueOrDefault(view.Channel.Id);
                    var facts = gathered.Of(view, gateways[view.Channel.Gateway], last?.AlarmedAt, rules);
                    return (view.Channel.Name, SnapshotOf(view.Channel.Id, facts, last, rules, now));
                });
                await TrustRowStore.AddAsync(session, scored.ConvertAll(one => one.Item2));
                return scored;
            },
            cancellation
        );
    }

    /// <summary>The latest score of each of a tenant's channels, by the channel's id.</summary>
    public async Task<IReadOnlyDictionary<Guid, TrustSnapshot>> LatestAsync(TenantName tenant, CancellationToken cancellation) =>
        await _database.ReadAsync(session => TrustRowStore.LatestAsync(session, tenant), cancellation);

    /// <summary>The latest scores of a channel, newest first.</summary>
    public async Task<IReadOnlyList<TrustSnapshot>> OfChannelAsync(Guid channel, int limit, CancellationToken cancellation) =>
        await _database.ReadAsync(session => TrustRowStore.OfChannelAsync(session, channel, limit), cancellation);

    private TrustSnapshot SnapshotOf(Guid channel, TrustFacts facts, TrustSnapshot? last, TrustRules rules, DateTimeOffset now)
    {
        var score = TrustJudge.Judge(facts, rules);
        return new TrustSnapshot(
            RunId.New(now, _random),
            channel,
            now,
            score.RuleVersion,
            score.Score,
            score.Band,
            TrustStanding.Next(last?.Standing, score.Band, facts.AlarmedAt, now, rules),
            score.Confidence,
            facts.AlarmedAt,
            JsonSerializer.Serialize(score, Format)
        );
    }
}
