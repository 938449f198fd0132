using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Tenants;
using Pontual.Storage.Calendars;
using Pontual.Storage.Database;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Jobs;

/// <summary>Reads jobs inside a session, for whoever needs them whole.</summary>
internal sealed class KnownJobsStore(DefinitionCache cache, CalendarRowStore calendars)
{
    private const string Columns = """
        job.id, job.tenant, job.revision, job.paused_since, job.paused_reason, job.paused_by, job.paused_until, job.created_at, job.updated_at,
        mark, next_due, runs, failure_streak, last_run_id, last_state, last_started_at, last_finished_at,
        stretch_id, stretch_reason, stretch_detail, reset_at, usual_ms, slow_streak, last_duration_ms, last_lateness_ms, failing_since
        """;

    /// <summary>How long after its due time a job may be without a plan.</summary>
    private static readonly TimeSpan PlanningTime = TimeSpan.FromSeconds(5);

    private static readonly RowSet<long> Ids = new(("id", ValueKind.Number, id => id));
    private static readonly RowSet<JobName> Names = new(
        ("tenant", ValueKind.Text, name => name.Tenant.ToString()),
        ("name", ValueKind.Text, name => name.Text)
    );

    private static readonly Statement ById = new(
        $$"""
        WITH {rows} SELECT {{Columns}} FROM rows CROSS JOIN job JOIN job_state ON job_state.job_id = job.id WHERE job.id = rows.id
        """
    );

    private const string OfDefined = $$"""
        WITH {rows} SELECT {{Columns}} FROM rows JOIN job ON job.id = rows.id AND job.removed_at IS NULL JOIN job_state ON job_state.job_id = job.id
        """;

    private static readonly Statement DefinedById = new(OfDefined);

    // LIMIT is a fence: while statistics are not fresh a plain join compares each name with every job, 10 s for 10,000 of each.
    private static readonly Statement ByName = new(
        postgreSql: $$"""
        WITH {rows} SELECT {{Columns}} FROM rows
        CROSS JOIN LATERAL (
            SELECT * FROM job WHERE job.tenant = rows.tenant AND job.name = rows.name AND job.removed_at IS NULL LIMIT 1) AS job
        JOIN job_state ON job_state.job_id = job.id
        """,
        sqlite: $$"""
        WITH {rows} SELECT {{Columns}} FROM rows
        JOIN job ON job.tenant = rows.tenant AND job.name = rows.name AND job.removed_at IS NULL
        JOIN job_state ON job_state.job_id = job.id
        """
    );

    private static readonly Statement Page = new(
        $"""
        SELECT {Columns} FROM job JOIN job_state ON job_state.job_id = job.id
        WHERE job.tenant = @tenant AND job.removed_at IS NULL AND job.name > @after
        ORDER BY job.name LIMIT @limit
        """
    );

    private static readonly Statement All = new(
        $"""
        SELECT {Columns} FROM job JOIN job_state ON job_state.job_id = job.id
        WHERE job.removed_at IS NULL ORDER BY job.tenant, job.name LIMIT @limit
        """
    );

    // A job that is well has its due times planned, its runs begun, and its last ones behind it. A run that has not begun counts from its due time on:
    // where each takes the place of the one before, none of them is ever older than that.
    private static readonly Statement Troubled = new(
        $"""
        SELECT {Columns} FROM job JOIN job_state ON job_state.job_id = job.id
        WHERE job.removed_at IS NULL AND job.id IN (
            SELECT job_id FROM job_state WHERE failure_streak > 0 OR slow_streak > 0 OR stretch_id IS NOT NULL
            UNION SELECT job_id FROM job_state WHERE next_due IS NOT NULL AND next_due <= @before
            UNION SELECT job_id FROM run WHERE trigger = 'schedule' AND state = 'pending' AND attempt = 0 AND due_at <= @now)
        ORDER BY job.id LIMIT @limit
        """
    );

    private static readonly Statement Definitions = new(
        "WITH {rows} SELECT job.id, job.revision, job.definition FROM rows JOIN job ON job.id = rows.id"
    );

    // Whoever decides about a job's runs holds its row first, in the order of ids, so that no two wait for each other.
    private const string Locked = """
        WITH {rows} SELECT job_state.job_id FROM job_state JOIN rows ON rows.id = job_state.job_id
        ORDER BY job_state.job_id FOR UPDATE OF job_state
        """;

    private static readonly Statement Lock = new(postgreSql: Locked, sqlite: "WITH {rows} SELECT id FROM rows");

    // Two statements, so that the second sees what the holder before us committed.
    private static readonly Statement HeldById = new(postgreSql: $"{Locked}; {OfDefined}", sqlite: OfDefined) { AnswersSecond = true };

    /// <summary>The jobs of these ids, removed ones too; unknown ids are left out.</summary>
    public async ValueTask<Dictionary<long, Job>> ByIdAsync(DatabaseSession session, IReadOnlyCollection<long> ids)
    {
        var rows = await session.QueryAsync(ById, Ids, [.. ids], Read);
        return (await CompleteAsync(session, rows)).ToDictionary(known => known.Job.Id, known => known.Job);
    }

    /// <summary>Those of these ids that are defined now, with the stretch of skipped occurrences that may still grow.</summary>
    public async ValueTask<List<(Job Job, OpenStretch? Stretch)>> DefinedByIdAsync(DatabaseSession session, IReadOnlyList<long> ids) =>
        await CompleteAsync(session, await session.QueryAsync(DefinedById, Ids, ids, Read));

    /// <summary>As <see cref="DefinedByIdAsync"/>, and holds all of them until the transaction ends.</summary>
    public async ValueTask<List<(Job Job, OpenStretch? Stretch)>> HoldDefinedByIdAsync(DatabaseSession session, IReadOnlyList<long> ids) =>
        await CompleteAsync(session, await session.QueryAsync(HeldById, Ids, ids, Read));

