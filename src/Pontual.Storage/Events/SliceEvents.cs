using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Events;

/// <summary>Writes what happens in a messaging slice to the event log, in the transaction in which it happens.</summary>
public static class SliceEvents
{
    /// <summary>Tells listeners what became so.</summary>
    /// <param name="session">The transaction in which it becomes so.</param>
    /// <param name="happening">What.</param>
    public static ValueTask TellAsync(DatabaseSession session, Happening happening) =>
        NewEventsStore.WriteAsync(
            session,
            new EventLines()
                .Named(happening.Kind, happening.At, happening.Subject)
                .With(EventField.Tenant, happening.Tenant.IsDefault ? null : happening.Tenant.ToString())
                .With(EventField.State, happening.State)
                .With(EventField.Reason, happening.Reason)
                .With(EventField.By, happening.By)
                .With(EventField.Until, happening.Until)
        );
}

/// <summary>Something that happened in a slice.</summary>
/// <param name="Kind">Its word; what is before the dot is its topic.</param>
/// <param name="At">When.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Subject">What it happened to.</param>
public sealed record Happening(string Kind, DateTimeOffset At, TenantName Tenant, string Subject)
{
    /// <summary>The state that it has got into; null where there is none.</summary>
    public string? State { get; init; }

    /// <summary>Why; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Who did it; null for nobody.</summary>
    public string? By { get; init; }

    /// <summary>Until when; null for no end.</summary>
    public DateTimeOffset? Until { get; init; }
}
