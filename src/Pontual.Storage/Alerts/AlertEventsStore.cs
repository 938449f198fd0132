using Pontual.Engine.Alerts;
using Pontual.Storage.Database;
using Pontual.Storage.Events;

namespace Pontual.Storage.Alerts;

/// <summary>Writes what becomes of alerts to the event log, in the transaction in which it becomes so.</summary>
internal static class AlertEventsStore
{
    public static ValueTask TellAsync(DatabaseSession session, IReadOnlyList<(string Kind, Alert Alert)> happened, DateTimeOffset now)
    {
        var lines = new EventLines();
        foreach (var (kind, alert) in happened)
        {
            lines
                .Named(kind, now, alert.Key.Subject)
                .With(EventField.Tenant, alert.Key.Tenant.IsDefault ? null : alert.Key.Tenant.ToString())
                .With(EventField.Alert, alert.Id.ToString())
                .With(EventField.Rule, alert.Key.Rule)
                .With(EventField.Severity, AlertRowStore.Word(alert.Severity))
                .With(EventField.Summary, alert.Summary)
                .With(EventField.By, alert.Acknowledged?.By)
                .With(EventField.Until, alert.SnoozedUntil);
        }

        return NewEventsStore.WriteAsync(session, lines);
    }
}
