using System.Text.Json.Nodes;
using Pontual.Engine.Audit;
using Pontual.Engine.Checks;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Checks;

/// <summary>The port of checks: one transaction for each call. The audit log is told of each change, never of keys.</summary>
internal sealed class CheckStore(PontualDatabase database) : ICheckStore
{
    public Task<Check?> FindAsync(JobName name, CancellationToken cancellation) =>
        database.ReadAsync(session => CheckRowStore.FindAsync(session, name), cancellation);

    public async Task<IReadOnlyList<Check>> ListAsync(TenantName tenant, JobName? after, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(session => CheckRowStore.ListAsync(session, tenant, after?.Text ?? "", limit), cancellation);

    public async Task<IReadOnlyList<Check>> TroubledAsync(DateTimeOffset now, CancellationToken cancellation) =>
        [
            .. (await database.ReadAsync(session => CheckRowStore.TroubledAsync(session, now), cancellation)).Where(check =>
                !check.IsPausedAt(now)
            ),
        ];

    public Task<JobChange> PutAsync(CheckPut put, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteSurelyAsync(
            session => PutAsync(session, put, by, now),
            async (session, change) =>
                change is not (JobChange.Created or JobChange.Updated)
                || await CheckRowStore.FindAsync(session, put.Definition.Name) is { } found
                    && (found.PingKey == put.Keys.Ping || found.UpdatedAt >= now),
            cancellation
        );

    public Task<bool> SetPauseAsync(JobName name, Pause? pause, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        ChangeAsync(
            name,
            check => check.Paused is null && pause is null ? check : check.Silenced(pause, now),
            pause is null ? EventKind.CheckResumed : EventKind.CheckPaused,
            by,
            now,
            cancellation
        );

    public Task<bool> RotateAsync(JobName name, CheckKeys keys, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        ChangeAsync(
            name,
            check => check with { PingKey = keys.Ping, BadgeKey = keys.Badge },
            EventKind.CheckRotated,
            by,
            now,
            cancellation
        );

    public Task<bool> RemoveAsync(JobName name, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await CheckRowStore.HoldAsync(session, name) is not { } check)
                {
                    return false;
                }

                await PingRowStore.DeleteAsync(session, check);
                await CheckRowStore.DeleteAsync(session, check);
                await RecordAsync(session, EventKind.CheckRemoved, by, now, check, null);
                return true;
            },
            cancellation
        );

    private static async ValueTask<JobChange> PutAsync(DatabaseSession session, CheckPut put, Actor by, DateTimeOffset now)
    {
        var existing = await CheckRowStore.HoldAsync(session, put.Definition.Name);
        if (existing is null && put.ExpectedRevision is null or 0)
        {
            if (await CheckRowStore.TryInsertAsync(session, put, CheckProgress.Of(put.Definition, now), now))
            {
                await AuditRowStore.AddAsync(
                    session,
                    Line(EventKind.CheckCreated, by, now, put.Definition.Name, null, Shown(put.Definition))
                );
                await CheckEventsStore.ChangedAsync(session, EventKind.CheckCreated, put.Definition.Name, null, now);
                return JobChange.Created;
            }

            // Another made it at the same moment.
            existing = await CheckRowStore.HoldAsync(session, put.Definition.Name);
        }

        if (existing is null || (put.ExpectedRevision is { } expected && expected != existing.Revision))
        {
            return JobChange.Conflict;
        }

        if (CheckDocument.Serialize(existing.Definition) == CheckDocument.Serialize(put.Definition))
        {
            return JobChange.Unchanged;
        }

        var changed = existing.Redefined(put.Definition, now);
        await CheckRowStore.UpdateAsync(session, changed);
        await RecordAsync(session, EventKind.CheckUpdated, by, now, existing, changed);
        return JobChange.Updated;
    }

    private Task<bool> ChangeAsync(
        JobName name,
        Func<Check, Check> change,
        string action,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                if (await CheckRowStore.HoldAsync(session, name) is not { } check)
                {
                    return false;
                }

                var changed = change(check);
                if (changed != check)
                {
                    await CheckRowStore.UpdateAsync(session, changed);
                    await RecordAsync(session, action, by, now, check, changed);
                }

                return true;
            },
            cancellation
        );

    /// <summary>Tells of a change, in the audit log and to whoever listens: an action is named as its event.</summary>
    private static async ValueTask RecordAsync(
        DatabaseSession session,
        string action,
        Actor by,
        DateTimeOffset now,
        Check before,
        Check? after
    )
    {
        await AuditRowStore.AddAsync(session, Line(action, by, now, before.Name, Shown(before), after is null ? null : Shown(after)));
        await CheckEventsStore.ChangedAsync(session, action, before.Name, after?.Paused, now);
    }

    private static AuditLine Line(string action, Actor by, DateTimeOffset now, JobName name, string? before, string? after) =>
        new(now, name.Tenant, by, action, name.Text, before, after);

    private static string Shown(CheckDefinition definition) => CheckDocument.Serialize(definition);

    private static string Shown(Check check)
    {
        var json = CheckDocument.Write(check.Definition);
        if (check.Paused is { } pause)
        {
            json["paused"] = new JsonObject { ["reason"] = pause.Reason, ["until"] = pause.Until };
        }

        return json.ToJsonString();
    }
}
