using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Trust;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>What is known of all channels of a tenant at one moment, as their scores need it.</summary>
internal sealed class TrustGathering
{
    private const int DaysOfPeople = 14;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What was watched for less says nothing about how steady it is.</summary>
    private static readonly TimeSpan LeastWatched = TimeSpan.FromHours(1);

    /// <summary>States that the session did not bring on itself, or that count by their ceiling.</summary>
    private static readonly string[] NotItsOwn =
    [
        nameof(SessionState.GatewayDown),
        nameof(SessionState.GatewayUnlicensed),
        nameof(SessionState.Degraded),
        nameof(SessionState.Restricted),
        nameof(SessionState.Banned),
    ];

    private readonly ILookup<Guid, ChannelDay> _days;
    private readonly ILookup<Guid, OutageSpan> _outages;
    private readonly Dictionary<Guid, (int All, int Same)> _sameness;
    private readonly DateTimeOffset _now;
    private readonly DateOnly _today;

    private TrustGathering(
        List<ChannelDay> days,
        List<OutageSpan> outages,
        Dictionary<Guid, (int All, int Same)> sameness,
        DateTimeOffset now,
        DateOnly today
    )
    {
        _days = days.ToLookup(day => day.Channel);
        _outages = outages.Where(outage => !NotItsOwn.Contains(outage.State)).ToLookup(outage => outage.Channel);
        (_sameness, _now, _today) = (sameness, now, today);
    }

    public static async ValueTask<TrustGathering> ReadAsync(
        DatabaseSession session,
        TenantName tenant,
        DateTimeOffset now,
        DateOnly today
    ) =>
        new(
            await DayRowStore.SinceAsync(session, tenant, today.AddDays(1 - DaysOfPeople)),
            await DayRowStore.OutagesAsync(session, tenant, now - Week),
            await ChatRowStore.SamenessAsync(session, tenant, now - Day),
            now,
            today
        );

    /// <summary>What is known of one channel.</summary>
    /// <param name="view">How it is.</param>
    /// <param name="kind">Which protocol its gateway speaks.</param>
    /// <param name="alarmedAt">When the platform last restricted or warned, as was known before.</param>
    /// <param name="rules">The rules of the warm-up.</param>
    public TrustFacts Of(ChannelView view, GatewayKind kind, DateTimeOffset? alarmedAt, TrustRules rules)
    {
        var channel = view.Channel;
        var (week, fortnight) = (Sum(channel.Id, 7), Sum(channel.Id, DaysOfPeople));
        var (same, alarm) = (_sameness.GetValueOrDefault(channel.Id), AlarmOf(view));
        var inUse = channel.InUseSince ?? view.Status.ConnectedAt;
        var age = inUse is { } since ? _now - since : (TimeSpan?)null;
        var (outages, uptime) = SteadinessOf(channel);
        return new TrustFacts
        {
            Age = age,
            IsAgeDeclared = channel.InUseSince is not null,
            Outages = outages,
            Uptime = uptime,
            Delivered = new Share(week.Sent, week.Taken),
            Invalid = new Share(week.Sent, week.Invalid),
            Replied = new Share(fortnight.FirstContacts, fortnight.Replies),
            OptedOut = new Share(fortnight.FirstContacts, fortnight.OptedOut),
            Cold = new Share(week.Sent, week.FirstContacts),
            // Of today and yesterday the fuller one: what was sent late last night counts as what was sent this morning.
            Sent = Math.Max(SentOn(channel.Id, _today), SentOn(channel.Id, _today.AddDays(-1))),
            // The platform's own limits hold for its own numbers.
            DailyCap = channel.DailyLimit ?? (kind is GatewayKind.CloudApi ? null : rules.CapAfter(age)),
            UsualSent = UsualOf(channel.Id),
            Identical = new Share(same.All, same.Same),
            TellsRestrictions = kind is GatewayKind.Waha or GatewayKind.CloudApi,
            Alarm = alarm,
            AlarmedAt = alarm is not null and not TrustAlarm.Zombie ? _now : alarmedAt,
        };
    }

    private TrustAlarm? AlarmOf(ChannelView view)
    {
        // The later of what a check and what a webhook said.
        var (status, signs) = (view.Status, view.Signs);
        var restriction = signs.RestrictedAt > (status.RestrictedAt ?? DateTimeOffset.MinValue) ? signs.Restricted : status.Restricted;
        TrustAlarm? told =
            restriction is null || restriction.Until <= _now
                ? null
                : restriction.Kind switch
                {
                    RestrictionKind.Blocked => TrustAlarm.Banned,
                    RestrictionKind.Restricted => TrustAlarm.Restricted,
                    RestrictionKind.Warning => TrustAlarm.Warning,
                    _ => TrustAlarm.FirstWarning,
                };
        TrustAlarm? seen = status.State switch
        {
            SessionState.Banned => TrustAlarm.Banned,
            SessionState.Restricted => TrustAlarm.Restricted,
            SessionState.Zombie => TrustAlarm.Zombie,
            _ => null,
        };
        TrustAlarm? failed = Sum(view.Channel.Id, 2).Restricted > 0 ? TrustAlarm.Restricted : null;
        return new[] { told, seen, failed }.Max();
    }

    private (int? Outages, double? Uptime) SteadinessOf(Registry.Channel channel)
    {
        var from = _now - Week > channel.CreatedAt ? _now - Week : channel.CreatedAt;
        var watched = _now - from;
        if (watched < LeastWatched)
        {
            return (null, null);
        }

        var own = _outages[channel.Id].ToList();
        var down = own.Sum(outage => ((outage.EndedAt ?? _now) - (outage.StartedAt > from ? outage.StartedAt : from)).TotalSeconds);
        return (own.Count(outage => outage.StartedAt >= from), Math.Clamp(1 - (down / watched.TotalSeconds), 0, 1));
    }

    private Tally Sum(Guid channel, int days) =>
        _days[channel].Where(day => day.Day > _today.AddDays(-days)).Aggregate(default(Tally), (sum, day) => sum + day.Tally);

    private int SentOn(Guid channel, DateOnly day) => _days[channel].FirstOrDefault(one => one.Day == day)?.Tally.Sent ?? 0;

    /// <summary>The median of the seven days before yesterday; null when they were not all counted.</summary>
    private double? UsualOf(Guid channel)
    {
        var sent = _days[channel]
            .Where(day => day.Day < _today.AddDays(-1) && day.Day >= _today.AddDays(-8))
            .Select(day => day.Tally.Sent)
            .Order()
            .ToList();
        return sent.Count == 7 ? sent[3] : null;
    }
}
