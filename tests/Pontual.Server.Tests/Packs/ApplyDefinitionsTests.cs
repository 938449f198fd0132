using Pontual.Engine.Clocks;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Pacing;
using Pontual.Engine.Planning;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Registry;
using Pontual.Server.Packs;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public sealed class ApplyDefinitionsTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private TestDatabase? _database;

    [Fact]
    public async Task What_the_files_say_is_applied_and_nothing_changes_the_second_time()
    {
        var apply = await StartAsync();
        var request = new ApplyRequest([File("a", "b"), File("c")]);

        var dry = await apply.ApplyAsync(request with { DryRun = true }, CancellationToken.None);
        var none = await NamesAsync();
        var first = await apply.ApplyAsync(request, CancellationToken.None);
        var second = await apply.ApplyAsync(request, CancellationToken.None);

        dry.ShouldBeOfType<ApplyResult.Done>().Applied.ShouldBeFalse();
        none.ShouldBeEmpty();
        first.ShouldBeOfType<ApplyResult.Done>().Applied.ShouldBeTrue();
        second.ShouldBeOfType<ApplyResult.Done>().Diff.Any.ShouldBeFalse();
        (await NamesAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Prune_removes_what_no_file_names()
    {
        var apply = await StartAsync();
        await apply.ApplyAsync(new ApplyRequest([File("a", "b")]), CancellationToken.None);

        await apply.ApplyAsync(new ApplyRequest([File("b", "c")]), CancellationToken.None);
        var kept = await NamesAsync();
        await apply.ApplyAsync(new ApplyRequest([File("b", "c")], Prune: true), CancellationToken.None);

        kept.ShouldBe(["a", "b", "c"]);
        (await NamesAsync()).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Calendars_come_with_the_jobs_that_name_them_and_go_with_them()
    {
        var apply = await StartAsync();
        const string Text = """
            calendars:
              - name: mine
                dates: [2026-12-24, { date: 12-31, name: Ours }]
                hours: { mon-fri: "08:00-12:00, 14:00-18:00" }
            jobs:
              - name: a
                schedule: { cron: "0 9 * * *", except: [mine, br] }
                target: { http: { url: http://x } }

            """;
        var without = Text.Replace("name: mine", "name: ours", StringComparison.Ordinal);

        var dry = await apply.ApplyAsync(new ApplyRequest([new PackFile("a.yaml", Text)], DryRun: true), CancellationToken.None);
        var first = await apply.ApplyAsync(new ApplyRequest([new PackFile("a.yaml", Text)]), CancellationToken.None);
        var calendars = await _database!.Calendars.ListAsync(TenantName.Default, CancellationToken.None);
        var jobs = (await _database.Jobs.ListAsync(null, null, 100, CancellationToken.None)).Select(job => job.Definition);
        var export = PackExport.Write(jobs, calendars.Select(calendar => calendar.Definition));
        var again = await apply.ApplyAsync(new ApplyRequest([new PackFile("b.yaml", export)]), CancellationToken.None);
        var refused = await apply.ApplyAsync(new ApplyRequest([new PackFile("a.yaml", without)], Prune: true), CancellationToken.None);
        var pruned = await apply.ApplyAsync(new ApplyRequest([File("b")], Prune: true), CancellationToken.None);

        dry.ShouldBeOfType<ApplyResult.Done>().Diff.Render().ShouldStartWith("+ calendar mine\n    dates: ");
        first.ShouldBeOfType<ApplyResult.Done>().Applied.ShouldBeTrue();
        again.ShouldBeOfType<ApplyResult.Done>().Diff.Any.ShouldBeFalse();
        refused.ShouldBeOfType<ApplyResult.Refused>().Problems.ShouldHaveSingleItem().Message.ShouldContain("'mine'");
        pruned.ShouldBeOfType<ApplyResult.Done>().Diff.Render().ShouldContain("- calendar mine");
        (await _database.Calendars.ListAsync(TenantName.Default, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_iCalendar_file_is_read_from_beside_the_definitions_only()
    {
        var apply = await StartAsync();
        var folder = Directory.CreateTempSubdirectory("pontual-");
        try
        {
            await System.IO.File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "days.ics"),
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nSUMMARY:Ours\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            );
            var path = Path.Combine(folder.FullName, "pack.yaml");
            await System.IO.File.WriteAllTextAsync(path, "calendars: [{ name: mine, ical-file: days.ics }]");
            var (file, _) = await PackFile.LoadAsync(path, CancellationToken.None);

            var sent = await apply.ApplyAsync(new ApplyRequest([file! with { Folder = null }]), CancellationToken.None);
            var read = await apply.ApplyAsync(new ApplyRequest([file]), CancellationToken.None);
            var stored = await _database!.Calendars.FindAsync(TenantName.Default, "mine", CancellationToken.None);

            sent.ShouldBeOfType<ApplyResult.Refused>().Problems.ShouldHaveSingleItem().Path.ShouldBe("/calendars/0/ical-file");
            read.ShouldBeOfType<ApplyResult.Done>().Applied.ShouldBeTrue();
            stored!.Definition.Calendar.Covers(new DateOnly(2026, 12, 24), out var name).ShouldBeTrue();
            name.ShouldBe("Ours");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task One_wrong_job_in_one_file_and_nothing_is_applied()
    {
        var apply = await StartAsync();

        var result = await apply.ApplyAsync(new ApplyRequest([File("a", "b"), File("c", "Wrong")], Prune: true), CancellationToken.None);

        result.ShouldBeOfType<ApplyResult.Refused>().Problems.ShouldHaveSingleItem().Rule.ShouldBe("name");
        (await NamesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_stored_and_exported_and_applied_again_changes_nothing()
    {
        var apply = await StartAsync();
        const string Text = """
            jobs:
              - name: a
                schedule: { cron: "*/5 * * * *", zone: Europe/Lisbon, dst: { gap: skip } }
                target: { http: { url: "http://x/${env:HOME}", n: 1.50, t: "é 😀\n" } }
                retry: { attempts: 3, backoff: 1s..2m, on: [network, 429] }
            """;
        await apply.ApplyAsync(new ApplyRequest([new("a.yaml", Text)]), CancellationToken.None);

        var stored = await _database!.Jobs.ListAsync(null, null, int.MaxValue, CancellationToken.None);
        var export = PackExport.Write(stored.Select(job => job.Definition));
        var again = await apply.ApplyAsync(new ApplyRequest([new("export.yaml", export)], Prune: true), CancellationToken.None);

        again.ShouldBeOfType<ApplyResult.Done>().Diff.Render().ShouldBe("0 to create, 0 to update, 0 to remove, 1 unchanged.\n");
    }

    [Fact]
    public async Task Limits_of_queues_are_applied_compared_exported_and_pruned()
    {
        var apply = await StartAsync();
        const string Text = "queues:\n  slow: { at-once: 2 }\n  whatsapp: { at-once: 10, rate: 100/1m }\njobs: []\n";
        var first = await ApplyAsync(Text);
        var changed = await ApplyAsync(Text.Replace("at-once: 10", "at-once: 12", StringComparison.Ordinal));
        var export = PackExport.Write([], null, await _database!.Limits.QueuesAsync(CancellationToken.None));
        var same = await ApplyAsync(export);
        var pruned = await ApplyAsync("queues: { slow: { at-once: 2 } }");

        first.ShouldBe(
            "+ limit of queue slow\n    at-once: 2\n+ limit of queue whatsapp\n    at-once: 10\n    rate: 100/1m\n2 to create, 0 to update, 0 to remove, 0 unchanged.\n"
        );
        changed.ShouldBe("~ limit of queue whatsapp\n    ~ at-once: 10 -> 12\n0 to create, 1 to update, 0 to remove, 1 unchanged.\n");
        export.ShouldBe(Text.Replace("at-once: 10", "at-once: 12", StringComparison.Ordinal));
        same.ShouldBe("0 to create, 0 to update, 0 to remove, 2 unchanged.\n");
        pruned.ShouldBe("- limit of queue whatsapp\n0 to create, 0 to update, 1 to remove, 1 unchanged.\n");

        async Task<string> ApplyAsync(string text)
        {
            var result = await apply.ApplyAsync(new ApplyRequest([new("queues.yaml", text)], Prune: true), CancellationToken.None);
            return result.ShouldBeOfType<ApplyResult.Done>().Diff.Render();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private async Task<ApplyDefinitions> StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.Sqlite, _time);
        var clock = new ScheduleClock(_time);
        var planner = new OccurrencePlanner(new PlannerOptions(), new SystemRandomBytes(), clock);
        var edits = new JobEdits(_database.Jobs, planner, new Signals(_time), clock, _time);
        return new ApplyDefinitions(
            _database.Jobs,
            _database.Calendars,
            _database.Limits,
            new PackGateways(new GatewayStore(_database.Database), new SystemRandomBytes(), _time),
            edits,
            [new AnyHttp()],
            new Secrets(_ => "set"),
            clock
        );
    }

    private async Task<IEnumerable<string>> NamesAsync() =>
        (await _database!.Jobs.ListAsync(null, null, int.MaxValue, CancellationToken.None)).Select(job => job.Name.ToString());

    private static PackFile File(params string[] names) =>
        new(
            $"{names[0]}.yaml",
            "jobs:\n" + string.Concat(names.Select(name => $"  - {{ name: {name}, target: {{ http: {{ url: x }} }} }}\n"))
        );

    private sealed class AnyHttp : IRunner
    {
        public string Kind => "http";

        public IEnumerable<DocumentProblem> Check(System.Text.Json.JsonElement settings, TenantName tenant) => [];

        public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation) =>
            Task.FromException<Outcome>(new InvalidOperationException("Nothing runs here."));
    }
}
