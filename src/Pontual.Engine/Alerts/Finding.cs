using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>Something that is wrong now, as a watch finds it. While it is found its alert is open; when it is found no more the alert is resolved.</summary>
/// <param name="Rule">What sort of thing: a word of <see cref="AlertRule"/>.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Subject">What it is about: a job, a node, a host. With rule and tenant what alerts are told apart by, so it must not change while the same thing is wrong.</param>
/// <param name="Severity">How bad, unless the tenant's settings say otherwise.</param>
/// <param name="Summary">One sentence with the reason. A change of it refreshes the alert and makes no new one.</param>
public sealed record Finding(string Rule, TenantName Tenant, string Subject, Severity Severity, string Summary)
{
    /// <summary>What explains this one: while that alert is open nobody is told of this.</summary>
    public AlertKey? Parent { get; init; }

    /// <summary>What else is known: names and values for people and templates. Never a secret.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = EmptyFacts;

    /// <summary>Since when it is so, where that is known and earlier than the look that found it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What its alert is told apart by.</summary>
    public AlertKey Key => new(Tenant, Rule, Subject);

    private static readonly Dictionary<string, string> EmptyFacts = [];
}

/// <summary>What alerts are told apart by: of one key at most one alert is open.</summary>
public readonly record struct AlertKey(TenantName Tenant, string Rule, string Subject)
{
    /// <summary>As people read it: <c>job-stale send_reports</c>.</summary>
    public override string ToString() => $"{Rule} {Subject}";
}

/// <summary>How bad something is.</summary>
public enum Severity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Somebody should look at it today.</summary>
    Warning,

    /// <summary>Somebody should look at it now.</summary>
    Critical,
}
