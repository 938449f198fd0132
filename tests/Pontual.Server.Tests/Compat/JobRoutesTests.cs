using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Tenants;
using Pontual.Server.Compat;
using Pontual.Server.Tests.Access;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Compat;

/// <summary>Documented jobs, asked for by HTTP: by a scheduler, and by hand.</summary>
public sealed class JobRoutesTests : IAsyncLifetime
{
    private readonly ChannelsHost _channels = new();

    private ApiHost Host => _channels.Host;

    public Task InitializeAsync() => _channels.InitializeAsync();

    public Task DisposeAsync() => _channels.DisposeAsync();

    [Theory(DisplayName = "S5-02 each job's route does its work and says how many it processed")]
    [InlineData("verificar-whatsapp", "working", 2)]
    [InlineData("sincronizar-chips", "listed", 2)]
    [InlineData("atualizar-trust-scores", "not_enough_data", 2)]
    [InlineData("snapshot-chips-diario", "channels", 2)]
    [InlineData("resetar-contadores-chips", "channels", 2)]
    public async Task A_route_does_the_work(string job, string key, int value)
    {
        var answer = await Host.Admin.PostJsonAsync($"/jobs/{job}", "");

        Assert.Equal(2, answer.GetProperty("items_processed").GetInt32());
        Assert.Equal(value, answer.GetProperty("result").GetProperty(key).GetInt32());
    }

    [Fact(DisplayName = "A score and the days come of the documented jobs, and the API tells them with all that they are made of")]
    public async Task Scores_and_days_are_told()
    {
        await Host.Admin.PostJsonAsync("/jobs/atualizar-trust-scores", "");
        await Host.Admin.PostJsonAsync("/jobs/atualizar-trust-scores", "");
        await Host.Admin.PostJsonAsync("/jobs/resetar-contadores-chips", "");

        var trust = await Host.Admin.GetJsonAsync("/api/v1/channels/sales/trust");
        var days = await Host.Admin.GetJsonAsync("/api/v1/channels/sales/days");
        var later = await Host.Admin.GetJsonAsync("/api/v1/channels/sales/days?from=2999-01-01");

        Assert.Equal(("not-enough-data", "default-1"), (Text(trust, "band"), Text(trust, "rule_version")));
        Assert.Equal(2, trust.GetProperty("history").GetArrayLength());
        var parts = trust.GetProperty("components").EnumerateArray().ToDictionary(part => Text(part, "code")!);
        Assert.Equal(JsonValueKind.Null, parts["REPLY"].GetProperty("points").ValueKind);
        Assert.NotEmpty(Text(parts["AGE"].GetProperty("evidence")[0])!);
        Assert.Equal(("vendor", "life"), (Text(parts["AGE"], "source"), Text(parts["AGE"], "window")));
        var today = Assert.Single(days.GetProperty("items").EnumerateArray());
        Assert.Equal((0, JsonValueKind.Null), (today.GetProperty("sent").GetInt32(), today.GetProperty("closed_at").ValueKind));
        Assert.Equal(0, later.GetProperty("items").GetArrayLength());
    }

