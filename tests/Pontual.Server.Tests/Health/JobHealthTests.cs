using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pontual.Engine.Audit;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Server.Composition;
using Pontual.Server.Health;
using Pontual.Storage.Migrations;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Health;

/// <summary>Health by a manual clock over the real store; nothing plans or runs but what a test writes itself.</summary>
public sealed class JobHealthTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-health-").FullName;
    private readonly ManualTime _time = new(Start);
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        var configuration = new ServerConfiguration { DataFolder = _folder };
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IHostApplicationLifetime, NoHost>();
        services.AddPontual(configuration).AddPontualEngine();
        _services = services.BuildServiceProvider();
        await _services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(DisplayName = "S5-06 a job that never starts goes from never-ran over late to stale by the clock alone")]
    public async Task A_job_that_never_starts_becomes_stale()
    {
        await DefineAsync("every-minute", """ "schedule":{"every":"1m"} """);

        var statuses = new List<string>();
        foreach (var seconds in new[] { 30, 40, 60, 51 })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            statuses.Add((await JudgeAsync()).Jobs[0].Status);
        }

        // Defined at 12:00:00, first due at 12:01:00, stale two minutes after that.
        Assert.Equal(["never-ran", "late", "late", "stale"], statuses);
    }

    [Fact(DisplayName = "S5-06 a stale critical job makes all critical, another only degraded")]
    public async Task A_critical_job_makes_all_critical()
    {
        await DefineAsync("usual", """ "schedule":{"every":"1m"} """);
        _time.Advance(TimeSpan.FromMinutes(10));
        var degraded = await JudgeAsync();
        await DefineAsync("vital", """ "critical":true,"schedule":{"every":"1m"} """);
        _time.Advance(TimeSpan.FromMinutes(10));

        var critical = await JudgeAsync();

        Assert.Equal("degraded", degraded.Status);
        Assert.Equal("critical", critical.Status);
    }

    [Fact(DisplayName = "S5-06 an SLA of a job's own replaces the rule")]
    public async Task An_own_sla_counts()
    {
        await DefineAsync("patient", """ "sla":"1h","schedule":{"every":"1m"} """);
        _time.Advance(TimeSpan.FromMinutes(61));

        var before = (await JudgeAsync()).Jobs[0].Status;
        _time.Advance(TimeSpan.FromMinutes(1));
        var after = (await JudgeAsync()).Jobs[0].Status;

        Assert.Equal(["late", "stale"], [before, after]);
    }

    [Fact(DisplayName = "S5-06 hours outside the schedule do not age a job")]
    public async Task Hours_outside_do_not_count()
    {
        // Monday 12:00 UTC is 09:00 in São Paulo; the next occurrence is on Tuesday at 08:00 there.
        await DefineAsync("mornings", """ "schedule":{"cron":"0-5 8 * * 1-5"} """);
        _time.Advance(TimeSpan.FromHours(22));

        Assert.Equal("never-ran", (await JudgeAsync()).Jobs[0].Status);
    }

    [Fact]
    public async Task A_paused_job_is_paused_and_owes_nothing_when_it_is_resumed()
    {
        await DefineAsync("paused", """ "schedule":{"every":"1m"} """);
        var edits = _services.GetRequiredService<JobEdits>();
        await edits.PauseAsync(JobName.Parse("paused"), "because", new Actor("me"), null, CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(5));
        var paused = (await JudgeAsync()).Jobs[0].Status;
        await edits.ResumeAsync(JobName.Parse("paused"), Actor.Product, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(10));

        var resumed = (await JudgeAsync()).Jobs[0].Status;

        Assert.Equal("paused", paused);
        Assert.Equal("never-ran", resumed);
    }

    private Task<JobsCondition> JudgeAsync() => _services.GetRequiredService<JobHealth>().JudgeAsync(CancellationToken.None);

    private async Task DefineAsync(string name, string more)
    {
        var json = System.Text.Json.JsonElement.Parse($$$"""{"name":"{{{name}}}","target":{"handler":{"name":"none"}},{{{more}}}}""");
        var problems = new List<DocumentProblem>();
        var definition = JobDocument.Read(json, "", problems);
        Assert.Empty(problems);
        var changes = new JobChanges([new JobPut(definition!)], []);
        await _services.GetRequiredService<JobEdits>().ApplyAsync(changes, CancellationToken.None);
    }

    private sealed class NoHost : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new InvalidOperationException("There is nothing to stop.");
    }
}
