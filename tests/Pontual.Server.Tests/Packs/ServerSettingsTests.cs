using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pontual.Engine.Executing;
using Pontual.Engine.Limits;
using Pontual.Server.Composition;
using Pontual.Server.Packs;
using Pontual.Server.RunLog;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public class ServerSettingsTests
{
    [Fact]
    public void Every_key_is_read_and_secrets_are_resolved()
    {
        const string Text = """
            server:
              data: /var/lib/pontual
              urls: [http://127.0.0.1:8080, "http://*:9090"]
              public-url: https://jobs.example.com
              proxies: [127.0.0.1, 10.0.0.0/8]
              postgres: Host=db;Password=${env:DB_PASSWORD}
              notifications: off
              role: [api, scheduler]
              packs: packs/demo.yaml
              concurrency: 50
              queues: { slow: 2 }
              drain: 30s
              retention: 90d
              stuck-after: 4h
              event-retention: 2d
              webhook-retention: 7d
              failed-webhook-retention: 14d
              message-retention: 60d
              outage-retention: 61d
              trust-retention: 62d
              origins: [https://panel.example, "http://panel.example:81"]
              route-prefixes: [/rendizy-server, /functions/v1/other]
              outbound: public-only
              rate-limit: 100/1m
              run-log: pt-BR
            """;

        var reading = PackReader.Read([new("pontual.yaml", Text)], new PackChecks(secrets: new Secrets(_ => "geheim")));

        reading.Problems.ShouldBeEmpty();
        var server = reading.Server;
        server.Urls.ShouldBe(["http://127.0.0.1:8080", "http://*:9090"]);
        server.PublicUrl.ShouldBe(new Uri("https://jobs.example.com"));
        server.Proxies.ShouldBe([new IPNetwork(IPAddress.Loopback, 32), IPNetwork.Parse("10.0.0.0/8")]);
        server.RateLimit.ShouldBe(new Rate(100, TimeSpan.FromMinutes(1)));
        server.Postgres.ShouldBe("Host=db;Password=geheim");
        server.Notifications.ShouldBe(false);
        server.Roles.ShouldBe(["api", "scheduler"]);
        server.Packs.ShouldBe(["packs/demo.yaml"]);
        server.Queues.ShouldNotBeNull()["slow"].ShouldBe(2);
        (server.Data, server.Concurrency, server.PublicOnly).ShouldBe(("/var/lib/pontual", 50, true));
        server.RunLog.ShouldBe(RunLogLanguage.Portuguese);
        server.EventRetention.ShouldBe(TimeSpan.FromDays(2));
        new[]
        {
            server.WebhookRetention,
            server.FailedWebhookRetention,
            server.MessageRetention,
            server.OutageRetention,
            server.TrustRetention,
        }
            .Select(span => span?.Days)
            .ShouldBe([7, 14, 60, 61, 62]);
        server.Origins.ShouldBe(["https://panel.example", "http://panel.example:81"]);
        server.RoutePrefixes.ShouldBe(["/rendizy-server", "/functions/v1/other"]);
        (server.Drain, server.Retention, server.StuckAfter).ShouldBe(
            (TimeSpan.FromSeconds(30), TimeSpan.FromDays(90), TimeSpan.FromHours(4))
        );
    }

    [Theory]
    [InlineData("rate-limit: fast", "'fast'", "2000/1s")]
    [InlineData("rate-limit: 0/1s", "'0/1s'", "2000/1s")]
    [InlineData("route-prefixes: [/a b]", "'/a b'", "/rendizy-server")]
    [InlineData("route-prefixes: /a/../b", "'/a/../b'", "/rendizy-server")]
    [InlineData("route-prefixes: rendizy-server/", "'rendizy-server/'", "/rendizy-server")]
    [InlineData("message-retention: 29d", "29d", "30d")]
    [InlineData("proxies: [127.0.0.1, nowhere]", "'nowhere'", "10.0.0.0/8")]
    public void A_wrong_value_is_told_with_a_right_one(string setting, string value, string fix)
    {
        var reading = PackReader.Read([new("pontual.yaml", $"server: {{ {setting} }}")], new PackChecks());

        var problem = reading.Problems.ShouldHaveSingleItem().ToString();
        problem.ShouldContain(value);
        problem.ShouldContain(fix);
    }

    [Fact]
    public void Off_stands_over_the_rate_limit_of_a_file() =>
        PackReader.Read([new("pontual.yaml", "server: { rate-limit: off }")], new PackChecks()).Server.RateLimit.ShouldBe(default(Rate));

    [Fact]
    public void Notifications_are_on_or_off()
    {
        var reading = PackReader.Read([new("pontual.yaml", "server: { notifications: sometimes }")], new PackChecks());

        var problem = reading.Problems.ShouldHaveSingleItem();
        problem.ToString().ShouldContain("'sometimes'");
        problem.ToString().ShouldContain("on");
    }

    [Theory]
    [InlineData("https://panel.example/")]
    [InlineData("panel.example")]
    [InlineData("ws://panel.example")]
    public void An_origin_is_what_browsers_send(string origin)
    {
        var reading = PackReader.Read([new("pontual.yaml", $"server: {{ origins: \"{origin}\" }}")], new PackChecks());

        reading.Problems.ShouldHaveSingleItem().ToString().ShouldContain("is not the origin of a page");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_notifications_nothing_listens(bool notifications)
    {
        var services = new ServiceCollection().AddPontual(
            new ServerConfiguration
            {
                DataFolder = "/nowhere",
                PostgreSql = "Host=db",
                Notifications = notifications,
            }
        );

        // The listener is the one hosted service of storage's.
        services
            .Count(service =>
                service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.ReturnType.Name == "HintChannel"
            )
            .ShouldBe(notifications ? 1 : 0);
    }

    [Fact]
    public void A_higher_source_wins_where_it_says_something()
    {
        var file = new ServerSettings
        {
            Data = "/a",
            Concurrency = 5,
            RunLog = RunLogLanguage.English,
        };
        var commandLine = new ServerSettings { Data = "/b", PublicOnly = false };

        var both = commandLine.Over(file);

        (both.Data, both.Concurrency, both.PublicOnly, both.Urls).ShouldBe(("/b", 5, false, null));
        both.RunLog.ShouldBe(RunLogLanguage.English);
    }
}
