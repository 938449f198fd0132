using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>Channels and their outages, as lines of a terminal.</summary>
internal static class SessionView
{
    public static readonly string[] Heads = ["CHANNEL", "GATEWAY", "PHONE", "STATE", "SINCE", "LAST MESSAGE", "LAST WEBHOOK", "WHY"];

    public static string[] Row(JsonElement channel)
    {
        var evidence = channel.GetProperty("evidence");
        return
        [
            Words.Escape(channel.Text("name")),
            Words.Escape(channel.Text("gateway")),
            Words.Escape(channel.Text("phone")),
            StateOf(channel),
            Words.Time(channel.Instant("state_since")),
            Words.Time(evidence.Instant("inbound_at")),
            Words.Time(evidence.Instant("webhook_at")),
            Words.Escape(channel.Text("reason")),
        ];
    }

    public static IEnumerable<(string Name, string? Value)> Facts(JsonElement channel)
    {
        var evidence = channel.GetProperty("evidence");
        yield return ("Channel", Words.Escape(channel.Text("name")));
        yield return ("Gateway", Words.Escape($"{channel.Text("gateway")} ({channel.Text("external_id")})"));
        yield return ("Number", Words.Escape(channel.Text("phone") ?? "not known"));
        yield return ("State", $"{StateOf(channel)} since {Words.Time(channel.Instant("state_since"))}");
        yield return ("Why", Escaped(channel.Text("reason")));
        yield return ("Gateway says", Words.Escape($"{evidence.Text("raw")} since {Words.Time(evidence.Instant("reported_since"))}"));
        yield return ("", Escaped(evidence.Text("note")));
        yield return ("Checked", Words.Time(evidence.Instant("checked_at")));
        yield return ("Last webhook", Words.Time(evidence.Instant("webhook_at")));
        yield return ("Last message in", Words.Time(evidence.Instant("inbound_at")));
        yield return ("Last acknowledgement", Words.Time(evidence.Instant("ack_at")));
        yield return ("Gateway's count", Count(evidence));
        yield return ("Sign of life", Probe(evidence));
        yield return ("Webhooks", Escaped(evidence.Text("webhook_fault")));
        yield return ("Not asked", Unasked(evidence));
        yield return ("Messages in doubt", Doubt(evidence));
        if (channel.Member("restriction") is { ValueKind: JsonValueKind.Object } restriction)
        {
            var until = restriction.Instant("until") is { } end ? $" until {Words.Time(end)}" : "";
            yield return ("Restricted", $"[red]{Words.Escape(restriction.Text("raw"))}[/]{until}");
        }

        if (channel.Member("paused") is { ValueKind: JsonValueKind.Object } pause)
        {
            yield return (
                "Paused",
                Words.Escape($"since {Words.Time(pause.Instant("since"))} by {pause.Text("by")}: {pause.Text("reason")}")
            );
        }

        if (channel.Member("outage") is { ValueKind: JsonValueKind.Object } outage)
        {
            yield return ("Outage", $"since {Words.Time(outage.Instant("started_at"))}, {outage.Number("attempts")} attempts");
            yield return ("Asked of you", Escaped(outage.Text("asked")));
        }
    }

    public static string[] OutageRow(JsonElement outage) =>
        [
            Words.Time(outage.Instant("started_at")),
            outage.Instant("ended_at") is { } end ? Words.Time(end) : "[red]goes on[/]",
            Words.Escape(outage.Text("state")),
            $"{outage.Number("attempts")}",
            Words.Escape(
                outage.Text("cured_by")
                    ?? (
                        outage.Instant("ended_at") is null ? outage.Text("asked")
                        : outage.Text("asked") is null ? "by itself"
                        : "after people were asked"
                    )
            ),
            Words.Escape(Gap(outage)),
            Words.Escape(outage.Text("reason")),
        ];

    private static string StateOf(JsonElement channel)
    {
        var state = channel.Text("state");
        var suspect = channel.Instant("suspect_since") is null ? "" : " [yellow](suspect)[/]";
        var paused = channel.Member("paused") is { ValueKind: JsonValueKind.Object } ? " [grey](paused)[/]" : "";
        var colour = state switch
        {
            "connected" => "green",
            "connecting" or "degraded" or "restricted" or "unknown" => "yellow",
            _ => "red",
        };
        return $"[{colour}]{Words.Escape(state)}[/]{suspect}{paused}";
    }

    private static string Gap(JsonElement outage) =>
        outage.Text("gap") switch
        {
            "found" => $"{outage.Number("gap_found")} found",
            "none" => "none missed",
            "not-possible" => "cannot be told",
            "failed" => "could not be looked for",
            "pending" => "are looked for",
            _ => "",
        };

    private static string? Count(JsonElement evidence) =>
        evidence.Number("activity") is { } count
            ? $"{count:0}, moved {Words.Time(evidence.Instant("activity_at"))}"
                + (evidence.Instant("unheard_since") is { } unheard ? $" [red]and not heard of since {Words.Time(unheard)}[/]" : "")
            : null;

    private static string? Probe(JsonElement evidence) =>
        evidence.Instant("probe_at") is { } at
            ? $"{(evidence.Flag("probe_alive") ? "[green]came[/]" : "[red]did not come[/]")} {Words.Time(at)}: {Words.Escape(evidence.Text("probe_detail"))}"
            : null;

    private static string? Unasked(JsonElement evidence) =>
        evidence.Instant("unasked_since") is { } since
            ? $"[yellow]since {Words.Time(since)}, {evidence.Number("unasked_times")} times[/]: {Words.Escape(evidence.Text("unasked_why"))}"
            : null;

    private static string? Doubt(JsonElement evidence) =>
        evidence.Member("last_gap") is { ValueKind: JsonValueKind.Object } look
            ? $"from {Words.Time(look.Instant("since"))} to {Words.Time(look.Instant("until"))}: {Words.Escape(look.Text("result"))}, {look.Number("found")} not known"
            : null;

    private static string? Escaped(string? text) => text is null ? null : Words.Escape(text);
}
