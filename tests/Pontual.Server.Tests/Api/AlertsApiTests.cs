using System.Net;
using System.Text.Json;
using Pontual.TestKit;
using Pontual.TestKit.Web;

namespace Pontual.Server.Tests.Api;

/// <summary>Alerts over HTTP, from a job that really fails to somebody who is told.</summary>
public sealed class AlertsApiTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact(
        DisplayName = "S5-05 a critical job that fails opens an alert that is told, listed, counted in the score, noted, and resolved when it is well"
    )]
    public async Task An_alert_from_its_beginning_to_its_end()
    {
        await using var told = new HostileServer();
        told.On("/hook", HostileExchange.Text("200 OK", ""));
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        var admin = own.Host.Admin;
        using var put = await admin.PutAsync(
            "/api/v1/alert-settings",
            ApiHost.Json($$$"""{"routes":[{"name":"ops","webhook":{"url":"{{{told.Url("/hook")}}}"}}]}""")
        );
        using var trial = await admin.PostAsync("/api/v1/alert-routes/ops/test", null);
        await own.Host.DefineAsync("vital", "fail", ""","critical":true """);
        await own.Host.EndedAsync(await own.Host.RunAsync("vital"));

        var alert = await AlertAsync(admin, "open");
        await Poll.UntilAsync(() => told.Requests.Count >= 2, Patience);
        var score = await admin.GetJsonAsync("/health/score");
        var health = await admin.GetJsonAsync("/health/alerts");
        using var summary = await own.Host.Anonymous.GetAsync("/health");
        var id = alert.GetProperty("id").GetString();
        using var noted = await admin.PostAsync($"/api/v1/alerts/{id}/acknowledge", ApiHost.Json("""{"comment":"on it"}"""));
        await own.Host.DefineAsync("vital", more: ""","critical":true """);
        await own.Host.EndedAsync(await own.Host.RunAsync("vital"));
        await AlertAsync(admin, "resolved");
        await Poll.UntilAsync(() => told.Requests.Count >= 3, Patience);
        var detail = await admin.GetJsonAsync($"/api/v1/alerts/{id}");
        using var late = await admin.PostAsync($"/api/v1/alerts/{id}/acknowledge", null);

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.True((await trial.JsonAsync()).GetProperty("taken").GetBoolean());
        Assert.Equal(("job-failing", "vital", "critical"), (Text(alert, "rule"), Text(alert, "subject"), Text(alert, "severity")));
        Assert.Equal(80, score.GetProperty("score").GetInt32());
        Assert.Equal("vital", score.GetProperty("penalties")[0].GetProperty("subject").GetString());
        Assert.Equal(1, health.GetProperty("summary").GetProperty("critical").GetInt32());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, summary.StatusCode);
        Assert.Equal("acknowledged", (await noted.JsonAsync()).GetProperty("state").GetString());
        Assert.Equal(["opened", "resolved"], detail.GetProperty("notices").EnumerateArray().Select(notice => Text(notice, "kind")));
        Assert.All(
            detail.GetProperty("notices").EnumerateArray(),
            notice => Assert.Equal(JsonValueKind.String, notice.GetProperty("sent_at").ValueKind)
        );
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task Settings_are_read_back_with_an_etag_and_a_wrong_one_changes_nothing()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        var admin = own.Host.Admin;
        using var first = await admin.GetAsync("/api/v1/alert-settings");
        using var put = await admin.PutAsync(
            "/api/v1/alert-settings",
            ApiHost.Json(
                """
                {"routes":[{"name":"ops","telegram":{"token":"${env:T}","chat":"1"},"severity":"critical","repeat":"never",
                 "quiet-hours":{"from":"22:00","until":"07:00"}}],"rules":{"job-slow":{"enabled":false}}}
                """
            )
        );
        using var wrong = await admin.PutAsync(
            "/api/v1/alert-settings",
            ApiHost.Json("""{"routes":[{"name":"Ops!","slack":{"url":"https://plain"},"rules":["job-stail"]},{"name":"b"}]}""")
        );
        var kept = await admin.GetJsonAsync("/api/v1/alert-settings");

        Assert.Equal("\"0\"", first.Headers.ETag!.Tag);
        Assert.Equal("\"1\"", put.Headers.ETag!.Tag);
        Assert.Equal("never", kept.GetProperty("routes")[0].GetProperty("repeat").GetString());
        Assert.Equal("America/Sao_Paulo", kept.GetProperty("routes")[0].GetProperty("quiet-hours").GetProperty("zone").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var errors = (await wrong.JsonAsync()).GetProperty("errors").EnumerateArray().Select(error => Text(error, "path")).ToList();
        Assert.Equal(["/routes/0/name", "/routes/0/rules/0", "/routes/0/slack/url", "/routes/1"], errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_silence_is_made_listed_and_ended()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        var admin = own.Host.Admin;
        using var made = await admin.PostAsync(
            "/api/v1/silences",
            ApiHost.Json("""{"for":"2h","subjects":["import-*"],"reason":"the database moves"}""")
        );
        var listed = await admin.GetJsonAsync("/api/v1/silences");
        using var ended = await admin.DeleteAsync(made.Headers.Location!.ToString());
        var after = await admin.GetJsonAsync("/api/v1/silences");
        using var again = await admin.DeleteAsync(made.Headers.Location!.ToString());
        using var endless = await admin.PostAsync("/api/v1/silences", ApiHost.Json("""{"reason":"for ever"}"""));

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("the database moves", Text(listed.GetProperty("items")[0], "reason"));
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(0, after.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, endless.StatusCode);
    }

    [Theory(DisplayName = "S5-05 parts that are not there say so")]
    [InlineData("fila")]
    [InlineData("grupos")]
    public async Task Parts_that_are_not_there_say_so(string part)
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();

        var answer = await own.Host.Admin.GetJsonAsync($"/health/{part}");

        Assert.Equal("""{"status":"not_configured","summary":{}}""", answer.GetRawText());
    }

    private static async Task<JsonElement> AlertAsync(HttpClient admin, string state)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var page = await admin.GetJsonAsync($"/api/v1/alerts?state={state}&subject=vital");
            if (page.GetProperty("items").GetArrayLength() > 0)
            {
                return page.GetProperty("items")[0];
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }

    private static string Text(JsonElement json, string key) => json.GetProperty(key).GetString()!;
}
