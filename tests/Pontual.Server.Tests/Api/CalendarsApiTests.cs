using System.Net;

namespace Pontual.Server.Tests.Api;

public sealed class CalendarsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_calendar_is_defined_read_changed_and_removed()
    {
        using var created = await PutAsync("lifecycle", """{"dates":["2026-12-24"],"description":"Ours"}""");
        using var late = await PutAsync("lifecycle", """{"dates":["2026-12-25"]}""", ifMatch: "\"7\"");
        using var updated = await PutAsync("lifecycle", await host.Admin.GetStringAsync("/api/v1/calendars/lifecycle"), "\"1\"");
        var read = await host.Admin.GetJsonAsync("/api/v1/calendars/lifecycle");
        var list = await host.Admin.GetJsonAsync("/api/v1/calendars");
        using var removed = await host.Admin.DeleteAsync("/api/v1/calendars/lifecycle");
        using var gone = await host.Admin.GetAsync("/api/v1/calendars/lifecycle");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/v1/calendars/lifecycle", created.Headers.Location?.ToString());
        Assert.Equal("\"1\"", created.Headers.ETag?.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        Assert.Equal("Ours", read.GetProperty("description").GetString());
        Assert.Equal(1, read.GetProperty("revision").GetInt32());
        Assert.Contains(list.GetProperty("items").EnumerateArray(), item => item.GetProperty("name").GetString() == "lifecycle");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("urn:pontual:problem:calendar-not-found", (await gone.JsonAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_a_calendar_covers_is_told_by_day_and_by_window()
    {
        using var created = await PutAsync(
            "covering",
            """{"zone":"America/Sao_Paulo","holidays":{"country":"br","optional":true},"windows":[{"from":"2026-02-20T01:00","to":"2026-02-20T05:00","name":"Upgrade"}],"hours":{"sat":"22:00-02:00"}}"""
        );

        var covered = await host.Admin.GetJsonAsync("/api/v1/calendars/covering/days?from=2026-02-16&to=2026-02-22");
        var builtIn = await host.Admin.GetJsonAsync("/api/v1/calendars/br-SP/days?from=2026-07-01&to=2026-07-31");
        using var backwards = await host.Admin.GetAsync("/api/v1/calendars/br/days?from=2026-07-01&to=2026-06-30");

        Assert.Equal(
            ["2026-02-16 Carnaval", "2026-02-17 Carnaval"],
            covered.GetProperty("days").EnumerateArray().Select(day => $"{day.GetProperty("date")} {day.GetProperty("name")}")
        );
        Assert.Equal(
            [
                "2026-02-18T03:00:00.000Z 2026-02-18T17:00:00.000Z Quarta-feira de Cinzas",
                "2026-02-20T04:00:00.000Z 2026-02-20T08:00:00.000Z Upgrade",
                "2026-02-22T01:00:00.000Z 2026-02-22T05:00:00.000Z ",
            ],
            covered
                .GetProperty("windows")
                .EnumerateArray()
                .Select(window => $"{window.GetProperty("from")} {window.GetProperty("to")} {window.GetProperty("name")}")
        );
        Assert.Equal("2026-07-09", Assert.Single(builtIn.GetProperty("days").EnumerateArray()).GetProperty("date").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, backwards.StatusCode);
    }

    [Fact]
    public async Task A_calendar_in_use_stays_and_an_unknown_one_is_refused()
    {
        const string Job =
            """{"name":"in-season","target":{"handler":{"name":"echo"}},"schedule":{"cron":"0 9 * * *","except":["season"]}}""";
        using var early = await host.Admin.PutAsync("/api/v1/jobs/in-season", ApiHost.Json(Job));
        using var created = await PutAsync("season", """{"weekdays":["SAT"]}""");
        using var defined = await host.Admin.PutAsync("/api/v1/jobs/in-season", ApiHost.Json(Job));
        using var refused = await host.Admin.DeleteAsync("/api/v1/calendars/season");

        Assert.Equal(HttpStatusCode.BadRequest, early.StatusCode);
        Assert.Equal("unknown-calendar", (await early.JsonAsync()).GetProperty("errors")[0].GetProperty("rule").GetString());
        Assert.Equal(HttpStatusCode.Created, defined.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("in-season", (await refused.JsonAsync()).GetProperty("jobs")[0].GetString());
    }

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"dates":["2026-13-01"]}""", "/dates/0")]
    [InlineData("""{"dates":["02-30"]}""", "/dates/0")]
    [InlineData("""{"dates":["2026-12-28..2026-12-01"]}""", "/dates/0")]
    [InlineData("""{"dates":["05-SUN#6"]}""", "/dates/0")]
    [InlineData("""{"dates":[{"name":"x"}]}""", "/dates/0")]
    [InlineData("""{"dates":[7]}""", "/dates/0")]
    [InlineData("""{"weekdays":["SATURN"]}""", "/weekdays/0")]
    [InlineData("""{"hours":{"mon-fri":"8-12"}}""", "/hours/mon-fri")]
    [InlineData("""{"hours":{"mon-fri":"08:00-08:00"}}""", "/hours/mon-fri")]
    [InlineData("""{"hours":{"someday":"08:00-12:00"}}""", "/hours/someday")]
    [InlineData("""{"windows":[{"from":"2026-01-01T00:00"}]}""", "/windows/0")]
    [InlineData("""{"windows":[{}]}""", "/windows/0")]
    [InlineData("""{"windows":[{"from":"2026-01-02T00:00","to":"2026-01-01T00:00"}]}""", "/windows/0/to")]
    [InlineData("""{"windows":[{"from":"2026-01-01T00:00Z","to":"2026-01-02T00:00"}]}""", "/windows/0/to")]
    [InlineData("""{"windows":[{"cron":"61 * * * *","for":"1h"}]}""", "/windows/0/cron")]
    [InlineData("""{"windows":[{"cron":"@daily","for":3}]}""", "/windows/0/for")]
    [InlineData("""{"holidays":{"country":"us"}}""", "/holidays/country")]
    [InlineData("""{"holidays":{"country":"br","state":"XX"}}""", "/holidays/state")]
    [InlineData("""{"holidays":{"country":"br","state":"SP","city":"Campinas"}}""", "/holidays/city")]
    [InlineData("""{"holidays":{"country":"br","city":"Recife"}}""", "/holidays/city")]
    [InlineData("""{"ical":"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR"}""", "/ical")]
    [InlineData("""{"zone":"Mars","weekdays":"SAT"}""", "/zone")]
    [InlineData("""{"name":"other","weekdays":"SAT"}""", "/name")]
    [InlineData("""{"day":1,"weekdays":"SAT"}""", "/day")]
    [InlineData("""[]""", "")]
    public async Task What_is_wrong_is_named_by_its_path(string body, string path)
    {
        using var answer = await PutAsync("wrong", body);

        var problem = await answer.JsonAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(path, problem.GetProperty("errors")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_name_that_is_built_in_cannot_be_taken()
    {
        using var put = await PutAsync("br", """{"weekdays":"SAT"}""");
        using var delete = await host.Admin.DeleteAsync("/api/v1/calendars/br");

        Assert.Equal(HttpStatusCode.BadRequest, put.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, delete.StatusCode);
    }

    private async Task<HttpResponseMessage> PutAsync(string name, string body, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/calendars/{name}") { Content = ApiHost.Json(body) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await host.Admin.SendAsync(request);
    }
}
