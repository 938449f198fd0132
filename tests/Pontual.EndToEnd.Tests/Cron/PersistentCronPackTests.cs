using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;
using Pontual.EndToEnd.Tests.Julia;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Server.Composition;
using Pontual.Server.Demo;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Cron;

/// <summary><c>packs/persistent-cron.yaml</c> for real: against a simulated provider, through kill -9, by HTTP and by SQL.</summary>
public sealed class PersistentCronPackTests : IAsyncLifetime, IDisposable
{
    private const string Sync = "sgp_sync_inteligente";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly string Pack = Repository.Path("packs/persistent-cron.yaml");

    private readonly Folder _folder = new();
    private SimulatedProvider _provider = null!;
    private JobsTarget _target = null!;

    public async Task InitializeAsync()
    {
        _provider = await SimulatedProvider.StartAsync(CancellationToken.None);
        _provider.Set("sgp", 230);
        _target = await JobsTarget.StartAsync();
    }

    [Fact(DisplayName = "S2-01 after kill -9 and restart, interval, last run, next run, totals and history are as before (SQLite)")]
    public async Task State_is_as_before_after_a_kill()
    {
        JsonElement before;
        await using (var server = await StartAsync())
        {
            await UntilAsync(job => job.GetProperty("ultimo_status").GetString() == "success");
            await PostAsync("update_interval", ",\"intervalo_horas\":6");
            before = await JobAsync();
            await server.Process.KillAsync();
        }

        await using var again = await StartAsync();

        Assert.Equal(before.GetRawText(), (await JobAsync()).GetRawText());
        var run = Assert.Single((await PostAsync("history", "")).GetProperty("historico").EnumerateArray());
        Assert.Equal(230, run.GetProperty("resultado").GetProperty("total_novos").GetInt32());
        Assert.Equal(6, before.GetProperty("intervalo_horas").GetInt32());
    }

    [Fact(
        DisplayName = "S2-01 what came due by SQL while no server was there runs after a restart; S2-11 so does a job that is added by SQL"
    )]
    public async Task What_came_due_meanwhile_runs_after_a_restart()
    {
        await using var postgres = await PostgresServer.CreateAsync();
        await using (var server = await StartAsync("--postgres", postgres.Connection))
        {
            await UntilAsync(job => job.GetProperty("ultimo_status").GetString() == "success");
            await server.Process.KillAsync();
        }

        _provider.Set("sgp", 235, changed: id => id < 4);
        var before = await DoAsync(postgres, $"SELECT next_run::text FROM cron_jobs WHERE nome = '{Sync}'");
        await DoAsync(postgres, $"UPDATE cron_jobs SET next_run = NOW() WHERE nome = '{Sync}'");
        await using var again = await StartAsync("--postgres", postgres.Connection);
        var after = await UntilAsync(job => job.GetProperty("total_execucoes").GetInt32() == 2);
        await DoAsync(
            postgres,
            "INSERT INTO cron_jobs (nome, descricao, intervalo_horas, ativo) VALUES ('meu_novo_job', 'Descrição do job', 24, TRUE)"
        );
        await Wait.ForAsync(
            "call",
            Patience,
            () => Task.FromResult(_target.Calls.FirstOrDefault(call => call.Path == "/jobs/meu_novo_job"))
        );

        Assert.NotEqual(before, await DoAsync(postgres, $"SELECT next_run::text FROM cron_jobs WHERE nome = '{Sync}'"));
        Assert.Equal("success", after.GetProperty("ultimo_status").GetString());
        var logs = await DoAsync(
            postgres,
            "SELECT string_agg(concat_ws(' ', detalhes->>'total_provedores', detalhes->>'total_novos', detalhes->>'total_atualizados'), ', ' ORDER BY created_at) "
                + $"FROM tenant_logs WHERE acao = 'sync_automatico_persistente' AND detalhes->>'job_name' = '{Sync}'"
        );
        Assert.Equal("1 230 0, 1 5 4", logs);
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _target.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private Task<Served> StartAsync(params string[] more) =>
        Served.StartAsync(
            _folder.Path,
            [("SGP_URL", $"{_provider.Url}/sgp"), ("SGP_TOKEN", SimulatedProvider.Token), ("CRON_TARGET", _target.Url)],
            ["--pack", Pack, .. more]
        );

    private static async Task<string?> DoAsync(PostgresServer postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{postgres.Connection};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }

    private async Task<JsonElement> UntilAsync(Func<JsonElement, bool> isIt)
    {
        var found = await Wait.ForAsync<object>(
            "job as described",
            Patience,
            async () => await JobAsync() is var job && isIt(job) ? job : null
        );
        return (JsonElement)found;
    }

    private async Task<JsonElement> JobAsync() =>
        (await SendAsync(HttpMethod.Get, null))
            .GetProperty("cron_jobs")
            .EnumerateArray()
            .Single(job => job.GetProperty("nome").GetString() == Sync);

    private Task<JsonElement> PostAsync(string action, string more) =>
        SendAsync(HttpMethod.Post, $$"""{"action":"{{action}}","job_name":"{{Sync}}"{{more}}}""");

    private async Task<JsonElement> SendAsync(HttpMethod method, string? body)
    {
        var found = DiscoveryFile.Read(_folder.Path)!;
        using var client = new HttpClient { BaseAddress = found.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", found.Token);
        using var request = new HttpRequestMessage(method, "api/admin/sync-cron");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
