using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Client;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Client;

/// <summary>The typed client does all that the document describes.</summary>
public sealed class EveryOperationTests : ClientTest
{
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
        await UseChannelsAsync();
        await UseWebhooksAsync();
        await UseEventsAsync();
        await UseHealthAsync();

        var document = await Host.Anonymous.GetJsonAsync("/openapi/v1.json");
        var unused =
            from path in document.GetProperty("paths").EnumerateObject()
            where !DocumentTests.IsForeign(path.Name)
            from operation in path.Value.EnumerateObject()
            where !Recorder.Has(operation.Name, path.Name)
            select operation.Value.GetProperty("operationId").GetString();
        Assert.Empty(unused);
    }

    private async Task UseJobsAsync()
    {
        var made = await Client.Jobs.CreateAsync(
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
        var put = await Client.Jobs.PutAsync("one", made with { Priority = 3 }, made.ETag);
        var paused = await Client.Jobs.PauseAsync("one", new PauseWish("a reason"));
        await Client.Jobs.ResumeAsync("one");
        await Client.Jobs.ResetAsync("one");
        var read = await Client.Jobs.GetAsync("one");
        await Client.Jobs.CreateAsync(Echo("two"));
        await Client.Jobs.DeleteAsync("two");
        var why = await Client.Jobs.WhyAsync("one", at: "2020-01-01T09:00");

        Assert.Equal((1, 2, "none", 2), (made.Revision, put.Revision, made.CatchUp, made.Limit?.AtOnce));
        Assert.Equal("a reason", paused.Paused?.Reason);
        Assert.Equal(("one", "not-defined"), (why.Job, why.Verdict));
        Assert.Contains(why.Facts, fact => fact.Name == "defined");
        Assert.Equal(("skip", 3, null), (read.Schedule?.Dst?.Gap, read.Priority, read.Paused));
        Assert.NotNull(read.NextRun);
        Assert.Equal(["one"], (await Client.Jobs.ListAsync()).Items.Select(job => job.Name));
    }

    private async Task UseRunsAsync()
    {
        var accepted = await Client.Jobs.RunAsync("one", new RunWish(new JsonObject { ["customer"] = 42 }));
        var text = "";
        await foreach (var piece in Client.Runs.OutputTextAsync(accepted.RunId, follow: true))
        {
            text += piece;
        }

        var run = await Client.Runs.GetAsync(accepted.RunId);
        var again = await Client.Runs.RetryAsync(run.Id);
        var ended = await Assert.ThrowsAsync<ProblemException>(() => Client.Runs.CancelAsync(run.Id));
        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            Client.Runs.CompleteAsync(run.Id, "wrong", new CallbackResult("succeeded"))
        );
        var page = await Client.Runs.ListAsync(job: "one", from: run.ScheduledFor);

        Assert.Equal("olá, wörld ✓\n", text);
        Assert.Equal(("succeeded", true, 3L, 1), (run.State, run.HasEnded, run.ItemsProcessed, run.Attempts?.Count));
        Assert.Equal(42, run.Parameters?.GetProperty("customer").GetInt32());
        Assert.Equal(text, string.Concat((await Client.Runs.OutputAsync(run.Id)).Items.Select(item => item.Text)));
        Assert.Equal("urn:pontual:problem:run-already-ended", ended.Type);
        Assert.Equal("urn:pontual:problem:callback-token-refused", refused.Type);
        Assert.Contains(page.Items, one => one.Id == again.RunId);
    }

    private async Task UseWorkersAsync()
    {
        await Client.Jobs.CreateAsync(
            new JobDefinition
            {
                Name = "outside",
                Target = new Target { Worker = new WorkerTarget("dig", JsonElement.Parse("""{"deep":true}""")) },
                Retry = new Retry(2, "1s..1s"),
            }
        );
        await Client.Jobs.RunAsync("outside");
        var claim = await Client.Workers.ClaimAsync(new ClaimWish("digger", ["dig"], Wait: 10));
        var run = Assert.Single(claim.Runs);
        var held = await Client.Workers.HoldAsync(new HoldWish("digger", [new HeldRun(run.RunId, run.Token, "half\n")]));
        await Client.Workers.FailAsync(new FailedRun("digger", run.RunId, run.Token, "a stone", Retry: true));
        var second = Assert.Single((await Client.Workers.ClaimAsync(new ClaimWish("digger", ["dig"], Wait: 20))).Runs);
        await Client.Workers.CompleteAsync(new CompletedRun("digger", second.RunId, second.Token, ItemsProcessed: 7));

        Assert.True(run.Args?.GetProperty("deep").GetBoolean());
        Assert.Equal("go_on", Assert.Single(held.Runs).Next);
        var ended = await Client.Runs.GetAsync(run.RunId);
        Assert.Equal(("succeeded", 7L, 2), (ended.State, ended.ItemsProcessed, ended.Attempts?.Count));
    }

    private async Task UseSchedulesAndCalendarsAsync()
    {
        var calendar = await Client.Calendars.PutAsync(
            "closed",
            new CalendarDefinition
            {
                Name = "closed",
                Dates = JsonElement.Parse("""["12-24"]"""),
                Zone = "UTC",
            }
        );
        var days = await Client.Calendars.DaysAsync("closed", new DateOnly(2030, 1, 1), new DateOnly(2030, 12, 31));
        var preview = await Client.Schedules.PreviewAsync(new PreviewWish(new Schedule { Every = "1h" }, Count: 3));
        var forecast = await Client.Schedules.ForecastAsync(new ForecastWish { Zone = "UTC", Bars = 4 });
        var chart = await Client.Schedules.DrawAsync();
        var list = await Client.Calendars.ListAsync();
        var read = await Client.Calendars.GetAsync("closed");
        await Client.Calendars.DeleteAsync("closed");

        Assert.Equal("\"1\"", calendar.ETag);
        Assert.Equal("2030-12-24", Assert.Single(days.Days).Date);
        Assert.Equal(3, preview.Occurrences.Count);
        Assert.Contains(forecast.Jobs, job => job.Name == "one");
        Assert.StartsWith("<svg", chart);
        Assert.Equal("closed", Assert.Single(list.Items).Name);
        Assert.Equal(calendar.Revision, read.Revision);
        Assert.True((await Client.Calendars.GetAsync("br")).BuiltIn);
    }

    private async Task UseDefinitionsAndQueuesAsync()
    {
        var limit = await Client.Queues.PutLimitAsync("default", new Limit(AtOnce: 9, Rate: "100/1m"));
        var file = await Client.Definitions.ExportAsync();
        var applied = await Client.Definitions.ApplyAsync(file, dryRun: true, prune: true);
        var queues = await Client.Queues.ListAsync();
        var limits = await Client.Queues.ListLimitsAsync();
        await Client.Queues.DeleteLimitAsync("default");
        var schema = await Client.Definitions.SchemaAsync();

        Assert.Equal(9, limit.AtOnce);
        Assert.False(applied.Done);
        Assert.All(applied.Jobs, job => Assert.Equal("unchanged", job.Change));
        Assert.Contains(queues.Items, queue => queue is { Name: "default", Limit.AtOnce: 9 });
        Assert.Contains(limits.Items, one => one is { Scope: "queue", Limit.AtOnce: 9 });
        Assert.True(schema.TryGetProperty("$defs", out _));
    }

    private async Task UseTokensAndAuditAsync()
    {
        var token = await Client.Tokens.CreateAsync(new NewToken("a build", "read"));
        using var reader = new PontualClient(Host.Url, token.Secret);
        var jobs = await reader.Jobs.ListAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => reader.Jobs.DeleteAsync("one"));
        await Client.Tokens.RevokeAsync(token.Id);
        var list = await Client.Tokens.ListAsync();
        var audit = await Client.Audit.ListAsync(action: "token", limit: 10);

        Assert.NotEmpty(jobs.Items);
        Assert.Equal("urn:pontual:problem:scope-missing", refused.Type);
        Assert.NotNull(list.Items.Single(one => one.Id == token.Id).RevokedAt);
        Assert.DoesNotContain(token.Secret, token.ToString(), StringComparison.Ordinal);
        Assert.Contains(audit.Items, entry => entry.Subject == token.Id);
    }

    private async Task UseUsersAsync()
    {
        const string Password = "correct horse battery staple";
        var ana = await Client.Users.CreateAsync(new NewUser("ana", "viewer", Password));
        var put = await Client.Users.PutAsync("ana", new UserUpdate("operator"), ana.ETag);
        var list = await Client.Users.ListAsync();
        await Client.Users.SetPasswordAsync("ana", new NewPassword($"{Password} 2"));
        using var person = new PontualClient(Host.Url, new PontualClientOptions { Http = Options().Http });
        var caller = await person.Session.LogInAsync(new Login("ana", $"{Password} 2"));
        var offered = await person.Users.SetTotpAsync("ana");
        await person.Users.RemoveTotpAsync("ana");
        await person.Jobs.PauseAsync("one");
        var me = await person.Session.GetAsync();
        await person.Session.LogOutAsync();
        var read = await Client.Users.GetAsync("ana");
        await Client.Users.DeleteAsync("ana");

        Assert.Equal(("operator", "ana"), (put.Role, Assert.Single(list.Items).Name));
        Assert.Equal(("user:ana", "operate"), (caller.Subject, me.Scope));
        Assert.NotNull(offered.Secret);
        Assert.NotNull(read.LastLoginAt);
        Assert.DoesNotContain(Password, new Login("ana", Password).ToString(), StringComparison.Ordinal);
    }

    private async Task UseChecksAsync()
    {
        var definition = new CheckDefinition
        {
            Name = "backup",
            Schedule = new Schedule { Every = "1d" },
            Grace = "1h",
        };

        var created = await Client.Checks.CreateAsync(definition, idempotencyKey: "check-1");
        var again = await Client.Checks.CreateAsync(definition, idempotencyKey: "check-1");
        using (var sent = await Host.Anonymous.PostAsync($"{created.PingUrl}/1", new StringContent("no space")))
        {
            sent.EnsureSuccessStatusCode();
        }

        var changed = await Client.Checks.PutAsync("backup", again with { Tags = ["nightly"] }, again.ETag);
        var pings = await Client.Checks.PingsAsync("backup", limit: 10);
        var body = await Client.Checks.ReadBodyAsync("backup");
        var paused = await Client.Checks.PauseAsync("backup", new PauseWish("moving"));
        var resumed = await Client.Checks.ResumeAsync("backup");
        var rotated = await Client.Checks.RotateAsync("backup");
        var read = await Client.Checks.GetAsync("backup");
        var list = await Client.Checks.ListAsync();
        await Client.Checks.DeleteAsync("backup");

        Assert.Equal(("new", created.PingUrl), (created.State, again.PingUrl));
        Assert.Equal(["nightly"], changed.Tags);
        Assert.Equal(("failure", 1), (pings.Items[0].Kind, pings.Items[0].ExitCode));
        Assert.Equal("no space", body);
        Assert.Equal(("paused", "moving", "failing"), (paused.State, paused.Paused?.Reason, resumed.State));
        Assert.NotEqual(created.PingUrl, rotated.PingUrl);
        Assert.Equal(rotated.PingUrl, read.PingUrl);
        Assert.Single(list.Items);
    }

    private async Task UseAlertsAsync()
    {
        var settings = JsonElement.Parse("""{"routes":[{"name":"ops","ntfy":{"url":"http://127.0.0.1:1/"}}],"rules":{}}""");
        var written = await Client.Alerts.PutSettingsAsync(settings);
        var trial = await Client.Alerts.TestAsync("ops");
        var silence = await Client.Alerts.SilenceAsync(new SilenceWish("moving") { For = "1h", Subjects = ["backup*"] });
        var silences = await Client.Alerts.SilencesAsync();
        await Client.Alerts.EndSilenceAsync(silence.Id.ToString());
        var none = Guid.Empty.ToString();

        Assert.Equal(written.GetRawText(), (await Client.Alerts.SettingsAsync()).GetRawText());
        Assert.False(trial.Taken);
        Assert.Equal(silence.Id, Assert.Single(silences.Items).Id);
        Assert.NotNull((await Client.Alerts.ListAsync(state: "all")).Items);
        Assert.Equal("urn:pontual:problem:alert-not-found", await ProblemOfAsync(() => Client.Alerts.GetAsync(none)));
        Assert.Equal(
            "urn:pontual:problem:alert-not-open",
            await ProblemOfAsync(() => Client.Alerts.AcknowledgeAsync(none, new AlertNote("on it")))
        );
        Assert.Equal(
            "urn:pontual:problem:alert-not-open",
            await ProblemOfAsync(() => Client.Alerts.SnoozeAsync(none, new SnoozeWish("2h")))
        );
        Assert.InRange((await Client.Health.ScoreAsync()).Score, 0, 100);
        Assert.NotNull((await Client.Health.AlertsAsync()).Summary);
    }

    private async Task UseChannelsAsync()
    {
        await using var simulated = await SimulatedGateway.StartAsync(
            new SimulationOptions { Seed = 1, Time = TimeProvider.System },
            CancellationToken.None
        );
        var sales = simulated.Add(GatewayKind.Evolution, "sales", "5511999990000");
        var (gateways, channels) = (Client.Gateways, Client.Channels);
        // The secret is a reference to a variable that this process surely has not: the gateway refuses to be asked without it.
        var wanted = new GatewayDefinition("main", "evolution", simulated.UrlOf(GatewayKind.Evolution).ToString(), "${env:NO_SUCH_KEY}");

        var put = await gateways.PutAsync("main", wanted);
        Assert.Equal((1, "evolution"), (put.Revision, put.Kind));
        Assert.Equal(put.WebhookUrl, (await gateways.GetAsync("main")).WebhookUrl);
        Assert.Equal("main", Assert.Single((await gateways.ListAsync()).Items).Name);
        Assert.Contains("NO_SUCH_KEY", (await gateways.TestAsync("main")).Detail, StringComparison.Ordinal);
        Assert.Equal("main", Assert.Single((await channels.CheckAsync(new SessionCheckWish(DryRun: true))).Gateways).Gateway);

        var key = Path.Combine(Directory.CreateTempSubdirectory("pontual-key-").FullName, "key");
        await File.WriteAllTextAsync(key, SimulatedGateway.KeyOf(GatewayKind.Evolution));
        await gateways.PutAsync("main", wanted with { Secret = $"${{file:{key}}}" });
        Assert.True((await gateways.TestAsync("main")).Works);
        Assert.Equal("sales", Assert.Single((await channels.CheckAsync()).Channels).Channel);
        Assert.Equal(1, (await channels.LatestCheckAsync()).Channels);
        Assert.Equal("connected", Assert.Single((await channels.ListAsync()).Items).State);
        Assert.Equal("5511999990000", (await channels.GetAsync("sales")).Phone);
        Assert.Equal(200, (await channels.SetAsync("sales", new ChannelSettings(DailyLimit: 200))).DailyLimit);
        Assert.Equal("moving", (await channels.PauseAsync("sales", new PauseWish("moving"))).Paused!.Reason);
        Assert.Null((await channels.ResumeAsync("sales")).Paused);
        Assert.Empty((await channels.OutagesAsync("sales")).Items);
        Assert.Equal("not-enough-data", (await channels.TrustAsync("sales")).Band);
        Assert.Empty((await channels.DaysAsync("sales", from: DateOnly.MinValue)).Items);
        Assert.Equal("restart", (await channels.CureAsync("sales", new CureWish("restart"))).Step);
        Assert.Equal(
            "urn:pontual:problem:channel-not-found",
            await ProblemOfAsync(() => channels.AttemptsAsync("sales", Guid.Empty.ToString()))
        );

        await channels.LogOutAsync("sales");
        // The gateway opens its connection when it is asked first, and has a code a moment later.
        Assert.Equal("urn:pontual:problem:channel-cannot", await ProblemOfAsync(() => channels.PairingAsync("sales")));
        await Poll.UntilAsync(() => sales.PairingCode is not null, TimeSpan.FromSeconds(20));
        Assert.NotNull((await channels.PairingAsync("sales")).Text);
        Assert.NotEmpty(await channels.QrAsync("sales"));
        await gateways.DeleteAsync("main");
        Assert.NotNull((await channels.GetAsync("sales")).RetiredAt);
    }

    private async Task UseWebhooksAsync()
    {
        var none = Guid.Empty.ToString();

        Assert.Empty((await Client.Webhooks.ListAsync(state: "failed", from: DateTimeOffset.UnixEpoch)).Items);
        Assert.Equal(0, (await Client.Webhooks.ReplayAsync(new ReplayWish { State = "failed" })).Replayed);
        Assert.Equal("urn:pontual:problem:webhook-not-found", await ProblemOfAsync(() => Client.Webhooks.GetAsync(none)));
        Assert.Equal(
            "urn:pontual:problem:webhook-not-found",
            await ProblemOfAsync(() => Client.Webhooks.ReplayAsync(new ReplayWish { Id = none }))
        );
        Assert.Equal("urn:pontual:problem:invalid-document", await ProblemOfAsync(() => Client.Webhooks.ReplayAsync(new ReplayWish())));
    }

    private static async Task<string> ProblemOfAsync(Func<Task> call) => (await Assert.ThrowsAsync<ProblemException>(call)).Type;

    private async Task UseEventsAsync()
    {
        await Client.Jobs.CreateAsync(Echo("heard"));

        var page = await Client.Events.ListAsync(after: 0, wait: 0, topics: "job:heard", limit: 10);
        var first = await Client.Events.FollowAsync(after: 0, topics: "job:heard").FirstAsync();

        Assert.Equal(("job.created", "heard", "jobs"), (page.Items[0].Kind, page.Items[0].Job, page.Items[0].Topic));
        Assert.Equal(1, page.Items[0].Data.GetProperty("revision").GetInt32());
        Assert.Equal(page.Items[0].Cursor, first.Cursor);
        Assert.True(page.NextCursor >= first.Cursor);
    }

    private async Task UseHealthAsync()
    {
        Assert.Equal("ok", (await Client.Health.LiveAsync()).Status);
        Assert.Equal("ok", (await Client.Health.ReadyAsync()).Status);
        Assert.Equal("sqlite", (await Client.Health.GetAsync()).Database.Kind);
        Assert.Contains("one", (await Client.Health.JobsAsync()).Jobs.Keys);
        Assert.NotEmpty((await Client.Nodes.ListAsync()).Items);
        Assert.Empty((await Client.Circuits.ListAsync()).Items);
        Assert.Empty((await Client.Circuits.HistoryAsync(circuitName: "evolution")).Items);
        Assert.Equal(
            "urn:pontual:problem:circuit-not-found",
            (await Assert.ThrowsAsync<ProblemException>(() => Client.Circuits.ResetAsync("evolution"))).Type
        );
        Assert.Equal("ok", (await Client.Health.CircuitsAsync()).Status);
        Assert.Equal("ok", (await Client.Health.RateLimitAsync()).Status);
    }
}
