using Pontual.Engine.Checks;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Storage.Database;
using Pontual.Storage.Events;

namespace Pontual.Storage.Checks;

/// <summary>Writes what becomes of checks to the event log, in the transaction in which it becomes so.</summary>
internal static class CheckEventsStore
{
    /// <summary>A check was defined, changed, paused or removed.</summary>
    public static ValueTask ChangedAsync(DatabaseSession session, string kind, JobName check, Pause? pause, DateTimeOffset now) =>
        NewEventsStore.WriteAsync(
            session,
            About(new EventLines(), kind, check, now)
                .With(EventField.Reason, pause?.Reason)
                .With(EventField.By, pause?.By)
                .With(EventField.Until, pause?.Until)
        );

    /// <summary>A ping came.</summary>
    public static ValueTask PingedAsync(DatabaseSession session, JobName check, Ping ping) =>
        NewEventsStore.WriteAsync(
            session,
            About(new EventLines(), KindOf(ping.Kind), check, ping.At)
                .With(EventField.ResponseCode, (long?)ping.Code)
                .With(EventField.DurationMs, CheckRowStore.Milliseconds(ping.Duration))
        );

    private static EventLines About(EventLines lines, string kind, JobName check, DateTimeOffset now) =>
        lines.Named(kind, now, check.Text).With(EventField.Tenant, check.Tenant.IsDefault ? null : check.Tenant.ToString());

    private static string KindOf(PingKind kind) =>
        kind switch
        {
            PingKind.Start => EventKind.CheckStarted,
            PingKind.Success => EventKind.CheckSucceeded,
            _ => EventKind.CheckFailed,
        };
}
