using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Runners.Http;
using Pontual.Runners.Notices;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Runners.Tests.Notices;

public sealed class SenderTests : IAsyncDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    private static readonly Alert Alert = new(
        Guid.Parse("0195796f-0000-7000-8000-000000000001"),
        new AlertKey(TenantName.Default, AlertRule.JobStale, "send_reports"),
        Severity.Critical,
        "No run has started <since> noon & it is \"late\" às 12h.",
        At,
        At
    )
    {
        Facts = new Dictionary<string, string> { ["due"] = "12:00" },
    };

    private static readonly Notice Opened = new(
        Guid.Parse("0195796f-0000-7000-8000-000000000002"),
        TenantName.Default,
        "ops",
        NoticeKind.Opened,
        At,
        At,
        Alert
    );

    private readonly HostileServer _server = new();
    private readonly ServiceProvider _services;

    public SenderTests()
    {
        var secrets = new Dictionary<string, string>
        {
            ["TOKEN"] = "123:s3cret-token",
            ["KEY"] = "signing-key",
            ["PASSWORD"] = "s3cret-word",
            ["HOOK"] = _server.Url("/services/T0/B0/s3cret-path"),
        };
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<ISecrets>(new Secrets(name => secrets.GetValueOrDefault(name)))
            .AddSingleton<GuardedHttp>()
            .AddOptions<HttpRunnerOptions>()
            .Services.AddSingleton(TimeProvider.System)
            .AddNoticeSenders()
            .BuildServiceProvider();
    }

    [Fact]
    public async Task A_webhook_gets_the_notice_as_json_signed_and_with_its_id()
    {
        _server.On("/hook", HostileExchange.Text("204 No Content", ""));

        await SendAsync(
            "webhook",
            $$$"""{"url": "{{{_server.Url("/hook")}}}", "secret": "${env:KEY}", "headers": {"X-Team": "ops"}}""",
            Opened
        );

        var request = Request();
        var body = JsonElement.Parse(request.Body);
        body.GetProperty("id").GetGuid().ShouldBe(Opened.Id);
        body.GetProperty("kind").GetString().ShouldBe("opened");
        body.GetProperty("alert").GetProperty("summary").GetString().ShouldBe(Alert.Summary);
        body.GetProperty("alert").GetProperty("facts").GetProperty("due").GetString().ShouldBe("12:00");
        request["Idempotency-Key"].ShouldBe(Opened.Id.ToString());
        request["X-Team"].ShouldBe("ops");
        var parts = request["X-Pontual-Signature"]!.Split(',');
        var stamp = parts[0]["t=".Length..];
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes("signing-key"), Encoding.UTF8.GetBytes($"{stamp}.{request.Body}"));
        parts[1].ShouldBe($"v1={Convert.ToHexStringLower(expected)}");
        long.Parse(stamp, CultureInfo.InvariantCulture).ShouldBeInRange(1_700_000_000, 9_999_999_999);
    }

    [Fact]
    public async Task Slack_gets_a_text_in_which_nothing_is_special_and_a_colour()
    {
        _server.On("/services/T0/B0/s3cret-path", HostileExchange.Text("200 OK", "ok"));

        await SendAsync("slack", """{"url": "${env:HOOK}"}""", Opened);

        var body = JsonElement.Parse(Request().Body);
        body.GetProperty("text")
            .GetString()
            .ShouldBe("CRITICAL job-stale send_reports: No run has started &lt;since&gt; noon &amp; it is \"late\" às 12h.");
        body.GetProperty("attachments")[0].GetProperty("color").GetString().ShouldBe("danger");
        body.GetProperty("attachments")[0].GetProperty("fields")[0].GetProperty("value").GetString().ShouldBe("12:00");
    }

    [Fact]
    public async Task Telegram_gets_a_message_for_its_chat()
    {
        _server.On("/bot123:s3cret-token/sendMessage", HostileExchange.Json("200 OK", """{"ok":true}"""));
        var resolved = Opened with { Kind = NoticeKind.Resolved, Alert = Alert with { ResolvedAt = At.AddMinutes(5) } };

        await SendAsync("telegram", $$"""{"token": "${env:TOKEN}", "chat": "-100123", "url": "{{_server.Url("")}}"}""", resolved);

        var body = JsonElement.Parse(Request().Body);
        body.GetProperty("chat_id").GetString().ShouldBe("-100123");
        body.GetProperty("text").GetString()!.ShouldStartWith("RESOLVED job-stale send_reports after 5 min:");
    }

    [Fact]
    public async Task Ntfy_gets_the_text_and_how_urgent_it_is()
    {
        _server.On("/alerts", HostileExchange.Text("200 OK", "{}"));

        await SendAsync("ntfy", $$"""{"url": "{{_server.Url("/alerts")}}", "token": "${env:TOKEN}"}""", Opened);

        var request = Request();
        request.Body.ShouldStartWith("CRITICAL job-stale send_reports: No run has started");
        request["Priority"].ShouldBe("urgent");
        request["Authorization"].ShouldBe("Bearer 123:s3cret-token");
        var title = request["Title"]!;
        Encoding
            .UTF8.GetString(Convert.FromBase64String(title["=?UTF-8?B?".Length..^2]))
            .ShouldBe("Pontual: critical job-stale send_reports");
    }

    [Fact]
    public async Task A_template_makes_the_text_and_one_that_fails_is_no_reason_to_say_nothing()
    {
        _server.On("/alerts", HostileExchange.Text("200 OK", "{}"));
        var route = Route("ntfy", $$"""{"url": "{{_server.Url("/alerts")}}"}""");

        await SendAsync(route with { Template = "{{alert.severity}}|{{alert.subject}}|{{alert.facts.due}}|{{{alert.summary}}}" }, Opened);
        await SendAsync(route with { Template = "{{#each}}" }, Opened);

        Request().Body.ShouldBe($"critical|send_reports|12:00|{Alert.Summary}");
        Request().Body.ShouldStartWith("CRITICAL job-stale send_reports");
    }

    [Fact]
    public async Task What_was_not_taken_says_why_without_secrets_and_when_to_try_again()
    {
        _server.On(
            "/services/T0/B0/s3cret-path",
            HostileExchange.Text("429 Too Many Requests", $"slow down, {_server.Url("/services/T0/B0/s3cret-path")}", "Retry-After: 30\r\n")
        );

        var refused = await Should.ThrowAsync<NoticeRefusedException>(() => SendAsync("slack", """{"url": "${env:HOOK}"}""", Opened));

        refused.Message.ShouldBe("it answered 429: slow down, ***");
        refused.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("slack", """{"url": "${env:MISSING}"}""", "MISSING")]
    [InlineData("webhook", """{"url": "http://127.0.0.1:1/"}""", "refused")]
    [InlineData("email", """{"host": "127.0.0.1", "port": 1, "tls": false, "from": "a@b.c", "to": ["d@e.f"]}""", "refused")]
    public async Task What_cannot_be_reached_is_refused_with_the_reason(string kind, string settings, string reason) =>
        (await Should.ThrowAsync<NoticeRefusedException>(() => SendAsync(kind, settings, Opened))).Message.ShouldContain(
            reason,
            Case.Insensitive
        );

    [Theory]
    [InlineData("webhook", """{"url": "ftp://there"}""", "/url")]
    [InlineData("webhook", """{"url": "https://there", "secret": "plain"}""", "/secret")]
    [InlineData("slack", """{"url": "https://hooks.slack.com/services/T/B/x"}""", "/url")]
    [InlineData("slack", "{}", "")]
    [InlineData("telegram", """{"token": "123:plain", "chat": "1"}""", "/token")]
    [InlineData("telegram", """{"token": "${env:T}", "chat": ""}""", "/chat")]
    [InlineData("ntfy", """{"url": "https://ntfy.sh/x", "color": "red"}""", "/color")]
    [InlineData("email", """{"host": "m", "from": "nobody", "to": ["a@b.c"]}""", "/from")]
    [InlineData("email", """{"host": "m", "from": "a@b.c", "to": []}""", "/to")]
    [InlineData("email", """{"host": "m", "port": 465, "from": "a@b.c", "to": ["a@b.c"]}""", "/port")]
    [InlineData("email", """{"host": "m", "user": "u", "from": "a@b.c", "to": ["a@b.c"]}""", "")]
    public void What_is_wrong_in_the_settings_is_named(string kind, string settings, string path)
    {
        var problems = new List<DocumentProblem>();

        Sender(kind).Check(JsonElement.Parse(settings), "", problems);

        problems.ShouldHaveSingleItem().Path.ShouldBe(path);
        problems[0].Fix.ShouldNotBeEmpty();
    }

    [SmtpFact]
    public async Task A_mail_comes_to_a_real_smtp_server_with_user_and_password()
    {
        using var smtp = await SmtpServer.StartAsync("pontual", "s3cret-word");

        await SendAsync(
            "email",
            $$"""
            {"host": "127.0.0.1", "port": {{smtp.Port}}, "tls": false, "user": "pontual", "password": "${env:PASSWORD}",
             "from": "pontual@example.com", "to": ["ana@example.com", "ops@example.com"]}
            """,
            Opened
        );

        var mail = await smtp.MailAsync();
        mail.GetProperty("from").GetString().ShouldBe("pontual@example.com");
        mail.GetProperty("to").EnumerateArray().Select(to => to.GetString()).ShouldBe(["ana@example.com", "ops@example.com"]);
        var text = mail.GetProperty("mail").GetString()!;
        text.ShouldContain($"<{Opened.Id}@pontual>", Case.Insensitive);
        text.ShouldContain("Pontual: critical job-stale send_reports");
        text.ShouldContain("Auto-Submitted: auto-generated", Case.Insensitive);
    }

    [SmtpFact]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        using var smtp = await SmtpServer.StartAsync("pontual", "another");

        var refused = await Should.ThrowAsync<NoticeRefusedException>(() =>
            SendAsync(
                "email",
                $$"""
                {"host": "127.0.0.1", "port": {{smtp.Port}}, "tls": false, "user": "pontual", "password": "${env:PASSWORD}",
                 "from": "pontual@example.com", "to": ["ana@example.com"]}
                """,
                Opened
            )
        );

        refused.Message.ShouldNotBeEmpty();
        refused.Message.ShouldNotContain("s3cret");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static AlertRoute Route(string kind, string settings) => new("ops", kind, JsonElement.Parse(settings));

    private INoticeSender Sender(string kind) => _services.GetServices<INoticeSender>().Single(sender => sender.Kind == kind);

    private Task SendAsync(string kind, string settings, Notice notice) => SendAsync(Route(kind, settings), notice);

    private Task SendAsync(AlertRoute route, Notice notice) => Sender(route.Kind).SendAsync(route, notice, CancellationToken.None);

    private HostileRequest Request() =>
        _server.Requests.TryDequeue(out var request) ? request : throw new InvalidOperationException("Nothing came.");
}
