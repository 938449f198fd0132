using System.Globalization;
using Pontual.Engine.Alerts;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Outages;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Server.Watches;

/// <summary>Finds gateways that do not answer, channels that do not work, and messages that were missed and could not be looked for (S3-07, S3-08).</summary>
/// <remarks>What a check cures within a few minutes is no alert: it stands in the channel's outages. Silence alone never is one.</remarks>
internal sealed class ChannelWatch(ChannelStore channels, GatewayStore gateways) : IWatch
{
    // Longer than a restart takes, and shorter than anybody wants to wait for word of it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Whoever reads alerts sees it; then it is over, for nothing more can be done.
    private static readonly TimeSpan MissedIsToldFor = TimeSpan.FromHours(1);

    public IReadOnlyList<string> Rules { get; } =
    [
        AlertRule.GatewayDown,
        AlertRule.ChannelDown,
        AlertRule.ChannelUnpaired,
        AlertRule.ChannelConflict,
        AlertRule.ChannelRestricted,
        AlertRule.ChannelBanned,
        AlertRule.MessagesMissed,
    ];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var failing = await gateways.FailingAsync(cancellation);
        var troubled = await channels.TroubledAsync(cancellation);
        var missed = await channels.MissedAsync(now - MissedIsToldFor, cancellation);
        return
        [
            .. failing.Where(gateway => now - gateway.FailingSince >= PatienceWith(gateway)).Select(Down),
            .. troubled.Where(view => IsTold(view, now)).Select(Troubled),
            .. missed.GroupBy(one => one.Channel.Id).Select(one => Missed(one.Last().Channel, one.Last().Outage)),
        ];
    }

    /// <summary>A key that is refused or a licence that is missing does not mend itself.</summary>
    private static TimeSpan PatienceWith(GatewayRecord gateway) =>
        gateway.Fault is GatewayFault.Unauthorized or GatewayFault.Unlicensed or GatewayFault.BadAnswer ? TimeSpan.Zero : Patience;

    private static bool IsTold(ChannelView view, DateTimeOffset now) =>
        view.Outage is { } outage
        && !view.Channel.IsPaused(now)
        && (
            outage.State is SessionState.GatewayDown or SessionState.GatewayUnlicensed
                ? now - outage.FoundAt >= Patience
                : outage.Asked is not null || now - outage.FoundAt >= Patience
        );

    private static Finding Down(GatewayRecord gateway) =>
        new(
            AlertRule.GatewayDown,
            gateway.Definition.Tenant,
            gateway.Definition.Name,
            Severity.Critical,
            $"Gateway {gateway.Definition.Name} cannot be asked: {gateway.FaultDetail}"
        )
        {
            Since = gateway.FailingSince,
            Facts = new Dictionary<string, string>
            {
                ["kind"] = gateway.Definition.Kind.Word(),
                ["fault"] = gateway.Fault?.ToString() ?? "",
            },
        };

    private static Finding Troubled(ChannelView view)
    {
        var (channel, outage) = (view.Channel, view.Outage!);
        var (rule, severity) = RuleOf(outage.State);
        var asked = outage.Asked is { } what ? $" {Capital(what.InWords())}." : "";
        return new Finding(rule, channel.Tenant, channel.Name, severity, $"Channel {channel.Name} does not work: {outage.Reason}.{asked}")
        {
            Since = outage.StartedAt,
            Parent = outage.State is SessionState.GatewayDown or SessionState.GatewayUnlicensed
                ? new AlertKey(channel.Tenant, AlertRule.GatewayDown, channel.Gateway)
                : null,
            Facts = Facts(channel, outage),
        };
    }

    private static Finding Missed(Channel channel, Outage outage)
    {
        var ended = outage.EndedAt!.Value;
        return new Finding(
            AlertRule.MessagesMissed,
            channel.Tenant,
            channel.Name,
            Severity.Warning,
            $"Messages to {channel.Name} may be missing from {Time(outage.StartedAt)} to {Time(ended)}: {outage.GapDetail}."
        )
        {
            Since = ended,
            Facts = Facts(channel, outage),
        };
    }

    private static (string Rule, Severity Severity) RuleOf(SessionState state) =>
        state switch
        {
            SessionState.NeedsPairing or SessionState.LoggedOut => (AlertRule.ChannelUnpaired, Severity.Critical),
            SessionState.Conflict => (AlertRule.ChannelConflict, Severity.Critical),
            SessionState.Restricted => (AlertRule.ChannelRestricted, Severity.Warning),
            SessionState.Banned => (AlertRule.ChannelBanned, Severity.Critical),
            _ => (AlertRule.ChannelDown, Severity.Critical),
        };

    private static Dictionary<string, string> Facts(Channel channel, Outage outage)
    {
        var facts = new Dictionary<string, string>
        {
            ["gateway"] = channel.Gateway,
            ["state"] = outage.State.ToString(),
            ["attempts"] = outage.Attempts.ToString(CultureInfo.InvariantCulture),
        };
        if (outage.Step is { } step)
        {
            facts["last_step"] = step.InWords();
        }

        return facts;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
