using System.Globalization;
using System.Text;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Pontual.Server.Demo.Gateways;
using Pontual.Storage.Database;
using Shouldly;
using Xunit.Abstractions;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>Fifty channels over five gateways on a clock that moves when told: what is judged is held against what is true.</summary>
public sealed class FleetDayTests(ITestOutputHelper output)
{
    private static readonly Statement Texts = new("SELECT session, text FROM message WHERE is_ours = 0");

    // Each step twice, and once more every six hours.
    private const int MostOfOutage = 6;

    // Eight in the morning in São Paulo.
    private static readonly DateTimeOffset Morning = new(2026, 3, 10, 11, 0, 0, TimeSpan.Zero);

    [Fact(
        DisplayName = "S3-07, S3-08 A day of a fleet: what fails is found by the next check, cured by the right step, and nothing else is touched"
    )]
    public Task A_day_of_a_fleet() => RunAsync(24 * 60, TimeSpan.FromMinutes(5), 8);

    [SessionsTheory(DisplayName = "S3-07, S3-08 Other days of a fleet")]
    [Trait("Category", "Sessions")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(37)]
    [InlineData(40)]
    [InlineData(53)]
    [InlineData(58)]
    public Task Other_days_of_a_fleet(int seed) => RunAsync(24 * 60, TimeSpan.FromMinutes(5), seed);

    [SessionsTheory(DisplayName = "S4-01 Three hours of a fleet that is looked at every 30 seconds")]
    [Trait("Category", "Sessions")]
    [InlineData(7)]
    [InlineData(9)]
    public Task Hours_with_a_check_every_30_seconds(int seed) => RunAsync(3 * 60, TimeSpan.FromSeconds(30), seed);

    private async Task RunAsync(int minutes, TimeSpan period, int seed)
    {
        await using var rig = await FleetRig.StartAsync(start: Morning, simulate: options => options with { StormsPerSecond = 1 });
        var day = new FleetDay(rig, minutes, period, seed);
        await day.RunAsync();

        var outages = await OutagesAsync(rig);
        var zeros = await ZerosAsync(rig, day, outages);
        var text = await ReportAsync(rig, day, outages, zeros, $"{minutes / 60} hours, a check every {period.TotalSeconds} s, seed {seed}");
        output.WriteLine(text);
        if (Environment.GetEnvironmentVariable("PONTUAL_SESSIONS_TABLE") is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, text);
        }

