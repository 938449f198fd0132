using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Server.Demo.Gateways;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary>Fifty channels over five gateways by the real clock: the program and the gateways are processes, and both are killed once.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TenMinutesTests(ITestOutputHelper output)
{
    [SessionsTheory(
        DisplayName = "S3-07, S3-08, S4-01 Ten minutes by the real clock: what fails is found by the next check, cured by the right step or told to people, though both programs are killed"
    )]
    [Trait("Category", "Sessions")]
    [InlineData(Dialect.Sqlite, 1)]
    [InlineData(Dialect.PostgreSql, 2)]
    public async Task Ten_minutes_of_a_fleet(Dialect dialect, int seed)
    {
        using var folder = new Folder();
        await using var postgres = dialect is Dialect.PostgreSql ? await TestDatabase.CreateAsync(dialect) : null;
        await using var simulator = new Simulator(Directory.CreateDirectory(Path.Combine(folder.Path, "gateways")).FullName);
        await using var office = new Office(folder.Path, simulator, postgres?.Options.PostgreSql);
        var day = new TenMinutes(office, simulator, seed);

        await day.RunAsync();

        var alerts = await AlertsAsync(office);
        Tell(day, simulator, alerts, $"{FleetPlan.End / 60:0.0} minutes by the real clock on {dialect}, seed {seed}");
        day.Troubles.Select(trouble => trouble.Wrong() is { } wrong ? $"{trouble} {wrong}" : null).OfType<string>().ShouldBeEmpty();
        day.FalseAlarms.ShouldBeEmpty();
        day.Outages.Where(outage => !outage.IsWhole).ShouldBeEmpty();
        simulator.Commands.ShouldNotContain(command => command.Kind == CommandKind.Logout);
        Restarts(simulator).Where(command => command.Link is Link.Connecting && !command.FollowsOne(simulator.Commands)).ShouldBeEmpty();
        Restarts(simulator).Where(command => command is { WasRestricted: true, Gateway: not "evolution" }).ShouldBeEmpty();
        alerts.Where(subject => !IsOfTrouble(day, subject)).ShouldBeEmpty();
        day.Checks.ShouldBeGreaterThanOrEqualTo((int)(FleetPlan.End / Office.Period.TotalSeconds) - 1);
    }

    private static IEnumerable<CommandRow> Restarts(Simulator simulator) => simulator.Commands.Where(command => command.IsRestart);

    /// <summary>What alerts of channels and gateways were about.</summary>
    private static async Task<List<string>> AlertsAsync(Office office) =>
        [
            .. (await office.AlertsAsync())
                .Where(alert =>
                    alert.GetProperty("rule").GetString() is { } rule
                    && (rule.StartsWith("channel-", StringComparison.Ordinal) || rule == "gateway-down")
                )
                .Select(alert => alert.GetProperty("subject").GetString()!),
        ];

    private static bool IsOfTrouble(TenMinutes day, string subject) =>
        day.Troubles.Exists(trouble =>
            trouble.Session.Id == subject || Messaging.Channels.Gateways.GatewayKinds.Word(trouble.Session.Kind) == subject
        );

    private void Tell(TenMinutes day, Simulator simulator, List<string> alerts, string title)
    {
        var text = new StringBuilder().AppendLine(title).Append(FleetTable.Of(day.Troubles));
        var restarts = Restarts(simulator).ToList();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{day.Checks} checks of {FleetPlan.Fleet.Count} channels, {day.Troubles.Count} troubles; our server and the gateways' process killed once each"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"false alarms {day.FalseAlarms.Count}; restarts {restarts.Count}, while connecting by itself {restarts.Count(one => one.Link is Link.Connecting && !one.FollowsOne(restarts))} (after a step of ours that let it hang: {restarts.Count(one => one.Link is Link.Connecting && one.FollowsOne(restarts))}), while restricted {restarts.Count(one => one is { WasRestricted: true, Gateway: not "evolution" })} (of Evolution, which does not tell: {restarts.Count(one => one is { WasRestricted: true, Gateway: "evolution" })}); logouts {simulator.Commands.Count(one => one.Kind == CommandKind.Logout)}; alerts {alerts.Count}, of nothing {alerts.Count(subject => !IsOfTrouble(day, subject))}"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{day.Outages.Count} outages, without an end, a gap result or an attempt {day.Outages.Count(outage => !outage.IsWhole)}; {day.Outages.Count(outage => outage.CuredBy is not null)} over after a step; gaps {string.Join(", ", day.Outages.GroupBy(outage => outage.Gap).Select(group => $"{group.Key ?? "open"} {group.Count()}"))}; {day.Outages.Sum(outage => outage.Found)} messages found afterwards"
        );
        foreach (var trouble in day.Troubles.Where(trouble => trouble.Wrong() is not null))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"wrong: {trouble} (evidence {trouble.EvidenceAt:HH:mm:ss}, over {trouble.OverAt:HH:mm:ss}) {trouble.Wrong()}"
            );
            text.AppendJoin("", trouble.History.Select(line => $"        {line}\n"));
        }

        day.FalseAlarms.ForEach(alarm => text.AppendLine("false alarm: " + alarm));
        output.WriteLine(text.ToString());
        if (Environment.GetEnvironmentVariable("PONTUAL_SESSIONS_TABLE") is { Length: > 0 } file)
        {
            File.AppendAllText(file, text.ToString() + "\n");
        }
    }
}

/// <summary>A test that takes minutes: only where PONTUAL_LONG asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SessionsTheoryAttribute : TheoryAttribute
{
    public SessionsTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("PONTUAL_LONG") is not "1")
        {
            Skip = "Takes minutes: ./test sessions runs it.";
        }
    }
}
