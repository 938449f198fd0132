using System.Collections.Concurrent;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Calendars;

/// <summary>Reads and writes calendars inside a session, and which jobs name them.</summary>
internal sealed class CalendarRowStore
{
    private const int Capacity = 1_000;
    private const int MostUsersNamed = 20;
    private const string Columns = "name, definition, revision, updated_at";

    private static readonly RowSet<string> Names = new(("name", ValueKind.Text, name => name));

    private static readonly RowSet<(string Calendar, long Job)> Uses = new(
        ("calendar", ValueKind.Text, use => use.Calendar),
        ("job_id", ValueKind.Number, use => use.Job)
    );

    private static readonly Statement ByName = new(
        "WITH {rows} SELECT calendar.name, definition, revision, updated_at FROM rows JOIN calendar ON calendar.tenant = @tenant AND calendar.name = rows.name"
    );

    private static readonly Statement All = new($"SELECT {Columns} FROM calendar WHERE tenant = @tenant ORDER BY name");

    private static readonly Statement Upsert = new(
        """
        INSERT INTO calendar (tenant, name, definition, updated_at) VALUES (@tenant, @name, @definition, @now)
        ON CONFLICT (tenant, name) DO UPDATE SET definition = @definition, revision = calendar.revision + 1, updated_at = @now
        """
    );

    private static readonly Statement Delete = new("DELETE FROM calendar WHERE tenant = @tenant AND name = @name");

    private static readonly Statement UsersOf = new(
        """
        SELECT job_id FROM calendar_use JOIN job ON job.id = calendar_use.job_id AND job.tenant = @tenant
        WHERE calendar = @calendar ORDER BY job_id
        """
    );

    private static readonly Statement UserNames = new(
        """
        SELECT job.tenant, job.name FROM calendar_use
        JOIN job ON job.id = calendar_use.job_id AND job.tenant = @tenant AND job.removed_at IS NULL
        WHERE calendar = @calendar ORDER BY job.name LIMIT @limit
        """
    );

    private static readonly Statement Forget = new("DELETE FROM calendar_use WHERE job_id = @job");
    private static readonly Statement Use = new(
        "WITH {rows} INSERT INTO calendar_use (calendar, job_id) SELECT calendar, job_id FROM rows"
    );

    // Whoever changes calendars, or puts jobs that name some, does so alone: so no job is put that names a calendar on its way out.
    private static readonly Statement Alone = new(postgreSql: "SELECT 1 FROM pg_advisory_xact_lock(7063829465712)", sqlite: "SELECT 1");

    // By tenant and name, with the text they were read from: another text is another calendar, whatever became of the row it stood in.
    private readonly ConcurrentDictionary<(TenantName, string), (string Text, CalendarDefinition Definition)> _parsed = new();

    public static async ValueTask HoldAsync(DatabaseSession session) => await session.QueryAsync(Alone, row => row.Int64(0));

    public async ValueTask<Dictionary<string, StoredCalendar>> FindAsync(
        DatabaseSession session,
        TenantName tenant,
        IReadOnlyCollection<string> names
    ) =>
        (await session.QueryAsync(ByName, Names, [.. names], row => Read(tenant, row), ("tenant", tenant.ToString()))).ToDictionary(
            calendar => calendar.Definition.Name,
            StringComparer.Ordinal
        );

    public ValueTask<List<StoredCalendar>> ListAsync(DatabaseSession session, TenantName tenant) =>
        session.QueryAsync(All, row => Read(tenant, row), ("tenant", tenant.ToString()));

    /// <summary>Definitions with the calendars they name as they are now. One statement for each tenant whose jobs name any.</summary>
    public async ValueTask<JobDefinition[]> BindAsync(DatabaseSession session, JobDefinition[] definitions)
    {
        var known = new Dictionary<(TenantName, string), StoredCalendar>();
        foreach (var of in definitions.GroupBy(definition => definition.Name.Tenant))
        {
            var names = of.SelectMany(definition => definition.Schedule.Terms.Calendars.Unbound).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, calendar) in names.Count == 0 ? [] : await FindAsync(session, of.Key, names))
            {
                known.Add((of.Key, name), calendar);
            }
        }

        return known.Count == 0 ? definitions : Array.ConvertAll(definitions, Bound);

        JobDefinition Bound(JobDefinition definition)
        {
            var schedule = definition.Schedule.Bind(name => known.GetValueOrDefault((definition.Name.Tenant, name))?.Definition.Calendar);
            return ReferenceEquals(schedule, definition.Schedule) ? definition : definition with { Schedule = schedule };
        }
    }

    public static ValueTask<int> PutAsync(DatabaseSession session, TenantName tenant, CalendarDefinition calendar, DateTimeOffset now) =>
        session.ExecuteAsync(
            Upsert,
            ("tenant", tenant.ToString()),
            ("name", calendar.Name),
            ("definition", CalendarDocument.Serialize(calendar)),
            ("now", now)
        );

    public static ValueTask<int> DeleteAsync(DatabaseSession session, TenantName tenant, string name) =>
        session.ExecuteAsync(Delete, ("tenant", tenant.ToString()), ("name", name));

    /// <summary>The ids of the jobs that name a calendar, rising.</summary>
    public static ValueTask<List<long>> UsersAsync(DatabaseSession session, TenantName tenant, string calendar) =>
        session.QueryAsync(UsersOf, row => row.Int64(0), ("tenant", tenant.ToString()), ("calendar", calendar));

    /// <summary>The names of such jobs, the first 20.</summary>
    public static ValueTask<List<JobName>> UserNamesAsync(DatabaseSession session, TenantName tenant, string calendar) =>
        session.QueryAsync(
            UserNames,
            row => KnownJobsStore.NameOf(row, 0),
            ("tenant", tenant.ToString()),
            ("calendar", calendar),
            ("limit", MostUsersNamed)
        );

    /// <summary>Records which calendars a job names, in the place of what was recorded.</summary>
    public static async ValueTask RecordUseAsync(DatabaseSession session, long job, JobDefinition? definition, bool isNew)
    {
        if (!isNew)
        {
            await session.ExecuteAsync(Forget, ("job", job));
        }

        if (definition is not null && CalendarDocument.NamesIn(definition) is { Count: > 0 } names)
        {
            await session.ExecuteAsync(Use, Uses, [.. names.Select(name => (name, job))]);
        }
    }

    private StoredCalendar Read(TenantName tenant, Row row) => new(Parse((tenant, row.Text(0)), row.Text(1)), row.Int32(2), row.Instant(3));

    private CalendarDefinition Parse((TenantName, string) name, string text)
    {
        if (_parsed.TryGetValue(name, out var kept) && kept.Text == text)
        {
            return kept.Definition;
        }

        if (_parsed.Count >= Capacity)
        {
            _parsed.Clear();
        }

        var definition = CalendarDocument.Deserialize(text);
        _parsed[name] = (text, definition);
        return definition;
    }
}
