namespace Pontual.Engine.Audit;

/// <summary>Who changes something, for the audit log.</summary>
/// <param name="Name">As the caller is called: a token's or a user's name, or the product's own.</param>
/// <param name="Address">Where from: an IP address; null for inside.</param>
/// <param name="Reason">Why, in the caller's words; null when not given.</param>
public sealed record Actor(string Name, string? Address = null, string? Reason = null)
{
    /// <summary>The longest reason, in characters.</summary>
    public const int LongestReason = 500;

    /// <summary>Pontual itself: files given at the start, and whatever nobody asked for.</summary>
    public static Actor Product { get; } = new("pontual");
}
