using System.Text.Json;

namespace Pontual.Engine.Alerts.Settings;

/// <summary>Whom a tenant's alerts are told to, and when something counts as wrong.</summary>
/// <param name="Routes">Who is told, and how.</param>
/// <param name="Rules">What differs from the built-in rules, by <see cref="AlertRule"/>.</param>
public sealed record AlertSettings(IReadOnlyList<AlertRoute> Routes, IReadOnlyDictionary<string, RuleSettings> Rules)
{
    /// <summary>Nobody is told, and the rules are as built in.</summary>
    public static AlertSettings None { get; } = new([], new Dictionary<string, RuleSettings>());

    /// <summary>The settings of a rule: those that were made, and for the rest the built-in ones.</summary>
    public RuleSettings Of(string rule) => Rules.GetValueOrDefault(rule) ?? RuleSettings.BuiltIn;
}

/// <summary>What differs for one rule.</summary>
/// <param name="IsOff">Nothing is found for it.</param>
/// <param name="Severity">How bad, in place of what the watch says; null for that.</param>
/// <param name="Times">How often in a row before it counts; null for the built-in number.</param>
/// <param name="For">How long before it counts; null for the built-in time.</param>
public sealed record RuleSettings(bool IsOff, Severity? Severity, int? Times, TimeSpan? For)
{
    /// <summary>Nothing differs.</summary>
    public static RuleSettings BuiltIn { get; } = new(false, null, null, null);
}

/// <summary>Who is told of which alerts, and how.</summary>
/// <param name="Name">Its name, unique in the tenant.</param>
/// <param name="Kind">The way: <c>webhook</c>, <c>slack</c>, <c>telegram</c>, <c>email</c>, <c>ntfy</c>.</param>
/// <param name="Settings">The way's own settings, with references to secrets in place of secrets.</param>
public sealed record AlertRoute(string Name, string Kind, JsonElement Settings)
{
    /// <summary>Least severity it is told of.</summary>
    public Severity Least { get; init; } = Severity.Warning;

    /// <summary>Rules it is told of, <c>*</c> for any text; empty for all.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Subjects it is told of, <c>*</c> for any text; empty for all.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>How long an alert must be open, with nobody taking note of it, before this route is told: an escalation. Zero for at once.</summary>
    public TimeSpan After { get; init; }

    /// <summary>After how long it is told again while nobody takes note; null for never.</summary>
    public TimeSpan? Repeat { get; init; } = TimeSpan.FromHours(4);

    /// <summary>When it is told of critical alerts only, and of the others afterwards; null for never.</summary>
    public QuietHours? Quiet { get; init; }

    /// <summary>The text of its messages, a Handlebars template; null for the built-in text.</summary>
    public string? Template { get; init; }

    /// <summary>Whether it is told of such an alert.</summary>
    public bool Wants(AlertKey key, Severity severity) =>
        severity >= Least
        && Wildcard.MatchesAny(Rules, key.Rule)
        && Wildcard.MatchesAny(Subjects, key.Subject)
        && !(key.Rule == AlertRule.AlertRouteDown && key.Subject == Name);
}
