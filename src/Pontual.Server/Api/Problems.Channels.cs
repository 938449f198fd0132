using Microsoft.AspNetCore.Http.HttpResults;

namespace Pontual.Server.Api;

/// <summary>What goes wrong with gateways and channels.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult GatewayNotFound(string name) =>
        Of(
            404,
            "gateway-not-found",
            "There is no such gateway",
            $"No gateway is named '{name}'. 'pontual gateway list' shows those that there are.",
            new() { ["gateway"] = name }
        );

    public static ProblemHttpResult ChannelNotFound(string name) =>
        Of(
            404,
            "channel-not-found",
            "There is no such channel",
            $"No channel is named '{name}'. Channels are taken over from what gateways list; 'pontual sessions list' shows those that there are.",
            new() { ["channel"] = name }
        );

    public static ProblemHttpResult GatewayFailed(string gateway, string fault, string detail) =>
        Of(502, "gateway-failed", "The gateway did not do it", $"{gateway}: {detail}", new() { ["gateway"] = gateway, ["fault"] = fault });

    public static ProblemHttpResult NotPossible(string channel, string why) =>
        Of(409, "channel-cannot", "That cannot be done with this channel now", $"{channel}: {why}", new() { ["channel"] = channel });
}
