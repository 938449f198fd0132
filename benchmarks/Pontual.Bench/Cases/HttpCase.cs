using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Runners.Http;
using Pontual.Scheduling.Schedules;

namespace Pontual.Bench.Cases;

/// <summary>HTTP targets by the whole path (claim, request, answer read and judged, settled, history kept), beside the framework's bare client in the same run.</summary>
internal sealed class HttpCase : ICase
{
    private const int AtOnce = 64;
    private const int Jobs = 100;

    public string Name => "http";

    public string Summary =>
        $"POST to a server on loopback, 40,000 runs, {AtOnce} at once, claimed, judged and kept in the history; beside the bare client";

    public IReadOnlyList<string> Aims => ["HTTP targets, whole path, 64 at once: 50 % of the raw client in the same run (stretch 70 %)"];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        var runs = options.Of(40_000, 40_000, 1_000);
        var calls = new Calls();
        await using var target = await StartTargetAsync(calls);
        var address = target.Urls.First() + "/jobs/nothing";
        await BareAsync(address, runs / 10);
        var bare = await BareAsync(address, runs);
        List<double> ours = [];
        for (var round = 0; round < 3; round++)
        {
            ours.Add(await OursAsync(options, address, calls, runs));
        }

        return [new Figure("requests", Samples.Percentile(ours, 0.5), "runs/s", "HttpClient alone", bare) { Aim = "0.5 x (0.7 x)" }];
    }

    private static async Task<WebApplication> StartTargetAsync(Calls calls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            calls.Count();
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"items_processed":1}""");
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<double> BareAsync(string address, int requests)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce });
        var left = requests;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CallAsync()));
        return requests / clock.Elapsed.TotalSeconds;

        async Task CallAsync()
        {
            await Task.Yield();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var answer = await client.PostAsync(address, new StringContent("{}"));
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
            }
        }
    }

    private static async Task<double> OursAsync(BenchOptions options, string address, Calls calls, int runs)
    {
        await using var engine = await BenchEngine.CreateAsync(
            options,
            services =>
            {
                services.AddSingleton<ISecrets>(new Secrets(_ => null));
                services.AddHttpRunner();
            },
            concurrency: AtOnce
        );
        var jobs = Enumerable.Range(0, Jobs).Select(i => Job($"http-{i}", address)).ToList();
        await engine.DefineAsync(jobs);
        var wishes = Enumerable.Repeat(new RunWish(), runs / Jobs).ToList();
        foreach (var job in jobs)
        {
            await engine.Requests.EnqueueAsync(job.Name, wishes, CancellationToken.None);
        }

        var all = calls.Expect(runs);
        var clock = Stopwatch.StartNew();
        await engine.StartAsync();
        await all.WaitAsync(TimeSpan.FromMinutes(5));
        return runs / clock.Elapsed.TotalSeconds;
    }

    private static JobDefinition Job(string name, string address) =>
        new()
        {
            Name = JobName.Parse(name),
            Target = new Target("http", JsonSerializer.SerializeToElement(new { url = address, method = "POST" })),
            Overlap = Overlap.Allow,
            Schedule = ManualSchedule.Instance,
        };

    /// <summary>Requests that reached the server.</summary>
    private sealed class Calls
    {
        private int _left = int.MaxValue;
        private TaskCompletionSource _all = new();

        public Task Expect(int count)
        {
            _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, count);
            return _all.Task;
        }

        public void Count()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _all.TrySetResult();
            }
        }
    }
}
