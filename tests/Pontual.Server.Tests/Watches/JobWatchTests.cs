using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pontual.Engine.Alerts;
using Pontual.Engine.Audit;
using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Server.Composition;
using Pontual.Server.Watches;
using Pontual.Storage.Migrations;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Watches;

/// <summary>The watch over jobs by a manual clock over the real store; nothing plans or runs.</summary>
public sealed class JobWatchTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-watch-").FullName;
    private readonly ManualTime _time = new(Start);
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IHostApplicationLifetime, NoHost>();
        services.AddPontual(new ServerConfiguration { DataFolder = _folder }).AddPontualEngine();
        _services = services.BuildServiceProvider();
        await _services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(DisplayName = "S5-06 a job that nobody plans is found once its slack is over, and by nothing but the clock")]
    public async Task A_job_that_never_starts_is_found()
    {
        await DefineAsync("every-minute", """ "schedule":{"every":"1m"} """);
        await DefineAsync("yearly", """ "schedule":{"cron":"0 0 1 1 *"} """);
        _time.Advance(TimeSpan.FromMinutes(3));
        var before = await LookAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        var finding = Assert.Single(await LookAsync());

        Assert.Empty(before);
        Assert.Equal((AlertRule.JobStale, "every-minute", Severity.Warning), (finding.Rule, finding.Subject, finding.Severity));
        Assert.Equal(NodeWatch.NoSchedulerKey, finding.Parent);
        Assert.Contains(
            "it never ran; the due time 2026-03-09 12:01:00Z has not been planned by any node",
            finding.Summary,
            StringComparison.Ordinal
        );
    }

    [Fact(DisplayName = "S5-06 a critical job is found critical, and a paused one is not found at all")]
    public async Task Critical_jobs_and_paused_ones()
    {
        await DefineAsync("vital", """ "critical":true,"sla":"10s","schedule":{"every":"1m"} """);
        await DefineAsync("paused", """ "sla":"10s","schedule":{"every":"1m"} """);
        await _services
            .GetRequiredService<JobEdits>()
            .PauseAsync(JobName.Parse("paused"), "because", new Actor("me"), null, CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(2));

        var finding = Assert.Single(await LookAsync());

        Assert.Equal(("vital", Severity.Critical), (finding.Subject, finding.Severity));
    }

    private Task<IReadOnlyList<Finding>> LookAsync() =>
        _services.GetServices<IWatch>().OfType<JobWatch>().Single().LookAsync(_time.GetUtcNow(), CancellationToken.None);

    private async Task DefineAsync(string name, string more)
    {
        var json = System.Text.Json.JsonElement.Parse($$$"""{"name":"{{{name}}}","target":{"handler":{"name":"none"}},{{{more}}}}""");
        var problems = new List<DocumentProblem>();
        var definition = JobDocument.Read(json, "", problems);
        Assert.Empty(problems);
        await _services.GetRequiredService<JobEdits>().ApplyAsync(new JobChanges([new JobPut(definition!)], []), CancellationToken.None);
    }

    private sealed class NoHost : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => throw new InvalidOperationException("There is nothing to stop.");
    }
}
