namespace Pontual.Engine.Audit;

/// <summary>Who changes something, for the audit log.</summary>
/// <param name="Subject">Who, in a way that nobody else can take: <c>token:ID</c>, <c>user:ana</c>, <c>local</c>, or <c>pontual</c> itself.</param>
/// <param name="Address">Where from: an IP address; null for inside.</param>
/// <param name="Reason">Why, in the caller's words; null when not given.</param>
public sealed record Actor(string Subject, string? Address = null, string? Reason = null)
{
    /// <summary>As people call it: a token's name is free text, and several may have one.</summary>
    public string Name
    {
        get => field ?? Subject;
        init => field = value == Subject ? null : value;
    }

    /// <summary>The longest reason, in characters.</summary>
    public const int LongestReason = 500;

    /// <summary>Pontual itself: files given at the start, and whatever nobody asked for.</summary>
    public static Actor Product { get; } = new("pontual");
}
