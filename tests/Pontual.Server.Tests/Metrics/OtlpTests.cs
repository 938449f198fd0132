using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Server.Tests.Api;
using Pontual.TestKit.Web;

namespace Pontual.Server.Tests.Metrics;

public sealed class OtlpTests : IAsyncLifetime
{
    private readonly HostileServer _target = new();
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _target.On("/", HostileExchange.Text("200 OK", ""));
        _target.On("/broken", HostileExchange.Text("500 Internal Server Error", ""));
    }

    public async Task DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task A_run_is_one_trace_from_its_schedule_to_its_target_and_metrics_and_logs_come_too()
    {
        var run = await RunAsync("/", collects: true);

        Assert.Empty(_collector.Problems);
        var spans = _collector.Spans.Where(span => span.Trace == run.Replace("-", "", StringComparison.Ordinal)).ToList();
        var schedule = Assert.Single(spans, span => span.Name == "schedule call");
        var attempt = Assert.Single(spans, span => span.Name == "run call");
        var call = Assert.Single(spans, span => span.Name == "POST");
        Assert.Equal(("", schedule.Id, attempt.Id), (schedule.Parent, attempt.Parent, call.Parent));
        Assert.Equal(run, attempt.Texts["pontual.run_id"]);
        Assert.Equal($"00-{call.Trace}-{call.Id}-01", Assert.Single(_target.Requests)["traceparent"]);
        Assert.Contains("pontual.attempts.started", _collector.Metrics);
        Assert.Contains("pontual.run.duration", _collector.Metrics);
        Assert.Contains(_collector.Logs, line => line.StartsWith("This process is node", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_attempt_that_fails_says_so()
    {
        await RunAsync("/broken", collects: true);

        var attempt = Assert.Single(_collector.Spans, span => span.Name == "run call");
        Assert.Equal(("failure", "ServerError"), (attempt.Texts["pontual.outcome"], attempt.Texts["error.type"]));
    }

    [Fact]
    public async Task A_key_in_the_path_of_an_address_is_not_told_to_the_collector()
    {
        _target.On("/api/key-in-the-path/sessions", HostileExchange.Text("200 OK", ""));

        await RunAsync("/api/key-in-the-path/sessions", collects: true);

        Assert.Single(_collector.Spans, span => span.Name == "POST" && span.Texts["url.full"] == _target.Url(""));
        Assert.DoesNotContain(
            _collector.Spans,
            span => span.Texts.Values.Any(text => text.Contains("key-in-the-path", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Without_a_collector_the_target_still_gets_the_run_as_its_trace()
    {
        var run = await RunAsync("/", collects: false);

        Assert.StartsWith(
            $"00-{run.Replace("-", "", StringComparison.Ordinal)}-",
            Assert.Single(_target.Requests)["traceparent"],
            StringComparison.Ordinal
        );
        Assert.Empty(_collector.Spans);
    }

    private async Task<string> RunAsync(string path, bool collects)
    {
        var host = new ApiHost
        {
            Change = usual => usual with { Otlp = collects ? _collector.Url : null },
            More = services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information)),
        };
        await host.InitializeAsync();
        try
        {
            var job = $$$"""{"target":{"http":{"url":"{{{_target.Url(path)}}}"}},"name":"call"}""";
            using var defined = await host.Admin.PutAsync("/api/v1/jobs/call", ApiHost.Json(job));
            Assert.True(defined.IsSuccessStatusCode);
            var run = await host.RunAsync("call");
            await host.EndedAsync(run);
            return run;
        }
        finally
        {
            // What was not sent yet is sent when it stops.
            await host.DisposeAsync();
        }
    }
}