    /// <summary>The jobs of these names that are defined now.</summary>
    public async ValueTask<Dictionary<JobName, Job>> ByNameAsync(DatabaseSession session, IReadOnlyCollection<JobName> names)
    {
        var rows = await session.QueryAsync(ByName, Names, [.. names], Read);
        return (await CompleteAsync(session, rows)).ToDictionary(known => known.Job.Name, known => known.Job);
    }

    /// <summary>A job as it stands once nobody else decides about it; null when it is not defined.</summary>
    public async ValueTask<Job?> HoldAsync(DatabaseSession session, JobName name)
    {
        var found = await ByNameAsync(session, [name]);
        if (found.Count == 0 || session.Dialect is Dialect.Sqlite)
        {
            return found.GetValueOrDefault(name);
        }

        await LockAsync(session, [found[name].Id]);
        return (await ByNameAsync(session, [name])).GetValueOrDefault(name);
    }

    /// <summary>Jobs of a tenant, or of all, in the order of their names.</summary>
    public async ValueTask<List<Job>> PageAsync(DatabaseSession session, TenantName? tenant, string after, int limit)
    {
        var rows = tenant is { } one
            ? await session.QueryAsync(Page, Read, ("tenant", one.ToString()), ("after", after), ("limit", limit))
            : await session.QueryAsync(All, Read, ("limit", limit));
        return (await CompleteAsync(session, rows)).ConvertAll(known => known.Job);
    }

    /// <summary>Jobs that are not plainly well: a due time up to an instant has no run yet, or one that did not begin; the last runs failed, were slow or were skipped.</summary>
    public async ValueTask<List<Job>> TroubledAsync(DatabaseSession session, DateTimeOffset now, int limit) =>
        (
            await CompleteAsync(
                session,
                await session.QueryAsync(Troubled, Read, ("before", now - PlanningTime), ("now", now), ("limit", limit))
            )
        ).ConvertAll(known => known.Job);

    /// <summary>The name of a job whose tenant and name stand in this column and the next.</summary>
    public static JobName NameOf(Row row, int column) => JobName.Parse(row.Text(column + 1)).In(TenantName.Parse(row.Text(column)));

    /// <summary>Holds the jobs until the transaction ends, so that nobody else decides about their runs. SQLite has one writer anyway.</summary>
    public static async ValueTask LockAsync(DatabaseSession session, IReadOnlyCollection<long> ids)
    {
        if (session.Dialect is Dialect.PostgreSql)
        {
            await session.QueryAsync(Lock, Ids, [.. ids], row => row.Int64(0));
        }
    }

    private async ValueTask<List<(Job Job, OpenStretch? Stretch)>> CompleteAsync(DatabaseSession session, List<JobRow> rows)
    {
        var definitions = rows.Select(row => cache.Find(row.Id, row.Revision)).ToArray();
        var missing = rows.Where((_, index) => definitions[index] is null).Select(row => row.Id).ToList();
        var texts = await session.QueryAsync(
            Definitions,
            Ids,
            missing,
            row => (Id: row.Int64(0), Revision: row.Int32(1), Text: row.Text(2))
        );
        var tenants = rows.ToDictionary(row => row.Id, row => row.Tenant);
        var parsed = texts.ToDictionary(found => found.Id, found => Parse(found.Id, found.Revision, found.Text, tenants[found.Id]));
        var bound = await calendars.BindAsync(session, [.. rows.Select((row, index) => definitions[index] ?? parsed[row.Id])]);
        return [.. rows.Select((row, index) => (row.ToJob(bound[index]), row.Stretch))];
    }

    private JobDefinition Parse(long id, int revision, string text, TenantName tenant)
    {
        var definition = JobDocument.Deserialize(text).In(tenant);
        cache.Keep(id, revision, definition);
        return definition;
    }

    private static JobRow Read(Row row) =>
        new(
            row.Int64(0),
            TenantName.Parse(row.Text(1)),
            row.Int32(2),
            row.IsNull(3) ? null : new Pause(row.Instant(3), row.TextOrNull(4), row.TextOrNull(5), row.InstantOrNull(6)),
            row.Instant(7),
            row.Instant(8),
            row.Instant(9),
            row.InstantOrNull(10),
            new JobTotals(
                row.Int64(11),
                row.Int32(12),
                row.IdOrNull(13),
                row.IsNull(14) ? null : RunWords.State(row.Text(14)),
                row.InstantOrNull(15),
                row.InstantOrNull(16)
            )
            {
                Usual = SpanOf(row, 21),
                SlowStreak = row.Int32(22),
                LastDuration = SpanOf(row, 23),
                LastLateness = SpanOf(row, 24),
                FailingSince = row.InstantOrNull(25),
            },
            row.IsNull(17) ? null : new OpenStretch(row.Id(17), row.Text(18), row.TextOrNull(19)),
            row.InstantOrNull(20)
        );

    private static TimeSpan? SpanOf(Row row, int column) =>
        row.Int64OrNull(column) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private sealed record JobRow(
        long Id,
        TenantName Tenant,
        int Revision,
        Pause? Paused,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        DateTimeOffset Mark,
        DateTimeOffset? NextDue,
        JobTotals Totals,
        OpenStretch? Stretch,
        DateTimeOffset? ResetAt
    )
    {
        public Job ToJob(JobDefinition definition) =>
            new()
            {
                Id = Id,
                Definition = definition,
                Revision = Revision,
                Paused = Paused,
                Mark = Mark,
                NextDue = NextDue,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                Totals = Totals,
                ResetAt = ResetAt,
            };
    }
}
