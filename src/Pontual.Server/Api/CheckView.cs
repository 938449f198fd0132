using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Access;
using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;
using Pontual.Server.Checks;

namespace Pontual.Server.Api;

/// <summary>A check as the API shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for; null when nothing was said.</param>
/// <param name="Schedule">When it reports, as it was written.</param>
/// <param name="Grace">How late it may; null for by its frequency.</param>
/// <param name="Tags">Words to sort it by.</param>
/// <param name="State"><c>new</c>, <c>up</c>, <c>late</c>, <c>started</c>, <c>failing</c>, <c>down</c> or <c>paused</c>.</param>
/// <param name="DueAt">When its next report is due; null when none is any more.</param>
/// <param name="AlertAfter">When it is down unless it reports; null for never.</param>
/// <param name="EffectiveGrace">The grace that holds.</param>
/// <param name="Pings">How many pings there were.</param>
/// <param name="LastPingAt">When the last one came; null before the first.</param>
/// <param name="LastEndAt">When the last report of an end came; null before the first.</param>
/// <param name="LastExitCode">Its exit code; null when it named none.</param>
/// <param name="LastDurationMs">How long the last run took that told its start and its end; null before the first.</param>
/// <param name="StartedAt">When the run began that goes on; null for none.</param>
/// <param name="Failures">Failures since the last success.</param>
/// <param name="FailingSince">When the first of them came; null for none.</param>
/// <param name="Paused">Since when and why it is paused; null when it is not.</param>
/// <param name="PingUrl">Where it reports: secret. Null without the scope operate.</param>
/// <param name="Curl">The line that reports a success; null without the scope operate.</param>
/// <param name="BadgeUrl">A picture of its state, for whoever has the address.</param>
/// <param name="Revision">Grows with each change of the definition.</param>
/// <param name="CreatedAt">When it was defined.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
internal sealed record CheckView(
    string Name,
    string? Description,
    JsonElement Schedule,
    string? Grace,
    IReadOnlyList<string> Tags,
    string State,
    DateTimeOffset? DueAt,
    DateTimeOffset? AlertAfter,
    string EffectiveGrace,
    long Pings,
    DateTimeOffset? LastPingAt,
    DateTimeOffset? LastEndAt,
    int? LastExitCode,
    long? LastDurationMs,
    DateTimeOffset? StartedAt,
    int Failures,
    DateTimeOffset? FailingSince,
    PauseView? Paused,
    string? PingUrl,
    string? Curl,
    string BadgeUrl,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    public static CheckView Of(Check check, HttpContext context)
    {
        var services = context.RequestServices;
        var addresses = services.GetRequiredService<CheckAddresses>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var ping = context.User.Has(TokenScope.Operate) ? addresses.Ping(check, context.Request) : null;
        var (definition, progress) = (check.Definition, check.Progress);
        return new CheckView(
            check.Name.Text,
            definition.Description,
            definition.ScheduleDocument,
            definition.Grace is { } grace ? Duration.Format(grace) : null,
            definition.Tags,
            CheckWords.Of(check.StateAt(now)),
            progress.DueAt,
            progress.AlertAfter,
            Duration.Format(definition.GraceAt(now)),
            progress.Pings,
            progress.LastPingAt,
            progress.LastEndAt,
            progress.LastCode,
            progress.LastDuration is { } duration ? (long)duration.TotalMilliseconds : null,
            progress.StartedAt,
            progress.Failures,
            progress.FailingSince,
            check.IsPausedAt(now) ? PauseView.Of(check.Paused!) : null,
            ping,
            ping is null ? null : CheckAddresses.Curl(ping),
            addresses.Badge(check, context.Request),
            check.Revision,
            check.CreatedAt,
            check.UpdatedAt
        );
    }

    /// <summary>The document without the keys that only answers carry: an answer may be handed back.</summary>
    public static JsonElement WithoutReadOnly(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object)
        {
            return json;
        }

        var kept = new JsonObject();
        foreach (var property in json.EnumerateObject().Where(property => !ReadOnlyKeys.Contains(property.Name)))
        {
            kept[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(kept);
    }

    private static readonly HashSet<string> ReadOnlyKeys =
    [
        .. typeof(CheckView)
            .GetProperties()
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
            .Except(CheckDocument.Keys),
    ];
}

/// <summary>Since when and why something is paused.</summary>
/// <param name="Since">When it was paused.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
/// <param name="By">Who did it; null when that is not known.</param>
/// <param name="Until">When it goes on by itself; null for when somebody resumes it.</param>
internal sealed record PauseView(DateTimeOffset Since, string? Reason, string? By, DateTimeOffset? Until)
{
    public static PauseView Of(Pause pause) => new(pause.Since, pause.Reason, pause.By, pause.Until);
}

/// <summary>A ping that came.</summary>
/// <param name="At">When.</param>
/// <param name="Kind"><c>start</c>, <c>success</c> or <c>failure</c>.</param>
/// <param name="ExitCode">The exit code it named; null for none.</param>
/// <param name="RunId">The run it named; null for none.</param>
/// <param name="DurationMs">From the start of that run; null where that is not known.</param>
/// <param name="Method">How it was sent.</param>
/// <param name="Address">Where from.</param>
/// <param name="UserAgent">By which program.</param>
/// <param name="BodyBytes">How many bytes it came with.</param>
internal sealed record PingView(
    DateTimeOffset At,
    string Kind,
    int? ExitCode,
    Guid? RunId,
    long? DurationMs,
    string Method,
    string? Address,
    string? UserAgent,
    long BodyBytes
)
{
    public static PingView Of(Ping ping) =>
        new(
            ping.At,
            CheckWords.Of(ping.Kind),
            ping.Code,
            ping.Run,
            ping.Duration is { } duration ? (long)duration.TotalMilliseconds : null,
            ping.Method,
            ping.Address,
            ping.Agent,
            ping.BodySize
        );
}
