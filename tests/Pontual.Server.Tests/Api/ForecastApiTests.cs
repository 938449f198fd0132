using System.Net;
using System.Text.Json;
using System.Xml.Linq;

namespace Pontual.Server.Tests.Api;

public sealed class ForecastApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Day = "\"from\":\"2026-11-21T00:00\",\"to\":\"2026-11-22\",\"zone\":\"UTC\"";

    [Fact]
    public async Task Kept_and_candidate_jobs_are_forecast_together_and_nothing_is_kept()
    {
        await host.DefineAsync("kept-hourly", more: ""","schedule":{"cron":"0 * * * *","zone":"UTC"}""");
        var candidate = """{"name":"candidate","schedule":{"cron":"0 9,10 * * *","zone":"UTC"},"target":{"handler":{"name":"echo"}}}""";

        var told = await ForecastAsync($$"""{ {{Day}},"jobs":["kept-hourly","candidate"],"definitions":[{{candidate}}],"bars":24}""");

        Assert.Equal("2026-11-21T00:00:00Z", told.GetProperty("from").GetProperty("at").GetString());
        Assert.Equal("2026-11-22T00:00:00Z", told.GetProperty("to").GetProperty("at").GetString());
        Assert.Equal(26, told.GetProperty("runs").GetInt64());
        Assert.Equal(
            ["candidate", "kept-hourly"],
            told.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("name").GetString())
        );
        Assert.Equal(2, told.GetProperty("shared_minutes").GetInt32());
        var busy = told.GetProperty("busiest")[0];
        Assert.Equal("2026-11-21T09:00:00Z", busy.GetProperty("minute").GetProperty("at").GetString());
        Assert.Equal(["candidate", "kept-hourly"], busy.GetProperty("jobs").EnumerateArray().Select(name => name.GetString()));
        var bars = told.GetProperty("load").GetProperty("bars").EnumerateArray().ToList();
        Assert.Equal(24, bars.Count);
        Assert.Equal(3600, told.GetProperty("load").GetProperty("width_seconds").GetInt32());
        Assert.Equal(2, bars[9].GetProperty("in_busiest_minute").GetInt32());
        using var missing = await host.Admin.GetAsync("/api/v1/jobs/candidate");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_candidate_stands_in_for_the_kept_job_of_its_name()
    {
        await host.DefineAsync("replaced", more: ""","schedule":{"cron":"0 * * * *","zone":"UTC"}""");
        var candidate = """{"name":"replaced","schedule":{"every":"6h"},"target":{"handler":{"name":"echo"}}}""";

        var told = await ForecastAsync($$"""{ {{Day}},"jobs":["replaced"],"definitions":[{{candidate}}]}""");

        Assert.Equal(4, Assert.Single(told.GetProperty("jobs").EnumerateArray()).GetProperty("runs").GetInt64());
    }

    [Fact]
    public async Task Durations_tell_what_overlaps_and_where_the_peak_is()
    {
        var slow = """{"name":"slow","schedule":{"every":"1h"},"target":{"handler":{"name":"echo"}}}""";
        var other = """{"name":"other","schedule":{"cron":"30 0 * * *","zone":"UTC"},"target":{"handler":{"name":"echo"}}}""";

        var told = await ForecastAsync(
            $$$"""{ {{{Day}}},"jobs":["slow","other"],"definitions":[{{{slow}}},{{{other}}}],"durations":{"slow":"90m","other":"5m"}}"""
        );

        var job = told.GetProperty("jobs")[1];
        Assert.Equal(12, job.GetProperty("runs").GetInt64());
        Assert.Equal(12, job.GetProperty("overlapped").GetInt64());
        Assert.True(job.GetProperty("outlasts_its_gap").GetBoolean());
        Assert.Equal(5_400_000, job.GetProperty("expected_ms").GetInt64());
        Assert.Equal(2, told.GetProperty("peak").GetProperty("runs").GetInt32());
        Assert.Equal("2026-11-21T00:30:00Z", told.GetProperty("peak").GetProperty("moment").GetProperty("at").GetString());
    }

    [Fact]
    public async Task The_last_run_tells_how_long_one_takes_and_a_pause_holds()
    {
        await host.DefineAsync("known", more: ""","schedule":{"cron":"0 * * * *","zone":"UTC"}""");
        await host.EndedAsync(await host.RunAsync("known"));
        await host.Admin.PostJsonAsync("/api/v1/jobs/known/pause", "{}");

        var told = await ForecastAsync($$"""{ {{Day}},"jobs":["known"]}""");

        var job = Assert.Single(told.GetProperty("jobs").EnumerateArray());
        Assert.InRange(job.GetProperty("expected_ms").GetInt64(), 0, 60_000);
        Assert.Equal(24, job.GetProperty("paused").GetInt64());
        Assert.Equal(0, job.GetProperty("runs").GetInt64());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("peak").ValueKind);
    }

    [Fact]
    public async Task Calendars_that_are_not_kept_yet_leave_out_too()
    {
        var candidate = """{"name":"closed","schedule":{"every":"1h","except":["lunch"]},"target":{"handler":{"name":"echo"}}}""";
        var lunch = """{"name":"lunch","dates":["2026-11-21"]}""";

        var told = await ForecastAsync($$"""{ {{Day}},"jobs":["closed"],"definitions":[{{candidate}}],"calendars":[{{lunch}}]}""");
        var unknown = await ForecastAsync($$"""{ {{Day}},"definitions":[{{candidate}}]}""");

        var job = Assert.Single(told.GetProperty("jobs").EnumerateArray());
        Assert.Equal(24, job.GetProperty("runs").GetInt64() + job.GetProperty("left_out")[0].GetProperty("count").GetInt64());
        Assert.Equal("lunch", job.GetProperty("left_out")[0].GetProperty("calendar").GetString());
        var error = Assert.Single(unknown.GetProperty("errors").EnumerateArray());
        Assert.Equal("definitions.0.schedule", error.GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_candidate_calendar_stands_in_for_the_kept_one_under_kept_jobs()
    {
        using var calendar = ApiHost.Json("""{"name":"shut","dates":["2026-11-20"]}""");
        using var put = await host.Admin.PutAsync("/api/v1/calendars/shut", calendar);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        await host.DefineAsync("shop", more: ""","schedule":{"cron":"0 9 * * *","zone":"UTC","except":["shut"]}""");

        var kept = await ForecastAsync($$"""{ {{Day}},"jobs":["shop"]}""");
        var candidate = await ForecastAsync($$"""{ {{Day}},"jobs":["shop"],"calendars":[{"name":"shut","dates":["2026-11-21"]}]}""");

        Assert.Equal(1, kept.GetProperty("runs").GetInt32());
        Assert.Equal(0, candidate.GetProperty("runs").GetInt32());
    }

    [Fact]
    public async Task Without_a_word_it_is_all_jobs_and_the_next_24_hours()
    {
        await host.DefineAsync("any", more: ""","schedule":{"every":"1h"}""");

        var told = await ForecastAsync("");

        var from = DateTimeOffset.Parse(told.GetProperty("from").GetProperty("at").GetString()!);
        var to = DateTimeOffset.Parse(told.GetProperty("to").GetProperty("at").GetString()!);
        Assert.Equal(TimeSpan.FromDays(1), to - from);
        Assert.Equal("America/Sao_Paulo", told.GetProperty("zone").GetString());
        var job = told.GetProperty("jobs").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "any");
        Assert.Equal(24, job.GetProperty("runs").GetInt64());
    }

    [Fact]
    public async Task The_chart_is_an_image()
    {
        using var content = ApiHost.Json($$"""{ {{Day}} }""");
        using var answer = await host.Admin.PostAsync("/api/v1/schedules/forecast.svg", content);

        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("svg", XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData("""{"from":"2026-11-21T00:00","to":"2026-11-21T00:00"}""", "to", "after its beginning")]
    [InlineData("""{"from":"2026-01-01","to":"2027-01-03"}""", "to", "366 days")]
    [InlineData("""{"from":"tomorrow"}""", "from", "not a time")]
    [InlineData("""{"zone":"Sao Paulo"}""", "zone", "not a time zone")]
    [InlineData("""{"jobs":["nobody"]}""", "jobs.0", "no job 'nobody'")]
    [InlineData("""{"jobs":"nobody"}""", "jobs", "not a list")]
    [InlineData("""{"jobs":["No Name"]}""", "jobs.0", "not a job name")]
    [InlineData("""{"durations":{"nobody":"5s"}}""", "durations.nobody", "none of the jobs")]
    [InlineData("""{"bars":0}""", "bars", "outside")]
    [InlineData("""{"definitions":[{"name":"a"}]}""", "definitions.0", "missing")]
    [InlineData(
        """{"from":"2026-01-01","to":"2026-12-01","definitions":[{"name":"a","schedule":{"cron":"* * * * * *"},"target":{"handler":{"name":"echo"}}}]}""",
        "to",
        "2,000,000"
    )]
    public async Task What_is_wrong_is_told_by_its_field(string body, string field, string message)
    {
        var problem = await ForecastAsync(body);

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(field, error.GetProperty("field").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.GetProperty("fix").GetString()!);
    }

    [Fact]
    public async Task Reading_is_enough_to_ask()
    {
        using var reader = await host.ClientWithAsync("read");

        Assert.Equal(JsonValueKind.Array, (await reader.PostJsonAsync("/api/v1/schedules/forecast", "{}")).GetProperty("jobs").ValueKind);
        using var content = ApiHost.Json("{}");
        using var refused = await host.Anonymous.PostAsync("/api/v1/schedules/forecast", content);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private Task<JsonElement> ForecastAsync(string body) => host.Admin.PostJsonAsync("/api/v1/schedules/forecast", body);
}
