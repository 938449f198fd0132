using System.Net.Http.Json;
using System.Text.Json;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways;

public sealed class SimulatedGatewayTests
{
    private readonly ManualTime _time = new();

    [Fact(DisplayName = "a simulation with the same seed, calls and clock sends the same webhooks")]
    public async Task The_same_seed_makes_the_same_day()
    {
        var first = await DayAsync();
        var second = await DayAsync();

        second.ShouldBe(first);
        first.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_zombie_takes_messages_and_never_acknowledges_them_until_it_is_restarted()
    {
        await using var hooks = await HookSink.StartAsync();
        await using var gateway = await StartAsync();
        var session = gateway.Add(GatewayKind.Evolution, "one", "5511999990000", new SimulatedWebhook(hooks.Url));
        session.Apply(new Fault(FaultKind.Zombie));

        await SendAsync(gateway, "one");
        session.Receive("5511988887777", "hello?");
        await PassAsync(gateway, TimeSpan.FromMinutes(10));

        session.Link.ShouldBe(Link.Open);
        session.IsAlive.ShouldBeFalse();
        hooks.Events.ShouldBe(["send.message"]);
        session.Restart();
        await PassAsync(gateway, TimeSpan.FromSeconds(5));
        hooks.Events.ShouldBe(["send.message", "connection.update", "connection.update", "messages.upsert"]);
    }

    [Fact]
    public async Task A_webhook_that_is_refused_comes_again_by_the_rule_of_its_gateway()
    {
        await using var hooks = await HookSink.StartAsync();
        await using var gateway = await StartAsync();
        var session = gateway.Add(GatewayKind.Evolution, "one", "5511999990000", new SimulatedWebhook(hooks.Url));
        hooks.Status = 503;

        session.Receive("5511988887777", "hello");
        await PassAsync(gateway, TimeSpan.FromSeconds(8));
        hooks.Status = 400;
        await PassAsync(gateway, TimeSpan.FromMinutes(10));

        gateway.Deliveries.Select(delivery => (delivery.Attempt, delivery.Status)).ShouldBe([(1, 503), (2, 503), (3, 400)]);
        hooks.Bodies[0].ShouldBe(hooks.Bodies[2]);
    }

    [Fact]
    public async Task Faults_are_let_loose_by_the_control_endpoint_and_a_wrong_word_is_told()
    {
        await using var gateway = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(gateway.Url) };
        var added = await http.PostAsJsonAsync(
            "/control/sessions",
            new
            {
                gateway = "evolution",
                id = "one",
                phone = "5511999990000",
            }
        );

        var done = await http.PostAsJsonAsync(
            "/control/faults",
            new
            {
                gateway = "evolution",
                session = "one",
                fault = "banned",
            }
        );
        var wrong = await http.PostAsJsonAsync(
            "/control/faults",
            new
            {
                gateway = "evolution",
                session = "one",
                fault = "sneezing",
            }
        );

        ((int)added.StatusCode, (int)done.StatusCode, (int)wrong.StatusCode).ShouldBe((201, 204, 400));
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("connect-storm");
        gateway.Find(GatewayKind.Evolution, "one")!.Code.ShouldBe(403);
    }

    [Fact]
    public void Every_fault_has_a_word_that_leads_back_to_it()
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            FaultKinds.TryParse(kind.Word(), out var back).ShouldBeTrue();
            back.ShouldBe(kind);
        }
    }

    private async Task<IReadOnlyList<string>> DayAsync()
    {
        var time = new ManualTime();
        await using var hooks = await HookSink.StartAsync();
        await using var gateway = await SimulatedGateway.StartAsync(new SimulationOptions { Time = time }, CancellationToken.None);
        var session = gateway.Add(GatewayKind.Evolution, "one", "5511999990000", new SimulatedWebhook(hooks.Url));
        session.Apply(new Fault(FaultKind.ReorderedWebhooks) { Times = 3 });
        session.Apply(new Fault(FaultKind.DuplicateWebhooks) { Times = 2 });
        session.Receive("5511988887777", "hello");
        await SendAsync(gateway, "one");
        for (var minute = 0; minute < 10; minute++)
        {
            session.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself, For = TimeSpan.FromSeconds(10) });
            time.Advance(TimeSpan.FromMinutes(1));
            await gateway.QuietAsync();
        }

        return [.. hooks.Bodies.Select(body => body.Replace(hooks.Url, "", StringComparison.Ordinal))];
    }

    private async Task PassAsync(SimulatedGateway gateway, TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(1))
        {
            await gateway.QuietAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await gateway.QuietAsync();
    }

    private Task<SimulatedGateway> StartAsync() =>
        SimulatedGateway.StartAsync(new SimulationOptions { Time = _time }, CancellationToken.None);

    private static async Task SendAsync(SimulatedGateway gateway, string session)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{gateway.UrlOf(GatewayKind.Evolution)}/message/sendText/{session}");
        request.Headers.Add("apikey", SimulatedGateway.KeyOf(GatewayKind.Evolution));
        request.Content = JsonContent.Create(new { number = "5511988887777", text = "hi" });
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        body.GetProperty("status").GetString().ShouldBe("PENDING");
    }
}
