using System.Net;
using System.Text.RegularExpressions;
using Pontual.Server.Tests.Api;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Metrics;

public sealed partial class MetricsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestDatabase _database = null!;
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        _host = new ApiHost { Change = usual => usual with { PostgreSql = _database.Options.PostgreSql } };
        await _host.InitializeAsync();
        await _host.DefineAsync("good");
        await _host.DefineAsync("bad", "fail", ""","critical":true,"description":"says \"no\"" """);
        await _host.EndedAsync(await _host.RunAsync("good"));
        await _host.EndedAsync(await _host.RunAsync("bad"));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Promtool_has_nothing_to_complain_of_and_what_happened_is_counted()
    {
        var text = await _host.Admin.GetStringAsync("/metrics");

        Assert.Equal("", await PrometheusServer.CheckMetricsAsync(text));
        var lines = text.Split('\n');
        Assert.Contains("""pontual_attempts_started_total{tenant="default",job_name="good"} 1""", lines);
        Assert.Contains("""pontual_runs_ended_total{tenant="default",job_name="good",state="succeeded"} 1""", lines);
        Assert.Contains("""pontual_runs_ended_total{tenant="default",job_name="bad",state="failed"} 1""", lines);
        Assert.Contains("""pontual_run_duration_seconds_count{tenant="default",job_name="good"} 1""", lines);
        Assert.Contains("""pontual_job_status{tenant="default",job_name="bad",status="failing",critical="yes"} 1""", lines);
        Assert.Contains("""pontual_jobs{status="failing"} 1""", lines);
        Assert.Contains("""pontual_nodes{state="alive"} 1""", lines);
    }

    [Fact]
    public async Task Promtool_does_complain_of_what_is_wrong() =>
        Assert.NotEqual("", await PrometheusServer.CheckMetricsAsync("# TYPE badName counter\nbadName 1\n"));

    [Fact]
    public async Task Prometheus_scrapes_it_and_takes_our_rules()
    {
        await using var prometheus = PrometheusServer.Scrape(_host);

        var ended = await prometheus.QueryAsync("""sum by (job_name, state) (pontual_runs_ended_total{job="pontual"})""");
        await prometheus.QueryAsync("""ALERTS{alertname="PontualJobFailing"} or vector(1)""");
        var rules = await prometheus.RulesAsync();

        Assert.Equal(2, ended.GetArrayLength());
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Contains(rule.GetProperty("health").GetString(), new[] { "ok", "unknown" }));
        Assert.Equal("1", (await prometheus.QueryAsync("""up{job="pontual"}"""))[0].GetProperty("value")[1].GetString());
    }

    [Theory]
    [InlineData("deploy/prometheus/pontual.rules.yml")]
    [InlineData("deploy/grafana/pontual.json")]
    [InlineData("docs/operate/metrics.md")]
    public async Task Every_metric_that_is_named_exists(string file)
    {
        var named = MetricName()
            .Matches(await File.ReadAllTextAsync(Repository.Path(file)))
            .Select(name => SampleEnd().Replace(name.Value, ""))
            .Distinct()
            .ToList();

        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        List<string> missing;
        do
        {
            // The clock's offset is known after some renewals.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
            var text = await _host.Admin.GetStringAsync("/metrics", limit.Token);
            missing = [.. named.Where(name => !text.Contains($"# TYPE {name} ", StringComparison.Ordinal))];
        } while (missing is ["pontual_clock_offset_seconds"]);

        Assert.NotEmpty(named);
        Assert.Empty(missing);
    }

    [Fact]
    public async Task It_needs_a_token_of_the_installation_unless_it_is_open()
    {
        await using var open = new ApiHostOfItsOwn(usual => usual with { OpenMetrics = true });
        await open.InitializeAsync();

        using var refused = await _host.Anonymous.GetAsync("/metrics");
        using var answered = await open.Host.Anonymous.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answered.Content.Headers.ContentType!.ToString());
    }

    [GeneratedRegex(@"\bpontual_[a-z][a-z_]*[a-z]\b(?!\.)")]
    private static partial Regex MetricName();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex SampleEnd();
}
