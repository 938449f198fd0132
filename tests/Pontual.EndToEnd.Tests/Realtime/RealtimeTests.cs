using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Realtime;

/// <summary>Listeners of a server in a process of its own, whose connections are cut at any byte: none misses an event, none gets one twice.</summary>
public sealed class RealtimeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Folder _here = new();
    private readonly Folder _there = new();

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact(DisplayName = "S1-09 sockets cut at any byte: none lost and none twice")]
    public Task Listeners_of_cut_sockets_hear_everything_once() => LoadAsync(LoadPlan.Quick);

    [LongFact(DisplayName = "the same with 1,050 clients at 500 events a second for a minute")]
    [Trait("Category", "Realtime")]
    public Task A_thousand_listeners() => LoadAsync(LoadPlan.Long);

    [Fact]
    public async Task What_one_node_writes_is_heard_on_the_other_within_a_second()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        var postgres = ("PONTUAL__POSTGRES", database.Options.PostgreSql!);
        await using var one = await Served.StartAsync(_here.Path, [postgres], "--role", "api,scheduler");
        await using var two = await Served.StartAsync(_there.Path, [postgres], "--role", "api");
        using var writes = await LocalAdministrator.OfAsync(_here.Path);
        using var hears = await LocalAdministrator.OfAsync(_there.Path);
        var after = (await EventsAsync(hears, "")).GetProperty("next_cursor").GetInt64();

        for (var number = 0; number < 10; number++)
        {
            var waiting = EventsAsync(hears, $"after={after}&wait=20&topics=jobs");
            await PutAsync(writes, [$"job-{number}"], number);
            var began = Stopwatch.GetTimestamp();
            var page = await waiting;

            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Assert.Equal($"job-{number}", page.GetProperty("items")[0].GetProperty("subject").GetString());
            after = page.GetProperty("next_cursor").GetInt64();
        }
    }

    [Fact]
    public async Task The_command_line_follows_events_over_a_restart()
    {
        await using var server = await Served.StartAsync(_here.Path);
        await using var follower = PontualProcess.Start(_here.Path, ["events", "-f", "--after", "0", "--topics", "jobs", "--json"]);
        (await server.DoAsync("job", "create", "first", "--command", "true")).Ok();
        await Wait.ForTextAsync(follower, "\"subject\":\"first\"", Patience);

        await server.DoAsync("job", "pause", "first");
        var listed = (await server.DoAsync("events", "--after", "0", "--topics", "job:first")).Ok();

        await Wait.ForTextAsync(follower, "\"kind\":\"job.paused\"", Patience);
        Assert.Contains("job.created", listed.Output, StringComparison.Ordinal);
        Assert.Contains("Go on with --after", listed.Error, StringComparison.Ordinal);
    }

    private async Task LoadAsync(LoadPlan plan)
    {
        await using var served = await Served.StartAsync(_here.Path);
        using var api = await LocalAdministrator.OfAsync(_here.Path);
        string[] topics = [.. Enumerable.Range(0, plan.Topics).Select(number => $"topic-{number:00}")];
        await PutAsync(api, topics, -1);
        var start = (await EventsAsync(api, "")).GetProperty("next_cursor").GetInt64();
        var token = api.DefaultRequestHeaders.Authorization!.Parameter!;
        var clients = Enumerable
            .Range(0, plan.OfTopics + plan.OfAll)
            .Select(number =>
                number < plan.OfTopics
                    ? new LoadClient(api.BaseAddress!, token, $"job:{topics[number % plan.Topics]}", number, plan.CutBytesOfTopic)
                    : new LoadClient(api.BaseAddress!, token, "*", number, plan.CutBytesOfTopic * 4)
            )
            .ToList();
        var end = long.MaxValue;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60 + (3 * plan.Seconds)), TimeProvider.System);
        var listening = clients.ConvertAll(client => Task.Run(() => client.RunAsync(start, () => Volatile.Read(ref end), limit.Token)));

        await WriteAsync(api, topics, plan);

        // The last event of each topic, so that everybody sees his end.
        await PutAsync(api, topics, int.MaxValue);
        var log = await LogAsync(api, start);
        Volatile.Write(ref end, log[^plan.Topics].Cursor);
        await Task.WhenAll(listening);

        var (lost, doubled) = Judge(clients, log, end);
        Tell(plan, clients, log.Count, lost, doubled, served.Process.Pid);
        Assert.Equal((0, 0), (lost, doubled));
        Assert.True(clients.Sum(client => client.Cuts) > clients.Count / 2, "hardly a socket was cut");
    }

    private static async Task WriteAsync(HttpClient api, string[] topics, LoadPlan plan)
    {
        var rounds = plan.EventsPerSecond / plan.Topics * plan.Seconds;
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            var due = TimeSpan.FromSeconds((double)round * plan.Topics / plan.EventsPerSecond);
            var early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, TimeProvider.System);
            }

            await PutAsync(api, topics, round);
        }
    }

    /// <summary>An event for each of the jobs, in one transaction.</summary>
    private static async Task PutAsync(HttpClient api, string[] jobs, int round)
    {
        var text = new StringBuilder("jobs:\n");
        foreach (var job in jobs)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  - {{ name: {job}, description: \"round {round}\", target: {{ process: {{ command: \"true\" }} }} }}\n"
            );
        }

        using var content = new StringContent(text.ToString(), Encoding.UTF8, "application/yaml");
        using var answer = await api.PostAsync("api/v1/apply", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<List<(long Cursor, string? Job)>> LogAsync(HttpClient api, long after)
    {
        var log = new List<(long, string?)>();
        for (var count = 1; count > 0; )
        {
            var page = await EventsAsync(api, string.Create(CultureInfo.InvariantCulture, $"after={after}&limit=500"));
            count = page.GetProperty("items").GetArrayLength();
            after = page.GetProperty("next_cursor").GetInt64();
            log.AddRange(
                page.GetProperty("items")
                    .EnumerateArray()
                    .Select(news =>
                        (news.GetProperty("cursor").GetInt64(), news.TryGetProperty("job", out var job) ? job.GetString() : null)
                    )
            );
        }

        return log;
    }

    private static async Task<JsonElement> EventsAsync(HttpClient api, string query) =>
        JsonElement.Parse(await api.GetStringAsync($"api/v1/events?{query}"));

    private static (int Lost, int Doubled) Judge(List<LoadClient> clients, List<(long Cursor, string? Job)> log, long end)
    {
        var expected = log.Where(news => news.Cursor <= end).ToLookup(news => $"job:{news.Job}", news => news.Cursor);
        var all = log.Select(news => news.Cursor).Where(cursor => cursor <= end).ToList();
        var (lost, doubled) = (0, 0);
        foreach (var client in clients)
        {
            var heard = client.Heard.Where(cursor => cursor <= end).ToList();
            var distinct = heard.ToHashSet();
            lost += (client.Topic == "*" ? all : expected[client.Topic]).Count(cursor => !distinct.Contains(cursor));
            doubled += heard.Count - distinct.Count;
            Assert.Equal(heard.Order(), heard);
        }

        return (lost, doubled);
    }

    private static void Tell(LoadPlan plan, List<LoadClient> clients, int events, int lost, int doubled, int server)
    {
        var delays = clients.SelectMany(client => client.Delays).Order().ToList();
        var peak = File.ReadLines($"/proc/{server}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        var table = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            clients {clients.Count} ({plan.OfTopics} of {plan.Topics} topics, {plan.OfAll} of everything), {plan.EventsPerSecond} events/s for {plan.Seconds} s
            events {events}  deliveries {delays.Count}  cut sockets {clients.Sum(client => client.Cuts)}  lost {lost}  doubled {doubled}
            delay p50 {delays[delays.Count / 2]:0} ms  p99 {delays[
                delays.Count * 99 / 100
            ]:0} ms (those of cut sockets among them)  server's peak memory {peak[6..].Trim()}

            """
        );
        if (Environment.GetEnvironmentVariable("PONTUAL_REALTIME_TABLE") is { } file)
        {
            File.AppendAllText(file, table);
        }
    }
}
