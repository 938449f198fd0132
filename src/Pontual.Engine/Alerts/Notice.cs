using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>What one route is told about one alert. Decided and written in one transaction with the alert, delivered afterwards, as often as needed, with the same id.</summary>
/// <param name="Id">What receivers tell repeated deliveries apart by.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Route">Name of the route.</param>
/// <param name="Kind">A word of <see cref="NoticeKind"/>.</param>
/// <param name="At">When it was decided.</param>
/// <param name="DueAt">Not before this: later than <paramref name="At"/> in quiet hours, and after a failed delivery.</param>
/// <param name="Alert">The alert as it was then; null for a summary of many and for a test.</param>
/// <param name="Text">What a notice without an alert says.</param>
public sealed record Notice(
    Guid Id,
    TenantName Tenant,
    string Route,
    string Kind,
    DateTimeOffset At,
    DateTimeOffset DueAt,
    Alert? Alert,
    string? Text = null
)
{
    /// <summary>It is part of a summary, and not delivered by itself.</summary>
    public bool IsGrouped { get; init; }

    /// <summary>Deliveries begun so far, this one included.</summary>
    public int Tries { get; init; }
}

/// <summary>The words for why somebody is told.</summary>
public static class NoticeKind
{
    /// <summary>The alert is new.</summary>
    public const string Opened = "opened";

    /// <summary>It is open for as long as the route waits, and nobody took note of it.</summary>
    public const string Escalated = "escalated";

    /// <summary>It became worse.</summary>
    public const string Worse = "worse";

    /// <summary>It is still open, and nobody took note of it.</summary>
    public const string Repeated = "repeated";

    /// <summary>It is over.</summary>
    public const string Resolved = "resolved";

    /// <summary>So many others beside those told of one by one.</summary>
    public const string More = "more";

    /// <summary>Somebody tries the route.</summary>
    public const string Test = "test";
}

/// <summary>What a route was last told about an alert.</summary>
/// <param name="At">When that was decided.</param>
/// <param name="Severity">How bad the alert was then.</param>
/// <param name="IsHeld">It waits for the end of quiet hours: nobody has heard of it yet.</param>
public sealed record NoticeMark(DateTimeOffset At, Severity Severity, bool IsHeld);

/// <summary>Tells people in one way: by a webhook, a chat, an e-mail.</summary>
public interface INoticeSender
{
    /// <summary>The key of its settings in a route: <c>webhook</c>, <c>slack</c>.</summary>
    string Kind { get; }

    /// <summary>Reports what is wrong in its settings.</summary>
    void Check(System.Text.Json.JsonElement settings, string path, ICollection<Jobs.DocumentProblem> problems);

    /// <summary>Delivers. Returns when the other side took it.</summary>
    /// <exception cref="NoticeRefusedException">It was not taken; the message has no secrets.</exception>
    Task SendAsync(Settings.AlertRoute route, Notice notice, CancellationToken cancellation);
}

/// <summary>A notice was not taken.</summary>
public sealed class NoticeRefusedException(string message) : Exception(message)
{
    /// <summary>Trying again is of no use.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Not before this, where the other side said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