        zeros.SelectMany(zero => zero.All.Select(one => $"{zero.What}: {one}")).ShouldBeEmpty();
        (await MostAttemptsAsync(rig, outages)).ShouldBeLessThanOrEqualTo(LivenessRules.Usual.AttemptsPerMinute);
    }

    /// <summary>All that must not be.</summary>
    private static async Task<List<(string What, List<string> All)>> ZerosAsync(
        FleetRig rig,
        FleetDay day,
        List<(ChannelView View, Outage Outage)> outages
    )
    {
        var (lost, doubled) = await LostAsync(rig, day);
        var restarts = Restarts(rig).ToList();
        return
        [
            ("troubles that did not end as they have to", [.. day.Troubles.Select(Wrong).OfType<string>()]),
            ("false alarms", day.FalseAlarms),
            ("suspects at night", day.NightSuspects),
            ("outages without a trouble", [.. outages.Where(one => !HasTrouble(day, one.View, one.Outage)).Select(Told)]),
            ("outages that go on", [.. outages.Where(one => one.Outage.EndedAt is null).Select(Told)]),
            ("outages without a word on messages", [.. outages.Where(one => IsWithoutGap(one.Outage)).Select(Told)]),
            ("outages with too many attempts", [.. outages.Where(one => one.Outage.Attempts > MostOfOutage).Select(Told)]),
            ("messages lost", lost),
            ("messages kept twice", doubled),
            ("logouts", [.. rig.Gateways.Commands.Where(one => one.Kind == CommandKind.Logout).Select(one => one.ToString())]),
            (
                "restarts while it connects by itself",
                [.. restarts.Where(one => one.Link is Link.Connecting && !HungSinceOurStep(rig, one)).Select(one => one.ToString())]
            ),
            (
                "restarts while restricted",
                // Evolution does not tell that a number is restricted.
                [.. restarts.Where(one => one.WasRestricted && one.Gateway is not GatewayKind.Evolution).Select(one => one.ToString())]
            ),
        ];
    }

    private static string? Wrong(Trouble trouble) => trouble.Wrong() is { } wrong ? $"{trouble} {wrong}" : null;

    private static string Told((ChannelView View, Outage Outage) one) =>
        $"{one.View.Channel.Name} {one.Outage.State} {one.Outage.StartedAt:HH:mm} to {one.Outage.EndedAt:HH:mm}, gap {one.Outage.Gap}, {one.Outage.Attempts} attempts: {one.Outage.Reason}";

    private static bool IsWithoutGap(Outage outage) =>
        outage.EndedAt is not null && outage.Gap is null or GapResult.Pending or GapResult.Failed;

    private static bool HasTrouble(FleetDay day, ChannelView view, Outage outage) =>
        day.Troubles.Exists(trouble =>
            trouble.Session.Id == view.Channel.ExternalId && trouble.At <= outage.FoundAt && !(trouble.ClosedAt < outage.FoundAt)
        );

    /// <summary>It was on its way since a step of ours and no later, and for long enough.</summary>
    private static bool HungSinceOurStep(FleetRig rig, SimulatedCommand command) =>
        command.At - command.LinkSince >= LivenessRules.Usual.HangsAfterStep
        && Restarts(rig).Any(other => (other.Gateway, other.Session, other.At) == (command.Gateway, command.Session, command.LinkSince));

    private static IEnumerable<SimulatedCommand> Restarts(FleetRig rig) =>
        rig.Gateways.Commands.Where(command =>
            command.Kind is CommandKind.Restart or CommandKind.Connect or CommandKind.Start or CommandKind.Stop
            // WAHA restarts a session whose setting is replaced.
            || (command.Kind is CommandKind.SetWebhook && command.Gateway is GatewayKind.Waha)
        );

    private static async Task<List<(ChannelView View, Outage Outage)>> OutagesAsync(FleetRig rig)
    {
        var all = new List<(ChannelView, Outage)>();
        foreach (var view in await rig.AllAsync())
        {
            var outages = await rig.Channels.OutagesAsync(view.Channel.Id, 100, CancellationToken.None);
            all.AddRange(outages.Select(outage => (view, outage)));
        }

        return all;
    }

    /// <summary>What was written to channels of gateways that list messages, or that told all they had, and is not there; and what is there twice.</summary>
    private static async Task<(List<string> Lost, List<string> Doubled)> LostAsync(FleetRig rig, FleetDay day)
    {
        var kept = await rig.Database.Database.ReadAsync(
            session => session.QueryAsync(Texts, row => (Session: row.Text(0), Text: row.TextOrNull(1))),
            CancellationToken.None
        );
        var there = kept.ToHashSet();
        // Of these nothing points to a loss.
        var untold = day.Troubles.Where(trouble => trouble is { Remedy.IsTold: false, Fault.Kind: FaultKind.Deaf });
        var deaf = untold.Select(trouble => trouble.Session).ToHashSet();
        var lost = day
            .Sessions.Where(session => !deaf.Contains(session) && session.TellsUs)
            .Where(session => session.Kind is not (GatewayKind.CloudApi or GatewayKind.Wrapper))
            .SelectMany(session =>
                session.Messages.Where(message => !message.IsOurs).Select(message => (session.Id, message.Text, message.At))
            )
            .Where(message => !there.Contains((message.Id, message.Text)))
            .Select(message => $"{message.At:HH:mm} {message.Id} {message.Text}")
            .ToList();
        return (lost, [.. kept.GroupBy(one => one).Where(one => one.Count() > 1).Select(one => one.Key.ToString())]);
    }

    /// <summary>Attempts at one gateway within any minute.</summary>
    private static async Task<int> MostAttemptsAsync(FleetRig rig, List<(ChannelView View, Outage Outage)> outages)
    {
        var tried = new List<(string Gateway, DateTimeOffset At)>();
        foreach (var (view, outage) in outages)
        {
            var attempts = await rig.Channels.AttemptsAsync(outage.Id, CancellationToken.None);
            tried.AddRange(attempts.Select(attempt => (view.Channel.Gateway, attempt.At)));
        }

        return tried
            .Select(one => tried.Count(other => other.Gateway == one.Gateway && other.At >= one.At && other.At < one.At.AddMinutes(1)))
            .DefaultIfEmpty()
            .Max();
    }

    private static async Task<string> ReportAsync(
        FleetRig rig,
        FleetDay day,
        List<(ChannelView View, Outage Outage)> outages,
        List<(string What, List<string> All)> zeros,
        string title
    )
    {
        var text = new StringBuilder().AppendLine(title).Append(DayTable.Of(day.Troubles));
        var hung = Restarts(rig).Count(one => one.Link is Link.Connecting && HungSinceOurStep(rig, one));
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{day.Checks} checks of {day.Sessions.Count} channels, {day.Troubles.Count} troubles, {outages.Count} outages: {outages.Count(one => one.Outage.CuredBy is not null)} cured by a step, {outages.Count(one => one.Outage.CuredBy is null)} by themselves or by people"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"messages of outages: {string.Join(", ", outages.GroupBy(one => one.Outage.Gap).Select(group => $"{group.Key} {group.Count()}"))}; {outages.Sum(one => one.Outage.GapFound)} found afterwards"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"restarts {Restarts(rig).Count()}, of these {hung} of a session that hung since a step of ours, and {Restarts(rig).Count(one => one is { WasRestricted: true, Gateway: GatewayKind.Evolution })} of a restricted Evolution, which does not tell; most attempts at a gateway in a minute {await MostAttemptsAsync(rig, outages)}"
        );
        zeros.ForEach(zero => text.AppendLine(CultureInfo.InvariantCulture, $"{zero.All.Count, 5} {zero.What}"));
        foreach (var trouble in day.Troubles.Where(trouble => trouble.Wrong() is not null))
        {
            await TellAsync(text, rig, trouble, outages);
        }

        zeros
            .Skip(1)
            .ToList()
            .ForEach(zero => zero.All.ForEach(one => text.AppendLine(CultureInfo.InvariantCulture, $"{zero.What}: {one}")));
        return text.ToString();
    }

    private static async Task TellAsync(StringBuilder text, FleetRig rig, Trouble trouble, List<(ChannelView View, Outage Outage)> outages)
    {
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"wrong: {trouble} (evidence {trouble.EvidenceAt:HH:mm}, found {trouble.FoundAt:HH:mm}, over {trouble.OverAt:HH:mm}, closed {trouble.ClosedAt:HH:mm}) {trouble.Wrong()}"
        );
        foreach (var (_, outage) in outages.Where(one => one.View.Channel.ExternalId == trouble.Session.Id))
        {
            var attempts = await rig.Channels.AttemptsAsync(outage.Id, CancellationToken.None);
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"    outage {outage.State} {outage.StartedAt:HH:mm} to {outage.EndedAt:HH:mm}, asked {outage.Asked} {outage.AskedAt:HH:mm}: {outage.Reason}"
            );
            text.AppendJoin("", attempts.Select(one => $"        {one.At:HH:mm:ss} {one.Step} {one.Error}\n"));
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