    [Fact(DisplayName = "S5-02 a call by hand is recorded as a finished run, a scheduler's is not")]
    public async Task A_call_by_hand_is_a_run()
    {
        await Host.DefineAsync("verificar_whatsapp");

        await Host.Admin.PostJsonAsync("/jobs/verificar-whatsapp", "");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs/verificar-whatsapp");
        request.Headers.Add("X-Pontual-Attempt", "1");
        using var scheduled = await Host.Admin.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, scheduled.StatusCode);
        var run = Assert.Single(
            (await Host.Admin.GetJsonAsync("/api/v1/runs?job=verificar_whatsapp")).GetProperty("items").EnumerateArray()
        );
        Assert.Equal(("succeeded", "manual", 2), (Text(run, "state"), Text(run, "trigger"), run.GetProperty("items_processed").GetInt32()));
        var health = (await Host.Admin.GetJsonAsync("/health/jobs")).GetProperty("jobs").GetProperty("verificar_whatsapp");
        Assert.Contains("\"status\"", health.GetRawText(), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "S5-02 a second call while one runs is answered 409 with nothing processed")]
    public async Task A_second_call_is_refused()
    {
        await Host.DefineAsync("sincronizar_chips");
        await using var slow = await HeldGateway.StartAsync();
        using var put = await Host.Admin.PutAsync(
            "/api/v1/gateways/slow",
            ApiHost.Json(
                $$"""{"name":"slow","kind":"wrapper","url":"{{slow.Url}}","secret":"${file:{{Path.Combine(Host.Folder, "key")}}}"}"""
            )
        );
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());

        var first = Host.Admin.PostAsync("/jobs/sincronizar-chips", null);
        await slow.AskedAsync();
        using var refused = await Host.Admin.PostAsync("/jobs/sincronizar-chips", null);
        slow.LetGo();
        using var other = await first;

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (refused.StatusCode, other.StatusCode));
        Assert.Equal(0, (await refused.JsonAsync()).GetProperty("items_processed").GetInt32());
        Assert.Single((await Host.Admin.GetJsonAsync("/api/v1/runs?job=sincronizar_chips")).GetProperty("items").EnumerateArray());
    }

    [Fact(
        DisplayName = "S5-02 a call that goes on at another node is a second call too, and a key that a dead node left is free after a minute"
    )]
    public async Task A_call_elsewhere_counts()
    {
        var keys = Host.App.Services.GetRequiredService<IIdempotencyStore>();
        var key = DocumentedJobs.KeyOf(JobName.Parse("atualizar_trust_scores").In(TenantName.Default));
        var now = TimeProvider.System.GetUtcNow();
        await keys.TakeAsync(key, ReadOnlyMemory<byte>.Empty, now, CancellationToken.None);

        using var refused = await Host.Admin.PostAsync("/jobs/atualizar-trust-scores", null);
        await keys.ReleaseAsync(key, CancellationToken.None);
        await keys.TakeAsync(key, ReadOnlyMemory<byte>.Empty, now.AddMinutes(-2), CancellationToken.None);
        using var after = await Host.Admin.PostAsync("/jobs/atualizar-trust-scores", null);
        using var again = await Host.Admin.PostAsync("/jobs/atualizar-trust-scores", null);

        Assert.Equal(
            (HttpStatusCode.Conflict, HttpStatusCode.OK, HttpStatusCode.OK),
            (refused.StatusCode, after.StatusCode, again.StatusCode)
        );
    }

    [Fact(DisplayName = "S5-02 a check that goes on elsewhere is a second call too")]
    public async Task A_check_elsewhere_counts()
    {
        var now = TimeProvider.System.GetUtcNow();
        await _channels.Turns.TryBeginAsync(TenantName.Default, "elsewhere", now, TimeSpan.FromMinutes(3), CancellationToken.None);

        using var refused = await Host.Admin.PostAsync("/jobs/verificar-whatsapp", null);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact(DisplayName = "S5-02 work that fails is answered 500 and recorded as failed")]
    public async Task Failed_work_is_told()
    {
        await Host.DefineAsync("sincronizar_chips");
        File.Delete(Path.Combine(Host.Folder, "key"));

        using var answer = await Host.Admin.PostAsync("/jobs/sincronizar-chips", null);
        var problem = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(0, problem.GetProperty("items_processed").GetInt32());
        Assert.Contains("main: ", Text(problem, "error"), StringComparison.Ordinal);
        var run = Assert.Single(
            (await Host.Admin.GetJsonAsync("/api/v1/runs?job=sincronizar_chips")).GetProperty("items").EnumerateArray()
        );
        Assert.Equal(("failed", Text(problem, "error")), (Text(run, "state"), Text(run, "error")));
    }

    [Theory]
    [InlineData("/jobs/nothing")]
    [InlineData("/jobs/verificar_whatsapp")]
    public async Task What_is_not_documented_is_not_there(string path)
    {
        using var answer = await Host.Admin.PostAsync(path, null);

        Assert.Equal("route-not-found", await answer.TypeAsync());
    }

    private static string? Text(JsonElement json) => json.GetString();

    private static string? Text(JsonElement json, string key) => json.GetProperty(key).GetString();

    /// <summary>A gateway that answers nobody until it is told to.</summary>
    private sealed class HeldGateway : IAsyncDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly WebApplication _app;

        private HeldGateway()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async context =>
            {
                _asked.TrySetResult();
                await _gate.Task.WaitAsync(context.RequestAborted);
                context.Response.StatusCode = 503;
            });
        }

        public string Url => _app.Urls.First();

        public static async Task<HeldGateway> StartAsync()
        {
            var gateway = new HeldGateway();
            await gateway._app.StartAsync();
            return gateway;
        }

        public Task AskedAsync() => _asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        public void LetGo() => _gate.TrySetResult();

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
