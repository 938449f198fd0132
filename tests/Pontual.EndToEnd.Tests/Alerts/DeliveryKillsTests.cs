using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using Pontual.EndToEnd.Tests.Faults;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>A server is killed after it decided to tell somebody and before it wrote that they were told, again and again.</summary>
public sealed class DeliveryKillsTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Due = "SELECT count(*) FROM notice WHERE ended_at IS NULL";
    private const string Decided = "SELECT id, tries FROM notice ORDER BY id";

    private readonly Folder _folder = new();
    private TestDatabase _database = null!;
    private AlertSink _sink = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        _sink = await AlertSink.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(DisplayName = "Killed between decision and delivery: no alert is lost, and what is told again carries the same id")]
    [Trait("Category", "Alerts")]
    public async Task No_alert_is_lost()
    {
        var kills = int.Parse(
            Environment.GetEnvironmentVariable("PONTUAL_KILLS")
                ?? (Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1" ? "200" : "2"),
            CultureInfo.InvariantCulture
        );
        var random = new Random(7);
        var postgres = ("PONTUAL__POSTGRES", _database.Options.PostgreSql!);
        var server = await Served.StartAsync(_folder.Path, [postgres]);
        var pings = await PrepareAsync(kills);
        await using var source = NpgsqlDataSource.Create(_database.Options.PostgreSql!);
        _sink.Slowness = TimeSpan.FromMilliseconds(250);
        var unwritten = 0;
        for (var i = 0; i < kills; i++)
        {
            using (var api = await LocalAdministrator.OfAsync(_folder.Path))
            {
                Assert.True((await api.GetAsync(pings[i])).IsSuccessStatusCode, pings[i]);
            }

            await UntilAsync(source, $"SELECT count(*) FROM alert WHERE subject = 'check-{i:000}'", count => count > 0);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 300)), TimeProvider.System);
            await server.Process.KillAsync();
            await server.DisposeAsync();
            unwritten += await CountAsync(source, Due) > 0 ? 1 : 0;
            server = await Served.StartAsync(_folder.Path, [postgres]);
        }

        _sink.Slowness = TimeSpan.Zero;
        await UntilAsync(source, Due, count => count == 0);
        await server.DisposeAsync();

        var decided = await IdsAsync(source);
        var told = _sink.All;
        var again = told.CountBy(notice => notice.Id).Count(pair => pair.Value > 1);
        output.WriteLine(
            $"{kills} kills, {unwritten} of them with something undelivered; {decided.Count} notices decided, {told.DistinctBy(notice => notice.Id).Count()} told, {again} told more than once"
        );
        Assert.Equal(kills, told.Where(notice => notice.Kind == "opened").DistinctBy(notice => notice.Subject).Count());
        Assert.Equal(decided.Order(), told.Select(notice => notice.Id).Distinct().Order());
        Assert.Equal(kills, told.Where(notice => notice.Kind == "opened").DistinctBy(notice => notice.Id).Count());
        Assert.True(unwritten > 0, "No kill came before a delivery was written.");
    }

    /// <summary>A route, and a check for each kill, whose failure is an alert.</summary>
    /// <returns>The paths that say so.</returns>
    private async Task<IReadOnlyList<string>> PrepareAsync(int kills)
    {
        using var api = await LocalAdministrator.OfAsync(_folder.Path);
        var settings = $$"""
            {"routes": [{"name": "ops", "webhook": {"url": "{{_sink.Url}}/route/ops"}, "rules": ["check-failing"]}]}
            """;
        using var body = new StringContent(settings, Encoding.UTF8, "application/json");
        Assert.True((await api.PutAsync("api/v1/alert-settings", body)).IsSuccessStatusCode);
        var paths = new List<string>();
        for (var i = 0; i < kills; i++)
        {
            using var check = new StringContent(
                $$$"""{"name": "check-{{{i:000}}}", "schedule": {"every": "1d"}}""",
                Encoding.UTF8,
                "application/json"
            );
            var made = await api.PostAsync("api/v1/checks", check);
            var answer = JsonSerializer.Deserialize<JsonElement>(await made.Content.ReadAsStringAsync());
            paths.Add($"{new Uri(answer.GetProperty("ping_url").GetString()!).AbsolutePath.TrimStart('/')}/fail");
        }

        return paths;
    }

    private static Task UntilAsync(NpgsqlDataSource source, string query, Func<long, bool> isIt) =>
        Wait.ForAsync<object>(query, TimeSpan.FromSeconds(120), async () => isIt(await CountAsync(source, query)) ? source : null);

    private static async Task<long> CountAsync(NpgsqlDataSource source, string query)
    {
        await using var command = source.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<Guid>> IdsAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(Decided);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
