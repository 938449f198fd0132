using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Server.Tests.Compat;

public sealed partial class SyncCronTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Route = "/api/admin/sync-cron";
    private static readonly string[] Keys =
    [
        "nome",
        "descricao",
        "intervalo_horas",
        "ativo",
        "last_run",
        "next_run",
        "total_execucoes",
        "ultima_duracao_segundos",
        "ultimo_status",
        "deve_executar_agora",
        "status_descricao",
    ];

    [Fact(DisplayName = "S2-04 GET sync-cron shows the jobs that run every so many whole hours, with the document's keys")]
    public async Task The_jobs_are_shown()
    {
        await DefineAsync("shown", """{"every":"12h","from":"2020-01-01T00:00Z"}""", "echo");
        await host.DefineAsync("shown-not", more: ""","schedule":{"every":"90m"}""");

        var answer = await host.Admin.GetJsonAsync(Route);
        var job = Find(answer, "shown");

        (answer.GetProperty("success").GetBoolean(), answer.GetProperty("versao").GetString()).ShouldBe((true, "persistente"));
        job.EnumerateObject().Select(property => property.Name).ShouldBe(Keys);
        (Text(job, "ultimo_status"), Text(job, "status_descricao")).ShouldBe(("pending", "Nunca executado"));
        (job.GetProperty("intervalo_horas").GetInt32(), job.GetProperty("ativo").GetBoolean()).ShouldBe((12, true));
        (job.GetProperty("last_run").ValueKind, Text(job, "next_run")![^1]).ShouldBe((JsonValueKind.Null, 'Z'));
        answer.GetProperty("cron_jobs").EnumerateArray().ShouldNotContain(one => Text(one, "nome") == "shown-not");
    }

    [Fact(DisplayName = "S2-05 run_now runs it, next_run is last_run and the interval, and history tells")]
    public async Task Run_now_and_history()
    {
        await DefineAsync("ran", """{"every":"12h","from":"last-start"}""", "echo");
        await UntilAsync("ran", job => Text(job, "ultimo_status") == "success");

        var said = await PostAsync("run_now", "ran");
        var job = await UntilAsync("ran", one => one.GetProperty("total_execucoes").GetInt32() == 2);
        var history = await PostAsync("history", "ran");

        said.GetRawText().ShouldBe("""{"success":true,"action":"run_now","job_name":"ran","message":"Execução iniciada"}""");
        (At(job, "next_run") - At(job, "last_run")).ShouldBe(TimeSpan.FromHours(12), TimeSpan.FromSeconds(1));
        Text(job, "status_descricao").ShouldBe("Última execução: sucesso");
        var runs = history.GetProperty("historico").EnumerateArray().ToList();
        runs.Count.ShouldBe(2);
        runs[0]
            .EnumerateObject()
            .Select(property => property.Name)
            .ShouldBe(["inicio", "fim", "status", "duracao_segundos", "resultado", "erro"]);
        runs[0].GetProperty("resultado").GetProperty("greeting").GetString().ShouldBe("olá");
    }

    [Fact(DisplayName = "S2-05 disable, enable, update_interval and reset do what they say")]
    public async Task The_other_actions()
    {
        await DefineAsync("turned", """{"every":"12h","from":"last-start"}""", "fail");
        await UntilAsync("turned", job => Text(job, "ultimo_status") == "error");
        var before = await JobAsync("turned");

        await PostAsync("disable", "turned");
        var disabled = await JobAsync("turned");
        await PostAsync("reset", "turned");
        var reset = await JobAsync("turned");
        await PostAsync("enable", "turned");
        await PostAsync("update_interval", "turned", ""","intervalo_horas":6""");
        var changed = await JobAsync("turned");

        (disabled.GetProperty("ativo").GetBoolean(), Text(disabled, "status_descricao")).ShouldBe((false, "Desativado"));
        (Text(reset, "ultimo_status"), reset.GetProperty("ativo").GetBoolean()).ShouldBe(("pending", false));
        (Text(reset, "next_run"), reset.GetProperty("total_execucoes").GetInt32()).ShouldBe((Text(before, "next_run"), 1));
        (changed.GetProperty("ativo").GetBoolean(), changed.GetProperty("intervalo_horas").GetInt32()).ShouldBe((true, 6));
        (At(changed, "next_run") - TimeProvider.System.GetUtcNow()).ShouldBe(TimeSpan.FromHours(6), TimeSpan.FromSeconds(30));
    }

    [Fact(DisplayName = "S2-05 a reset fences out the run that is active")]
    public async Task A_reset_fences_out_the_active_run()
    {
        await DefineAsync("stuck", """{"every":"12h","from":"last-start"}""", "wait");
        var running = await UntilAsync("stuck", job => Text(job, "ultimo_status") == "running");
        Text(running, "status_descricao").ShouldBe("Em execução");
        var refused = await host.Admin.PostAsync(Route, ApiHost.Json("""{"action":"run_now","job_name":"stuck"}"""));

        await PostAsync("reset", "stuck");
        var reset = await JobAsync("stuck");

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (Text(reset, "ultimo_status"), Text(reset, "next_run")).ShouldBe(("pending", Text(running, "next_run")));
    }

    [Theory(DisplayName = "S2-05 an unknown action or job changes nothing and is told clearly")]
    [InlineData("""{"action":"explode","job_name":"kept"}""", 422, "'explode' desconhecida: use enable, disable")]
    [InlineData("""{"job_name":"kept"}""", 422, "ausente desconhecida")]
    [InlineData("""{"action":"enable"}""", 422, "falta job_name")]
    [InlineData("""{"action":"enable","job_name":"nobody"}""", 404, "não há job 'nobody'")]
    [InlineData("""{"action":"enable","job_name":"Not A Name"}""", 404, "não há job")]
    [InlineData("""{"action":"update_interval","job_name":"kept"}""", 422, "de 1 a 8784")]
    [InlineData("""{"action":"update_interval","job_name":"kept","intervalo_horas":0}""", 422, "de 1 a 8784")]
    [InlineData("""{"action":"update_interval","job_name":"kept","intervalo_horas":1.5}""", 422, "de 1 a 8784")]
    [InlineData("""{"action":"update_interval","job_name":"kept","intervalo_horas":"6"}""", 422, "de 1 a 8784")]
    [InlineData("""[]""", 422, "objeto JSON")]
    [InlineData("""{"action":""", 422, "objeto JSON")]
    public async Task What_is_wrong_is_told(string body, int status, string says)
    {
        await host.DefineAsync("kept", more: ""","schedule":{"every":"12h"}""");
        var before = await host.Admin.GetJsonAsync("/api/v1/jobs/kept");

        using var answer = await host.Admin.PostAsync(Route, ApiHost.Json(body));
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        ((int)answer.StatusCode).ShouldBe(status);
        json.EnumerateObject().Select(property => property.Name).ShouldBe(["success", "error"]);
        json.GetProperty("success").GetBoolean().ShouldBeFalse();
        json.GetProperty("error").GetString()!.ShouldContain(says);
        (await host.Admin.GetJsonAsync("/api/v1/jobs/kept")).GetRawText().ShouldBe(before.GetRawText());
    }

    [Fact]
    public async Task Each_action_needs_its_scope()
    {
        await host.DefineAsync("scoped", more: ""","schedule":{"every":"12h"}""");
        using var reader = await host.ClientWithAsync("read");
        using var operates = await host.ClientWithAsync("operate");

        (await reader.GetAsync(Route)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reader.PostAsync(Route, ApiHost.Json("""{"action":"history","job_name":"scoped"}"""))).StatusCode.ShouldBe(
            HttpStatusCode.Forbidden
        );
        (await operates.PostAsync(Route, ApiHost.Json("""{"action":"disable","job_name":"scoped"}"""))).StatusCode.ShouldBe(
            HttpStatusCode.OK
        );
        var refused = await operates.PostAsync(
            Route,
            ApiHost.Json("""{"action":"update_interval","job_name":"scoped","intervalo_horas":6}""")
        );
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Anonymous.GetAsync(Route)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [SeedFact(DisplayName = "S2-05 every documented request works verbatim")]
    public async Task Every_documented_request_works_verbatim()
    {
        await DefineAsync("sgp_sync_inteligente", """{"every":"12h","from":"last-start"}""", "echo");
        await UntilAsync("sgp_sync_inteligente", job => Text(job, "ultimo_status") == "success");
        var requests = Seeds.Blocks("s2-cron-persistente.md", "bash").SelectMany(block => Request().Matches(block)).ToList();

        foreach (var request in requests)
        {
            using var answer =
                request.Groups["method"].Value == "GET"
                    ? await host.Admin.GetAsync(request.Groups["path"].Value)
                    : await host.Admin.PostAsync(request.Groups["path"].Value, ApiHost.Json(request.Groups["body"].Value));
            var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            json.GetProperty("success").GetBoolean().ShouldBeTrue(request.Value + json.GetRawText());
        }

        requests.Count.ShouldBe(8);
        var documented = JsonDocument.Parse(Seeds.Blocks("s2-cron-persistente.md", "json").Single()).RootElement;
        var shown = await host.Admin.GetJsonAsync(Route);
        shown.EnumerateObject().Select(one => one.Name).ShouldBe(documented.EnumerateObject().Select(one => one.Name));
        Find(shown, "sgp_sync_inteligente")
            .EnumerateObject()
            .Select(one => one.Name)
            .ShouldBe(documented.GetProperty("cron_jobs")[0].EnumerateObject().Select(one => one.Name));
        (await JobAsync("sgp_sync_inteligente")).GetProperty("intervalo_horas").GetInt32().ShouldBe(6);
    }

    private Task DefineAsync(string name, string schedule, string handler) =>
        host.DefineAsync(name, handler, $$""","schedule":{{schedule}}""");

    private Task<JsonElement> PostAsync(string action, string job, string more = "") =>
        host.Admin.PostJsonAsync(Route, $$"""{"action":"{{action}}","job_name":"{{job}}"{{more}}}""");

    private async Task<JsonElement> JobAsync(string name) => Find(await host.Admin.GetJsonAsync(Route), name);

    private async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool> isIt)
    {
        var found = default(JsonElement);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (!isIt(found = await JobAsync(name)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }

        return found;
    }

    private static JsonElement Find(JsonElement answer, string name) =>
        answer.GetProperty("cron_jobs").EnumerateArray().Single(job => Text(job, "nome") == name);

    private static string? Text(JsonElement job, string key) => job.GetProperty(key).GetString();

    private static DateTimeOffset At(JsonElement job, string key) => job.GetProperty(key).GetDateTimeOffset();

    [GeneratedRegex(@"(?<method>GET|POST) (?<path>/\S+)(?:\s+(?<body>\{[^}]*\}))?")]
    private static partial Regex Request();
}
