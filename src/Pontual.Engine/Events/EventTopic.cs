namespace Pontual.Engine.Events;

/// <summary>What listeners can choose from: one topic for each sort of thing.</summary>
public static class EventTopic
{
    private static readonly Dictionary<string, string> BySort = new(StringComparer.Ordinal)
    {
        ["run"] = "runs",
        ["job"] = "jobs",
        ["node"] = "nodes",
        ["queue"] = "queue",
        ["channel"] = "channels",
        ["message"] = "messages",
        ["reminder"] = "reminders",
        ["conversation"] = "conversations",
        ["alert"] = "alerts",
        ["check"] = "checks",
    };

    /// <summary>All topics.</summary>
    public static IReadOnlyCollection<string> All => BySort.Values;

    /// <summary>The topic of a kind of event: <c>runs</c> of <c>run.queued</c>.</summary>
    /// <exception cref="ArgumentException">There is no topic for such a thing.</exception>
    public static string Of(string kind) =>
        BySort.GetValueOrDefault(kind.Split('.')[0]) ?? throw new ArgumentException($"'{kind}' is of no known topic.", nameof(kind));
}
