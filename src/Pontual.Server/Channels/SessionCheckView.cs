using Pontual.Messaging.Channels.Checking;

namespace Pontual.Server.Channels;

/// <summary>What a check of sessions came to.</summary>
internal sealed record SessionCheckView(
    bool AlreadyRunning,
    bool DryRun,
    int Checked,
    int Tried,
    IReadOnlyList<FindingView> Channels,
    IReadOnlyList<GatewayFindingView> Gateways
)
{
    public static SessionCheckView Of(CheckReport report, bool dryRun) =>
        new(
            report.AlreadyRunning,
            dryRun,
            report.Channels.Count,
            dryRun ? 0 : report.Tried,
            [.. report.Channels.Select(FindingView.Of)],
            [.. report.Gateways.Select(gateway => new GatewayFindingView(gateway.Gateway, ChannelWords.Of(gateway.Fault), gateway.Detail))]
        );
}

/// <summary>What a check found of a channel, and did (or would do, in a dry run).</summary>
internal sealed record FindingView(
    string Channel,
    string State,
    string? Reason,
    bool IsSuspect,
    string? Step,
    string? Error,
    string? Asked,
    string? Note,
    bool IsNews,
    string Line
)
{
    public static FindingView Of(ChannelFinding finding) =>
        new(
            finding.Channel,
            ChannelWords.Of(finding.State),
            finding.Reason,
            finding.IsSuspect,
            finding.Step is { } step ? ChannelWords.Of(step) : null,
            finding.Error,
            finding.Asked is { } asked ? ChannelWords.Of(asked) : null,
            finding.Note,
            finding.IsNews,
            finding.ToLine()
        );
}

/// <summary>A gateway that could not be asked.</summary>
internal sealed record GatewayFindingView(string Gateway, string Fault, string Detail);

/// <summary>When sessions were checked last.</summary>
internal sealed record LatestCheckView(
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    bool IsRunning,
    long Checks,
    int Channels,
    int Tried
);
