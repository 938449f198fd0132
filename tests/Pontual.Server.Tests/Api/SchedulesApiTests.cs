using System.Text.Json;

namespace Pontual.Server.Tests.Api;

public sealed class SchedulesApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact(DisplayName = "X-03 a preview tells instants in UTC and in the schedule's zone")]
    public async Task A_preview_tells_what_comes()
    {
        var preview = await PreviewAsync(
            """{"schedule":{"cron":"0 9 * * 1","zone":"America/Sao_Paulo"},"from":"2026-01-01T00:00:00Z","count":2}"""
        );

        var occurrences = preview.GetProperty("occurrences");
        Assert.Equal(2, occurrences.GetArrayLength());
        Assert.Equal("2026-01-05T12:00:00Z", occurrences[0].GetProperty("at").GetString());
        Assert.Equal("2026-01-05T09:00:00-03:00", occurrences[0].GetProperty("local").GetString());
        Assert.Equal(JsonValueKind.Null, occurrences[0].GetProperty("note").ValueKind);
        Assert.Contains("Monday", preview.GetProperty("description").GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.Contains("segunda", preview.GetProperty("description").GetProperty("pt-BR").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_is_exclusive_and_five_is_usual()
    {
        var preview = await PreviewAsync("""{"schedule":{"cron":"0 * * * *","zone":"UTC"},"from":"2026-01-01T00:00:00Z"}""");

        var occurrences = preview.GetProperty("occurrences");
        Assert.Equal(5, occurrences.GetArrayLength());
        Assert.Equal("2026-01-01T01:00:00Z", occurrences[0].GetProperty("at").GetString());
    }

    [Fact]
    public async Task A_change_of_the_clock_is_noted()
    {
        var preview = await PreviewAsync(
            """{"schedule":{"cron":"30 2 * * *","zone":"America/New_York"},"from":"2026-03-07T12:00:00Z","count":1}"""
        );

        var occurrence = preview.GetProperty("occurrences")[0];
        Assert.Equal("2026-03-08T07:00:00Z", occurrence.GetProperty("at").GetString());
        Assert.Contains("02:30 does not exist", occurrence.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"schedule":{"cron":"0 0 31 2 *"}}""")]
    [InlineData("""{"schedule":{"at":"2001-01-01T00:00:00Z"}}""")]
    [InlineData("""{"schedule":"manual"}""")]
    public async Task One_that_never_fires_is_an_empty_list_and_a_note(string body)
    {
        var preview = await PreviewAsync(body);

        Assert.Empty(preview.GetProperty("occurrences").EnumerateArray());
        Assert.NotEmpty(preview.GetProperty("note").GetString()!);
    }

    [Fact]
    public async Task One_that_ends_says_so()
    {
        var preview = await PreviewAsync("""{"schedule":{"at":"2099-01-01T00:00:00Z"},"count":3}""");

        Assert.Equal(
            "2099-01-01T00:00:00Z",
            Assert.Single(preview.GetProperty("occurrences").EnumerateArray()).GetProperty("at").GetString()
        );
        Assert.NotEmpty(preview.GetProperty("note").GetString()!);
    }

    [Fact]
    public async Task The_last_ones_before_an_instant_come_in_rising_order()
    {
        var preview = await PreviewAsync("""{"schedule":{"cron":"0 9 * * *","zone":"UTC"},"before":"2026-01-03T09:00:00Z","count":2}""");

        Assert.Equal(
            ["2026-01-01T09:00:00Z", "2026-01-02T09:00:00Z"],
            preview.GetProperty("occurrences").EnumerateArray().Select(one => one.GetProperty("at").GetString())
        );
        Assert.Equal(JsonValueKind.Null, preview.GetProperty("note").ValueKind);
    }

    [Fact]
    public async Task The_next_one_is_told_in_words_as_seen_from_now()
    {
        var preview = await PreviewAsync("""{"schedule":{"at":"2099-01-05T09:00","zone":"UTC"},"from":"2000-01-01T00:00:00Z"}""");

        Assert.Equal("on 5 January 2099 at 09:00", preview.GetProperty("next").GetProperty("en").GetString());
        Assert.Equal("em 5 de janeiro de 2099 às 9h", preview.GetProperty("next").GetProperty("pt-BR").GetString());
        var past = await PreviewAsync("""{"schedule":{"at":"2001-01-05T09:00","zone":"UTC"},"from":"2000-01-01T00:00:00Z"}""");
        Assert.Equal(JsonValueKind.Null, past.GetProperty("next").ValueKind);
        Assert.Single(past.GetProperty("occurrences").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"schedule":{"cron":"* * * * *"},"before":"2026-01-03T09:00:00Z","from":"2026-01-03T09:00:00Z"}""", "before")]
    [InlineData("""{"schedule":{"cron":"* * * * *"},"before":"yesterday"}""", "before")]
    [InlineData("""{"schedule":{"cron":"* * * * *"},"job":"No Name"}""", "job")]
    public async Task What_is_wrong_is_told_by_its_field(string body, string field)
    {
        var problem = await PreviewAsync(body);

        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_wrong_expression_comes_with_what_was_most_likely_meant()
    {
        var problem = await PreviewAsync("""{"schedule":{"cron":"*/60 * * * *"}}""");

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal("schedule.cron", error.GetProperty("field").GetString());
        Assert.Equal("write '0 * * * *', if that is what is meant", error.GetProperty("fix").GetString());
    }

    [Theory]
    [InlineData("""{"cron":"@reboot"}""", "system starts", "when the system starts", "quando o sistema inicia")]
    [InlineData(
        """{"delay":"10m"}""",
        "due 10 minutes after the previous run ended",
        "10 minutes after the previous run ended",
        "10 minutos depois do fim da execução anterior"
    )]
    [InlineData("\"manual\"", "somebody asks", "only when asked", "somente quando solicitado")]
    public async Task A_kind_without_times_of_its_own_says_so(string schedule, string note, string english, string portuguese)
    {
        var preview = await PreviewAsync($$"""{"schedule":{{schedule}}}""");

        Assert.Empty(preview.GetProperty("occurrences").EnumerateArray());
        Assert.Contains(note, preview.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(english, preview.GetProperty("description").GetProperty("en").GetString());
        Assert.Equal(portuguese, preview.GetProperty("description").GetProperty("pt-BR").GetString());
        Assert.Equal(JsonValueKind.Null, preview.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task What_calendars_leave_out_is_listed_and_a_moved_day_is_noted()
    {
        var left = await PreviewAsync(
            """{"schedule":{"cron":"0 9 25,26 12 *","zone":"UTC","except":["br"]},"from":"2026-01-01T00:00:00Z","count":1}"""
        );
        var moved = await PreviewAsync(
            """{"schedule":{"cron":"0 9 25 12 *","zone":"UTC","except":["br"],"shift":"next-business-day"},"from":"2026-01-01T00:00:00Z","count":1}"""
        );

        var out1 = Assert.Single(left.GetProperty("left_out").EnumerateArray());
        Assert.Equal("2026-12-25T09:00:00Z", out1.GetProperty("at").GetString());
        Assert.Equal("br", out1.GetProperty("calendar").GetString());
        Assert.Equal("Natal", out1.GetProperty("name").GetString());
        Assert.Equal("2026-12-26T09:00:00Z", left.GetProperty("occurrences")[0].GetProperty("at").GetString());
        Assert.Equal("2026-12-28T09:00:00Z", moved.GetProperty("occurrences")[0].GetProperty("at").GetString());
        Assert.NotEmpty(moved.GetProperty("occurrences")[0].GetProperty("note").GetString()!);
    }

    [Fact]
    public async Task Jitter_and_H_are_spread_by_the_name_and_jitter_is_noted()
    {
        var one = await AtAsync("one");
        var other = await AtAsync("other");

        Assert.Equal(one, await AtAsync("one"));
        Assert.NotEqual(one, other);
        var jitter = await PreviewAsync(
            """{"schedule":{"cron":"0 9 * * *","zone":"UTC","jitter":"30m"},"job":"one","from":"2026-01-01T00:00:00Z","count":1}"""
        );
        Assert.Contains("of jitter", jitter.GetProperty("occurrences")[0].GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal("at 09:00, every day, spread over up to 30 minutes", jitter.GetProperty("description").GetProperty("en").GetString());

        async Task<string?> AtAsync(string job)
        {
            var body = $$"""{"schedule":{"cron":"H H * * *","zone":"UTC"},"job":"{{job}}","from":"2026-01-01T00:00:00Z","count":1}""";
            return (await PreviewAsync(body)).GetProperty("occurrences")[0].GetProperty("at").GetString();
        }
    }

    [Fact]
    public async Task A_calendar_that_nobody_knows_is_told()
    {
        var problem = await PreviewAsync("""{"schedule":{"cron":"0 9 * * *","except":["nowhere"]}}""");

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal("schedule", error.GetProperty("field").GetString());
        Assert.Contains("no calendar 'nowhere'", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<JsonElement> PreviewAsync(string body) => host.Admin.PostJsonAsync("/api/v1/schedules/preview", body);
}
