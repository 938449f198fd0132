using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Client;
using Pontual.Server.Composition;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Client;

public sealed class ClientTests : IAsyncLifetime, IDisposable
{
    private readonly ApiHost _host = new();
    private readonly Recorder _recorder = new();
    private HttpClient _http = null!;
    private PontualClient _client = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _http = new HttpClient(_recorder);
        _client = new PontualClient(_host.Url, Options());
    }

    public async Task DisposeAsync()
    {
        Dispose();
        await _host.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
        _recorder.Dispose();
    }

    [Fact(DisplayName = "X-01 every operation of the document is done by the typed client over a real server")]
    public async Task Every_operation_works_over_a_real_server()
    {
        await UseJobsAsync();
        await UseRunsAsync();
        await UseWorkersAsync();
        await UseSchedulesAndCalendarsAsync();
        await UseDefinitionsAndQueuesAsync();
        await UseTokensAndAuditAsync();
        await UseUsersAsync();
        await UseChecksAsync();
        await UseAlertsAsync();
        await UseEventsAsync();
        await UseHealthAsync();

        var document = await _host.Anonymous.GetJsonAsync("/openapi/v1.json");
        var unused =
            from path in document.GetProperty("paths").EnumerateObject()
            where !DocumentTests.IsForeign(path.Name)
            from operation in path.Value.EnumerateObject()
            where !_recorder.Has(operation.Name, path.Name)
            select operation.Value.GetProperty("operationId").GetString();
        Assert.Empty(unused);
    }

    private async Task UseChecksAsync()
    {
        var definition = new CheckDefinition
        {
            Name = "backup",
            Schedule = new Schedule { Every = "1d" },
            Grace = "1h",
        };

        var created = await _client.Checks.CreateAsync(definition, idempotencyKey: "check-1");
        var again = await _client.Checks.CreateAsync(definition, idempotencyKey: "check-1");
        using (var sent = await _host.Anonymous.PostAsync($"{created.PingUrl}/1", new StringContent("no space")))
        {
            sent.EnsureSuccessStatusCode();
        }

        var changed = await _client.Checks.PutAsync("backup", again with { Tags = ["nightly"] }, again.ETag);
        var pings = await _client.Checks.PingsAsync("backup", limit: 10);
        var body = await _client.Checks.ReadBodyAsync("backup");
        var paused = await _client.Checks.PauseAsync("backup", new PauseWish("moving"));
        var resumed = await _client.Checks.ResumeAsync("backup");
        var rotated = await _client.Checks.RotateAsync("backup");
        var read = await _client.Checks.GetAsync("backup");
        var list = await _client.Checks.ListAsync();
        await _client.Checks.DeleteAsync("backup");

        Assert.Equal(("new", created.PingUrl), (created.State, again.PingUrl));
        Assert.Equal(["nightly"], changed.Tags);
        Assert.Equal(("failure", 1), (pings.Items[0].Kind, pings.Items[0].ExitCode));
        Assert.Equal("no space", body);
        Assert.Equal(("paused", "moving", "failing"), (paused.State, paused.Paused?.Reason, resumed.State));
        Assert.NotEqual(created.PingUrl, rotated.PingUrl);
        Assert.Equal(rotated.PingUrl, read.PingUrl);
        Assert.Single(list.Items);
    }

    private async Task UseEventsAsync()
    {
        await _client.Jobs.CreateAsync(Echo("heard"));

        var page = await _client.Events.ListAsync(after: 0, wait: 0, topics: "job:heard", limit: 10);
        var first = await _client.Events.FollowAsync(after: 0, topics: "job:heard").FirstAsync();

        Assert.Equal(("job.created", "heard", "jobs"), (page.Items[0].Kind, page.Items[0].Job, page.Items[0].Topic));
        Assert.Equal(1, page.Items[0].Data.GetProperty("revision").GetInt32());
        Assert.Equal(page.Items[0].Cursor, first.Cursor);
        Assert.True(page.NextCursor >= first.Cursor);
    }

    [Fact]
    public async Task A_problem_has_its_type_its_words_and_every_mistake()
    {
        var wrong = new JobDefinition { Name = "Wrong Name", Target = new Target() };

        var refused = await Assert.ThrowsAsync<ProblemException>(() => _client.Jobs.CreateAsync(wrong));
        var missing = await Assert.ThrowsAsync<ProblemException>(() => _client.Jobs.GetAsync("missing"));
        using var stranger = new PontualClient(_host.Url);
        var unknown = await Assert.ThrowsAsync<ProblemException>(() => stranger.Jobs.ListAsync());

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("urn:pontual:problem:invalid-document", refused.Type);
        Assert.Contains(refused.Errors, error => error is { Path: "/name", Fix.Length: > 0 });
        Assert.Equal("urn:pontual:problem:job-not-found", missing.Type);
        Assert.Equal("missing", missing.More["job"].GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.Status);
    }

    [Fact]
    public async Task A_change_that_is_based_on_an_old_revision_is_refused()
    {
        var job = await _client.Jobs.CreateAsync(Echo("edited"));
        await _client.Jobs.PutAsync("edited", job with { Description = "one" }, job.ETag);

        var late = await Assert.ThrowsAsync<ProblemException>(() =>
            _client.Jobs.PutAsync("edited", job with { Description = "two" }, job.ETag)
        );

        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        Assert.Equal("one", (await _client.Jobs.GetAsync("edited")).Description);
    }

    [Fact]
    public async Task Lists_are_walked_page_by_page_and_can_be_stopped()
    {
        for (var number = 0; number < 5; number++)
        {
            await _client.Jobs.CreateAsync(Echo($"walked-{number}"));
        }

        var names = new List<string>();
        await foreach (var job in _client.Jobs.AllAsync(limit: 2))
        {
            names.Add(job.Name);
        }

        using var stop = new CancellationTokenSource();
        var walk = _client.Jobs.AllAsync(limit: 2, stop.Token).GetAsyncEnumerator();
        await walk.MoveNextAsync();
        await stop.CancelAsync();
        Assert.Equal(["walked-0", "walked-1", "walked-2", "walked-3", "walked-4"], names);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await walk.MoveNextAsync()) { }
        });
    }

    [Fact]
    public async Task A_reason_goes_with_changes_and_names_are_no_way_out_of_the_path()
    {
        using var client = new PontualClient(_host.Url, Options() with { Reason = "olá,\nmundo" });

        await client.Jobs.CreateAsync(Echo("told"));

        Assert.Equal("olá, mundo", _recorder.LastHeaders["X-Pontual-Reason"]);
        await Assert.ThrowsAsync<ArgumentException>(() => client.Jobs.DeleteAsync(".."));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => client.Jobs.GetAsync("../tokens"));
        Assert.Equal("urn:pontual:problem:invalid-name", refused.Type);
    }

    private PontualClientOptions Options() => new() { Token = DiscoveryFile.Read(Path.Combine(_host.Folder, "data"))!.Token, Http = _http };

    private static JobDefinition Echo(string name) =>
        new()
        {
            Name = name,
            Target = new Target { Handler = new HandlerTarget("echo") },
        };

    private async Task UseJobsAsync()
    {
        var made = await _client.Jobs.CreateAsync(
            Echo("one") with
            {
                Schedule = new Schedule
                {
                    Cron = "0 9 * * MON-FRI",
                    Zone = "UTC",
                    Dst = new ClockChanges("skip"),
                },
                Retry = new Retry(3, "5s..1m"),
                CatchUp = "none",
                Limit = new JobLimit("shared", AtOnce: 2),
            }
        );
        var put = await _client.Jobs.PutAsync("one", made with { Priority = 3 }, made.ETag);
        var paused = await _client.Jobs.PauseAsync("one", new PauseWish("a reason"));
        await _client.Jobs.ResumeAsync("one");
        await _client.Jobs.ResetAsync("one");
        var read = await _client.Jobs.GetAsync("one");
        await _client.Jobs.CreateAsync(Echo("two"));
        await _client.Jobs.DeleteAsync("two");
        var why = await _client.Jobs.WhyAsync("one", at: "2020-01-01T09:00");

        Assert.Equal((1, 2, "none", 2), (made.Revision, put.Revision, made.CatchUp, made.Limit?.AtOnce));
        Assert.Equal("a reason", paused.Paused?.Reason);
        Assert.Equal(("one", "not-defined"), (why.Job, why.Verdict));
        Assert.Contains(why.Facts, fact => fact.Name == "defined");
        Assert.Equal(("skip", 3, null), (read.Schedule?.Dst?.Gap, read.Priority, read.Paused));
        Assert.NotNull(read.NextRun);
        Assert.Equal(["one"], (await _client.Jobs.ListAsync()).Items.Select(job => job.Name));
    }

    private async Task UseRunsAsync()
    {
        var accepted = await _client.Jobs.RunAsync("one", new RunWish(new JsonObject { ["customer"] = 42 }));
        var text = "";
        await foreach (var piece in _client.Runs.OutputTextAsync(accepted.RunId, follow: true))
        {
            text += piece;
        }

        var run = await _client.Runs.GetAsync(accepted.RunId);
        var again = await _client.Runs.RetryAsync(run.Id);
        var ended = await Assert.ThrowsAsync<ProblemException>(() => _client.Runs.CancelAsync(run.Id));
        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            _client.Runs.CompleteAsync(run.Id, "wrong", new CallbackResult("succeeded"))
        );
        var page = await _client.Runs.ListAsync(job: "one", from: run.ScheduledFor);

        Assert.Equal("olá, wörld ✓\n", text);
        Assert.Equal(("succeeded", true, 3L, 1), (run.State, run.HasEnded, run.ItemsProcessed, run.Attempts?.Count));
        Assert.Equal(42, run.Parameters?.GetProperty("customer").GetInt32());
        Assert.Equal(text, string.Concat((await _client.Runs.OutputAsync(run.Id)).Items.Select(item => item.Text)));
        Assert.Equal("urn:pontual:problem:run-already-ended", ended.Type);
        Assert.Equal("urn:pontual:problem:callback-token-refused", refused.Type);
        Assert.Contains(page.Items, one => one.Id == again.RunId);
    }

    private async Task UseWorkersAsync()
    {
        await _client.Jobs.CreateAsync(
            new JobDefinition
            {
                Name = "outside",
                Target = new Target { Worker = new WorkerTarget("dig", JsonElement.Parse("""{"deep":true}""")) },
                Retry = new Retry(2, "1s..1s"),
            }
        );
        await _client.Jobs.RunAsync("outside");
        var claim = await _client.Workers.ClaimAsync(new ClaimWish("digger", ["dig"], Wait: 10));
        var run = Assert.Single(claim.Runs);
        var held = await _client.Workers.HoldAsync(new HoldWish("digger", [new HeldRun(run.RunId, run.Token, "half\n")]));
        await _client.Workers.FailAsync(new FailedRun("digger", run.RunId, run.Token, "a stone", Retry: true));
        var second = Assert.Single((await _client.Workers.ClaimAsync(new ClaimWish("digger", ["dig"], Wait: 20))).Runs);
        await _client.Workers.CompleteAsync(new CompletedRun("digger", second.RunId, second.Token, ItemsProcessed: 7));

        Assert.True(run.Args?.GetProperty("deep").GetBoolean());
        Assert.Equal("go_on", Assert.Single(held.Runs).Next);
        var ended = await _client.Runs.GetAsync(run.RunId);
        Assert.Equal(("succeeded", 7L, 2), (ended.State, ended.ItemsProcessed, ended.Attempts?.Count));
    }

    private async Task UseSchedulesAndCalendarsAsync()
    {
        var calendar = await _client.Calendars.PutAsync(
            "closed",
            new CalendarDefinition
            {
                Name = "closed",
                Dates = JsonElement.Parse("""["12-24"]"""),
                Zone = "UTC",
            }
        );
        var days = await _client.Calendars.DaysAsync("closed", new DateOnly(2030, 1, 1), new DateOnly(2030, 12, 31));
        var preview = await _client.Schedules.PreviewAsync(new PreviewWish(new Schedule { Every = "1h" }, Count: 3));
        var forecast = await _client.Schedules.ForecastAsync(new ForecastWish { Zone = "UTC", Bars = 4 });
        var chart = await _client.Schedules.DrawAsync();
        var list = await _client.Calendars.ListAsync();
        var read = await _client.Calendars.GetAsync("closed");
        await _client.Calendars.DeleteAsync("closed");

        Assert.Equal("\"1\"", calendar.ETag);
        Assert.Equal("2030-12-24", Assert.Single(days.Days).Date);
        Assert.Equal(3, preview.Occurrences.Count);
        Assert.Contains(forecast.Jobs, job => job.Name == "one");
        Assert.StartsWith("<svg", chart);
        Assert.Equal("closed", Assert.Single(list.Items).Name);
        Assert.Equal(calendar.Revision, read.Revision);
        Assert.True((await _client.Calendars.GetAsync("br")).BuiltIn);
    }

    private async Task UseDefinitionsAndQueuesAsync()
    {
        var limit = await _client.Queues.PutLimitAsync("default", new Limit(AtOnce: 9, Rate: "100/1m"));
        var file = await _client.Definitions.ExportAsync();
        var applied = await _client.Definitions.ApplyAsync(file, dryRun: true, prune: true);
        var queues = await _client.Queues.ListAsync();
        var limits = await _client.Queues.ListLimitsAsync();
        await _client.Queues.DeleteLimitAsync("default");
        var schema = await _client.Definitions.SchemaAsync();

        Assert.Equal(9, limit.AtOnce);
        Assert.False(applied.Done);
        Assert.All(applied.Jobs, job => Assert.Equal("unchanged", job.Change));
        Assert.Contains(queues.Items, queue => queue is { Name: "default", Limit.AtOnce: 9 });
        Assert.Contains(limits.Items, one => one is { Scope: "queue", Limit.AtOnce: 9 });
        Assert.True(schema.TryGetProperty("$defs", out _));
    }

    private async Task UseTokensAndAuditAsync()
    {
        var token = await _client.Tokens.CreateAsync(new NewToken("a build", "read"));
        using var reader = new PontualClient(_host.Url, token.Secret);
        var jobs = await reader.Jobs.ListAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => reader.Jobs.DeleteAsync("one"));
        await _client.Tokens.RevokeAsync(token.Id);
        var list = await _client.Tokens.ListAsync();
        var audit = await _client.Audit.ListAsync(action: "token", limit: 10);

        Assert.NotEmpty(jobs.Items);
        Assert.Equal("urn:pontual:problem:scope-missing", refused.Type);
        Assert.NotNull(list.Items.Single(one => one.Id == token.Id).RevokedAt);
        Assert.DoesNotContain(token.Secret, token.ToString(), StringComparison.Ordinal);
        Assert.Contains(audit.Items, entry => entry.Subject == token.Id);
    }

    private async Task UseUsersAsync()
    {
        const string Password = "correct horse battery staple";
        var ana = await _client.Users.CreateAsync(new NewUser("ana", "viewer", Password));
        var put = await _client.Users.PutAsync("ana", new UserUpdate("operator"), ana.ETag);
        var list = await _client.Users.ListAsync();
        await _client.Users.SetPasswordAsync("ana", new NewPassword($"{Password} 2"));
        using var person = new PontualClient(_host.Url, new PontualClientOptions { Http = _http });
        var caller = await person.Session.LogInAsync(new Login("ana", $"{Password} 2"));
        var offered = await person.Users.SetTotpAsync("ana");
        await person.Users.RemoveTotpAsync("ana");
        await person.Jobs.PauseAsync("one");
        var me = await person.Session.GetAsync();
        await person.Session.LogOutAsync();
        var read = await _client.Users.GetAsync("ana");
        await _client.Users.DeleteAsync("ana");

        Assert.Equal(("operator", "ana"), (put.Role, Assert.Single(list.Items).Name));
        Assert.Equal(("user:ana", "operate"), (caller.Subject, me.Scope));
        Assert.NotNull(offered.Secret);
        Assert.NotNull(read.LastLoginAt);
        Assert.DoesNotContain(Password, new Login("ana", Password).ToString(), StringComparison.Ordinal);
    }

    private async Task UseAlertsAsync()
    {
        var settings = JsonElement.Parse("""{"routes":[{"name":"ops","ntfy":{"url":"http://127.0.0.1:1/"}}],"rules":{}}""");
        var written = await _client.Alerts.PutSettingsAsync(settings);
        var trial = await _client.Alerts.TestAsync("ops");
        var silence = await _client.Alerts.SilenceAsync(new SilenceWish("moving") { For = "1h", Subjects = ["backup*"] });
        var silences = await _client.Alerts.SilencesAsync();
        await _client.Alerts.EndSilenceAsync(silence.Id.ToString());
        var none = Guid.Empty.ToString();

        Assert.Equal(written.GetRawText(), (await _client.Alerts.SettingsAsync()).GetRawText());
        Assert.False(trial.Taken);
        Assert.Equal(silence.Id, Assert.Single(silences.Items).Id);
        Assert.NotNull((await _client.Alerts.ListAsync(state: "all")).Items);
        Assert.Equal("urn:pontual:problem:alert-not-found", await ProblemOfAsync(() => _client.Alerts.GetAsync(none)));
        Assert.Equal(
            "urn:pontual:problem:alert-not-open",
            await ProblemOfAsync(() => _client.Alerts.AcknowledgeAsync(none, new AlertNote("on it")))
        );
        Assert.Equal(
            "urn:pontual:problem:alert-not-open",
            await ProblemOfAsync(() => _client.Alerts.SnoozeAsync(none, new SnoozeWish("2h")))
        );
        Assert.InRange((await _client.Health.ScoreAsync()).Score, 0, 100);
        Assert.NotNull((await _client.Health.AlertsAsync()).Summary);
    }

    private static async Task<string> ProblemOfAsync(Func<Task> call) => (await Assert.ThrowsAsync<ProblemException>(call)).Type;

    private async Task UseHealthAsync()
    {
        Assert.Equal("ok", (await _client.Health.LiveAsync()).Status);
        Assert.Equal("ok", (await _client.Health.ReadyAsync()).Status);
        Assert.Equal("sqlite", (await _client.Health.GetAsync()).Database.Kind);
        Assert.Contains("one", (await _client.Health.JobsAsync()).Jobs.Keys);
        Assert.NotEmpty((await _client.Nodes.ListAsync()).Items);
        Assert.Empty((await _client.Circuits.ListAsync()).Items);
        Assert.Empty((await _client.Circuits.HistoryAsync(circuitName: "evolution")).Items);
        Assert.Equal(
            "urn:pontual:problem:circuit-not-found",
            (await Assert.ThrowsAsync<ProblemException>(() => _client.Circuits.ResetAsync("evolution"))).Type
        );
        Assert.Equal("ok", (await _client.Health.CircuitsAsync()).Status);
        Assert.Equal("ok", (await _client.Health.RateLimitAsync()).Status);
    }
}
