using System.Net;
using System.Text;
using System.Xml.Linq;
using Pontual.Server.Tests.Access;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Checks;

public sealed class PingTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_check_is_defined_read_changed_and_removed()
    {
        using var created = await host.Admin.PostAsync("/api/v1/checks", ApiHost.Json(Hourly("lifecycle")));
        using var again = await host.Admin.PostAsync("/api/v1/checks", ApiHost.Json(Hourly("lifecycle")));
        var read = await host.Admin.GetStringAsync("/api/v1/checks/lifecycle");
        using var late = await PutAsync("lifecycle", read, "\"7\"");
        using var same = await PutAsync("lifecycle", read, "\"1\"");
        using var updated = await PutAsync("lifecycle", read.Replace("10m", "20m", StringComparison.Ordinal), "\"1\"");
        var list = await host.Admin.GetJsonAsync("/api/v1/checks?limit=500");
        using var removed = await host.Admin.DeleteAsync("/api/v1/checks/lifecycle");
        using var gone = await host.Admin.GetAsync("/api/v1/checks/lifecycle");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/v1/checks/lifecycle", created.Headers.Location?.ToString());
        Assert.Equal("\"1\"", created.Headers.ETag?.Tag);
        Assert.Equal((HttpStatusCode.Conflict, "check-exists"), (again.StatusCode, await again.TypeAsync()));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal(("\"1\"", "\"2\""), (same.Headers.ETag?.Tag, updated.Headers.ETag?.Tag));
        Assert.Contains(list.GetProperty("items").EnumerateArray(), item => item.GetProperty("name").GetString() == "lifecycle");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, "check-not-found"), (gone.StatusCode, await gone.TypeAsync()));
    }

    [Fact]
    public async Task A_ping_needs_nothing_but_its_address_and_says_how_the_job_is()
    {
        var address = await DefineAsync("nightly");

        Assert.Equal("new", await StateAsync("nightly"));
        Assert.Equal("OK", await host.Anonymous.GetStringAsync($"{address}/start"));
        Assert.Equal("started", await StateAsync("nightly"));
        using var head = await host.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
        Assert.Equal("up", await StateAsync("nightly"));
        using var failed = await host.Anonymous.PostAsync($"{address}/3", new StringContent("disk full"));
        Assert.Equal("failing", await StateAsync("nightly"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (head.StatusCode, failed.StatusCode));
        var pings = (await host.Admin.GetJsonAsync("/api/v1/checks/nightly/pings")).GetProperty("items");
        Assert.Equal(
            ["POST failure 3 9", "HEAD success  0", "GET start  0"],
            pings
                .EnumerateArray()
                .Select(ping =>
                    $"{ping.GetProperty("method")} {ping.GetProperty("kind")} {ping.GetProperty("exit_code")} {ping.GetProperty("body_bytes")}"
                )
        );
        Assert.Equal("disk full", await host.Admin.GetStringAsync("/api/v1/checks/nightly/body"));
    }

    [Fact]
    public async Task Overlapping_runs_are_told_apart_by_their_id()
    {
        var address = await DefineAsync("overlapping");
        const string One = "?rid=01900000-0000-7000-8000-000000000001";
        const string Other = "?rid=01900000-0000-7000-8000-000000000002";

        await host.Anonymous.GetStringAsync($"{address}/start{One}");
        await host.Anonymous.GetStringAsync($"{address}/start{Other}");
        await host.Anonymous.GetStringAsync($"{address}/0{One}");
        var stillRuns = await StateAsync("overlapping");
        await host.Anonymous.GetStringAsync($"{address}/0{Other}");

        Assert.Equal(("started", "up"), (stillRuns, await StateAsync("overlapping")));
        var pings = (await host.Admin.GetJsonAsync("/api/v1/checks/overlapping/pings")).GetProperty("items");
        Assert.All(pings.EnumerateArray().Take(2), ping => Assert.InRange(ping.GetProperty("duration_ms").GetInt64(), 0, 60_000));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_cut_and_the_ping_counts()
    {
        var address = await DefineAsync("verbose");

        using var long3 = await host.Anonymous.PostAsync(address, new StringContent(new string('x', 3_000_000)));
        using var body = await host.Admin.GetAsync("/api/v1/checks/verbose/body");

        Assert.Equal(HttpStatusCode.OK, long3.StatusCode);
        Assert.Equal(100_000, (await body.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal("3000000", body.Headers.GetValues("X-Pontual-Truncated").Single());
    }

    [Theory]
    [InlineData("/ping/aaaaaaaaaaaaaaaaaaaaaa", 404)]
    [InlineData("/ping/aaaaaaaaaaaaaaaaaaaaaa/fail", 404)]
    [InlineData("/ping/short", 404)]
    [InlineData("/badge/aaaaaaaaaaaaaaaaaaaaaa.svg", 404)]
    [InlineData("/badge/aaaaaaaaaaaaaaaaaaaaaa.png", 404)]
    public async Task An_unknown_key_is_told_no_more_than_that(string path, int status)
    {
        using var answer = await host.Anonymous.GetAsync(path);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("not found", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_is_no_signal_is_refused_in_words()
    {
        using var answer = await host.Anonymous.GetAsync($"{await DefineAsync("signals")}/256");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("exit code from 0 to 255", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_gone_wild_is_held_back_and_costs_other_checks_nothing()
    {
        var (wild, other) = (await DefineAsync("wild"), await DefineAsync("other"));

        var answers = new List<HttpStatusCode>();
        for (var number = 0; number < 200; number++)
        {
            using var answer = await host.Anonymous.GetAsync(wild);
            answers.Add(answer.StatusCode);
        }

        using var refused = await host.Anonymous.GetAsync(wild);
        using var fine = await host.Anonymous.GetAsync(other);

        Assert.InRange(answers.Count(status => status is HttpStatusCode.OK), 120, 160);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task The_address_to_ping_is_for_who_may_operate_and_the_line_for_a_crontab_is_in_the_answer()
    {
        var address = await DefineAsync("secret");
        using var reader = await host.ClientWithAsync("read");
        using var operating = await host.ClientWithAsync("operate");

        var seen = await reader.GetJsonAsync("/api/v1/checks/secret");
        var known = await operating.GetJsonAsync("/api/v1/checks/secret");

        Assert.Null(seen.GetProperty("ping_url").GetString());
        Assert.Null(seen.GetProperty("curl").GetString());
        Assert.Equal(address, known.GetProperty("ping_url").GetString());
        Assert.Equal($"curl -fsS -m 10 --retry 5 -o /dev/null {address}", known.GetProperty("curl").GetString());
    }

    [Fact]
    public async Task New_keys_end_the_old_ones()
    {
        var old = await DefineAsync("rotated");
        var badge = (await host.Admin.GetJsonAsync("/api/v1/checks/rotated")).GetProperty("badge_url").GetString();

        var rotated = await host.Admin.PostJsonAsync("/api/v1/checks/rotated/rotate", "{}");
        using var refused = await host.Anonymous.GetAsync(old);
        using var taken = await host.Anonymous.GetAsync(rotated.GetProperty("ping_url").GetString());
        using var unseen = await host.Anonymous.GetAsync(badge);

        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.NotFound),
            (refused.StatusCode, taken.StatusCode, unseen.StatusCode)
        );
    }

    [Fact]
    public async Task A_paused_check_waits_for_nothing_and_resumes()
    {
        await DefineAsync("paused");

        var paused = await host.Admin.PostJsonAsync("/api/v1/checks/paused/pause", """{"reason":"moving"}""");
        var resumed = await host.Admin.PostJsonAsync("/api/v1/checks/paused/resume", "{}");

        Assert.Equal("paused", paused.GetProperty("state").GetString());
        Assert.Equal("moving", paused.GetProperty("paused").GetProperty("reason").GetString());
        Assert.Equal("new", resumed.GetProperty("state").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, resumed.GetProperty("paused").ValueKind);
    }

    [Fact]
    public async Task A_badge_is_a_picture_and_a_document_for_badge_services()
    {
        var address = await DefineAsync("a-badge");
        await host.Anonymous.GetStringAsync($"{address}/fail");
        var badge = (await host.Admin.GetJsonAsync("/api/v1/checks/a-badge")).GetProperty("badge_url").GetString()!;

        using var picture = await host.Anonymous.GetAsync(badge);
        var document = await host.Anonymous.GetJsonAsync(badge.Replace(".svg", ".json", StringComparison.Ordinal));

        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType?.MediaType);
        var svg = XDocument.Parse(await picture.Content.ReadAsStringAsync());
        Assert.Equal("a-badge: failing", svg.Root!.Attribute("aria-label")?.Value);
        Assert.Equal(
            (1, "a-badge", "failing", "orange"),
            (
                document.GetProperty("schemaVersion").GetInt32(),
                document.GetProperty("label").GetString(),
                document.GetProperty("message").GetString(),
                document.GetProperty("color").GetString()
            )
        );
    }

    private static string Hourly(string name) => $$$"""{"name":"{{{name}}}","schedule":{"every":"1h"},"grace":"10m"}""";

    private async Task<string> DefineAsync(string name)
    {
        var check = await host.Admin.PostJsonAsync("/api/v1/checks", Hourly(name));
        return check.GetProperty("ping_url").GetString()!;
    }

    private async Task<string> StateAsync(string name) =>
        (await host.Admin.GetJsonAsync($"/api/v1/checks/{name}")).GetProperty("state").GetString()!;

    private async Task<HttpResponseMessage> PutAsync(string name, string body, string ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/checks/{name}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await host.Admin.SendAsync(request);
    }
}
