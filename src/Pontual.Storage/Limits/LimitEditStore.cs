using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Storage.Database;

namespace Pontual.Storage.Limits;

/// <summary>Makes a job's runs follow when its limit is edited.</summary>
internal static class LimitEditStore
{
    private static readonly RowSet<Limited> Changes = new(
        ("id", ValueKind.Id, run => run.Id),
        ("limit_key", ValueKind.Text, run => run.Key),
        ("limit_at", ValueKind.Instant, run => run.LimitAt),
        ("not_before", ValueKind.Instant, run => run.NotBefore),
        ("claim_at", ValueKind.Instant, run => run.ClaimAt)
    );

    private const string RunsOf = "SELECT id, limit_key, limit_at, not_before, claim_at, parameters, state FROM run WHERE job_id = @job";

    private static readonly Statement HotOf = new(postgreSql: $"{RunsOf} FOR UPDATE", sqlite: RunsOf);

    private static readonly Statement Write = new(
        """
        WITH {rows}
        UPDATE run SET limit_key = rows.limit_key, limit_at = rows.limit_at, not_before = rows.not_before, claim_at = rows.claim_at
        FROM rows WHERE run.id = rows.id
        """
    );

    /// <summary>Runs that have not ended get the key that the new definition gives them; those that wait keep their places, under the new bound.</summary>
    public static async ValueTask FollowAsync(DatabaseSession session, Job old, JobDefinition definition, DateTimeOffset now)
    {
        if (old.Definition.Limit == definition.Limit)
        {
            return;
        }

        var hot = await session.QueryAsync(
            HotOf,
            row => new Limited(
                row.Id(0),
                row.TextOrNull(1),
                row.InstantOrNull(2),
                row.InstantOrNull(3),
                row.InstantOrNull(4),
                row.TextOrNull(5),
                row.Text(6) == "running"
            ),
            ("job", old.Id)
        );
        var after = hot.ConvertAll(run => run.Under(definition.Limit?.KeyOf(definition.Name, run.Parameters), now));
        await session.ExecuteAsync(Write, Changes, after);
        if (definition.Limit is { } limit)
        {
            await BindAsync(session, [.. after.Select(run => run.Key!).Distinct(StringComparer.Ordinal)], limit.Bound, now);
        }

        await LimitStore.LetGoAsync(session, hot.Concat(after).Select(run => run.Key), now);
    }

    private static async ValueTask BindAsync(DatabaseSession session, IReadOnlyList<string> keys, Limit bound, DateTimeOffset now)
    {
        await LimitRowStore.PutAsync(session, keys.Select(key => (key, bound)), now);
        var lines = await LimitRowStore.HoldAsync(session, keys, now);
        await LimitRowStore.AdvanceAsync(
            session,
            "key",
            [.. lines.Select(line => (line.Name, LimitUse.Carried(bound, line.Use.Tat, now)))]
        );
    }

    private sealed record Limited(
        Guid Id,
        string? Key,
        DateTimeOffset? LimitAt,
        DateTimeOffset? NotBefore,
        DateTimeOffset? ClaimAt,
        string? Parameters,
        bool IsRunning
    )
    {
        /// <summary>The run under another key: in line where it could start now, out of any line without a key.</summary>
        public Limited Under(string? key, DateTimeOffset now) =>
            IsRunning || ClaimAt is null ? this with { Key = key }
            : key is null
                ? LimitAt is null ? this with { Key = null }
                    : this with { Key = null, LimitAt = null, NotBefore = now, ClaimAt = LimitAt }
            : LimitAt is null && NotBefore > now ? this with { Key = key }
            : this with { Key = key, LimitAt = LimitAt ?? ClaimAt, NotBefore = LimitRowStore.Never, ClaimAt = LimitRowStore.Never };
    }
}
