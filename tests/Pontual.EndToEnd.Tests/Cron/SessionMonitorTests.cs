using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Composition;
using Pontual.Server.Demo.Gateways;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Cron;

/// <summary>The document of the monitor of sessions, from its SQL statement to the gateway.</summary>
public sealed class SessionMonitorTests : IDisposable
{
    private const string Job = "monitor-whatsapp-connection";

    private const string Token = "a-token-of-the-service-role-that-is-long-enough";

    // Its statement runs at the next half minute.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    private readonly Folder _folder = new();

    [Fact(
        DisplayName = "S4-01, S4-02, S4-03, S4-06 the document's statement, as it is, reconnects a dropped session, and the checklist can be gone through; the job of the pack does the same in its place"
    )]
    public async Task The_documents_statement_and_the_pack_reconnect_a_session()
    {
        await using var gateways = await SimulatedGateway.StartAsync(
            new SimulationOptions
            {
                Seed = 3,
                Time = TimeProvider.System,
                ConnectTakes = TimeSpan.FromMilliseconds(300),
            },
            CancellationToken.None
        );
        var sales = gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await using var postgres = await PostgresServer.CreateAsync();
        await DoAsync(postgres, $"ALTER DATABASE postgres SET app.settings.service_role_key = '{Token}'");
        await using var server = await Served.StartAsync(
            _folder.Path,
            [
                ("PONTUAL_ADMIN_TOKEN", Token),
                ("EVOLUTION_KEY", SimulatedGateway.KeyOf(GatewayKind.Evolution)),
                ("GATEWAY_URL", gateways.UrlOf(GatewayKind.Evolution).ToString()),
                ("GATEWAY_KEY", SimulatedGateway.KeyOf(GatewayKind.Evolution)),
            ],
            "--postgres",
            postgres.Connection
        );
        using var http = new HttpClient { BaseAddress = DiscoveryFile.Read(_folder.Path)!.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await ConnectAsync(http, gateways.UrlOf(GatewayKind.Evolution));
        sales.Apply(new Fault(FaultKind.Drop));

        // Word for word but for the address.
        await DoAsync(
            postgres,
            $"""
            SELECT cron.schedule(
              'monitor-whatsapp-connection',
              '*/30 * * * * *', -- A cada 30 segundos
              $$
              SELECT net.http_post(
                url := '{http.BaseAddress}functions/v1/rendizy-server/whatsapp/monitor/start',
                headers := jsonb_build_object(
                  'Content-Type', 'application/json',
                  'Authorization', 'Bearer ' || current_setting('app.settings.service_role_key', true)
                ),
                body := '{"{}"}'::jsonb
              ) AS request_id;
              $$
            );
            """
        );
        var answered = await Wait.ForAsync(
            "answer of the monitor",
            Patience,
            () => DoAsync(postgres, "SELECT content FROM net._http_response WHERE status_code = 200 LIMIT 1"),
            () => server.Process.Written
        );

        Assert.Equal("""{"success":true,"already_running":false,"checked":1,"reconnected":1}""", answered);
        Assert.Contains(gateways.Commands, command => command.Session == "sales");
        Assert.Equal(
            "*/30 * * * * *",
            await DoAsync(postgres, "SELECT schedule FROM cron.job WHERE jobname = 'monitor-whatsapp-connection'")
        );
        await Wait.ForAsync(
            "history of executions",
            Patience,
            () =>
                DoAsync(
                    postgres,
                    """
                    SELECT status FROM (
                        SELECT * FROM cron.job_run_details
                        WHERE jobid = (SELECT jobid FROM cron.job WHERE jobname = 'monitor-whatsapp-connection')
                        ORDER BY start_time DESC
                        LIMIT 10) AS latest WHERE status = 'succeeded' LIMIT 1
                    """
                )
        );
        var check = JsonElement.Parse(await http.GetStringAsync(new Uri("api/v1/session-check", UriKind.Relative)));
        Assert.Equal((1, 1), (check.GetProperty("channels").GetInt32(), check.GetProperty("tried").GetInt32()));

        await DoAsync(postgres, $"SELECT cron.unschedule('{Job}')");
        using var gone = await http.DeleteAsync(new Uri("api/v1/gateways/main", UriKind.Relative));
        Assert.True(gone.IsSuccessStatusCode, await gone.Content.ReadAsStringAsync());
        await ThePackDoesTheSameAsync(server, http, sales);
    }

    /// <summary>From applying the pack to the answer of the status: a job checks on the half minute, takes the session over, lets its webhooks come here, and reconnects it.</summary>
    private static async Task ThePackDoesTheSameAsync(Served server, HttpClient http, SimulatedSession sales)
    {
        (await server.DoAsync("apply", "-f", Repository.Path("packs/session-monitor.yaml"))).Ok();
        var job = JsonElement.Parse(await http.GetStringAsync(new Uri($"api/v1/jobs/{Job}", UriKind.Relative)));
        var first = await UntilItWorksAsync(server, http, sales);
        var door = sales.Webhook?.Url;
        sales.Apply(new Fault(FaultKind.Drop));
        var again = await UntilItWorksAsync(server, http, sales);

        Assert.Equal("*/30 * * * * *", job.GetProperty("schedule").GetProperty("cron").GetString());
        Assert.StartsWith($"{http.BaseAddress}webhooks/", door, StringComparison.Ordinal);
        Assert.True(first.GetProperty("connected").GetBoolean());
        var channel = Assert.Single(again.GetProperty("channels").EnumerateArray());
        // Its fall and its return were told by webhooks, which come here since the session was taken over.
        Assert.Equal(JsonValueKind.String, channel.GetProperty("last_event_at").ValueKind);
        var outages = await http.GetStringAsync(
            new Uri($"api/v1/channels/{channel.GetProperty("id").GetString()}/outages", UriKind.Relative)
        );
        var outage = Assert.Single(JsonElement.Parse(outages).GetProperty("items").EnumerateArray());
        Assert.Equal("restart", outage.GetProperty("cured_by").GetString());
    }

    /// <summary>Runs the job of the pack until the session lives, and the status for pages says so.</summary>
    private static async Task<JsonElement> UntilItWorksAsync(Served server, HttpClient http, SimulatedSession session) =>
        (JsonElement)
            await Wait.ForAsync<object>(
                "session that works",
                Patience,
                async () =>
                {
                    using var run = await http.PostAsync(new Uri($"api/v1/jobs/{Job}/run", UriKind.Relative), null);
                    using var body = new StringContent("""{"organization_id":"org_default"}""", Encoding.UTF8, "application/json");
                    using var answer = await http.PostAsync(
                        new Uri("functions/v1/rendizy-server/channels/whatsapp/status", UriKind.Relative),
                        body
                    );
                    var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
                    return session.IsAlive && json.GetProperty("connected").GetBoolean() ? json : null;
                },
                () => server.Process.Written
            );

    public void Dispose() => _folder.Dispose();

    /// <summary>Registers the gateway and takes its session in, so that the monitor finds one that worked.</summary>
    private static async Task ConnectAsync(HttpClient http, Uri gateway)
    {
        using var definition = new StringContent(
            $$"""{"name":"main","kind":"evolution","url":"{{gateway}}","secret":"${env:EVOLUTION_KEY}"}""",
            Encoding.UTF8,
            "application/json"
        );
        using var put = await http.PutAsync(new Uri("api/v1/gateways/main", UriKind.Relative), definition);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        using var nothing = new StringContent("{}", Encoding.UTF8, "application/json");
        using var check = await http.PostAsync(new Uri("api/v1/session-check", UriKind.Relative), nothing);
        Assert.True(check.IsSuccessStatusCode, await check.Content.ReadAsStringAsync());
    }

    private static async Task<string?> DoAsync(PostgresServer postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{postgres.Connection};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
