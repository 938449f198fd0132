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
        var (lost, doubled) = await LostAsync(rig, day);
        var text = await ReportAsync(rig, day, outages, lost, $"{minutes / 60} hours, a check every {period.TotalSeconds} s, seed {seed}");
        output.WriteLine(text);
        if (Environment.GetEnvironmentVariable("PONTUAL_SESSIONS_TABLE") is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, text);
        }

        day.Troubles.Select(trouble => trouble.Wrong() is { } wrong ? $"{trouble} {wrong}" : null).OfType<string>().ShouldBeEmpty();
        day.FalseAlarms.ShouldBeEmpty();
        lost.ShouldBeEmpty();
        doubled.ShouldBeEmpty();
        Restarts(rig).Where(command => command.Link is Link.Connecting && !HungSinceOurStep(rig, command)).ShouldBeEmpty();
        Restarts(rig).Where(command => command.WasRestricted && command.Gateway is not GatewayKind.Evolution).ShouldBeEmpty();
        rig.Gateways.Commands.ShouldNotContain(command => command.Kind == CommandKind.Logout);
        (await MostAttemptsAsync(rig, outages)).ShouldBeLessThanOrEqualTo(LivenessRules.Usual.AttemptsPerMinute);
        outages
            .Where(one => one.Outage.EndedAt is not null)
            .ShouldAllBe(one => one.Outage.Gap != null && one.Outage.Gap != GapResult.Pending);
    }

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
        var known = await rig.AllAsync();
        var works = known.Where(view => view.Outage is null).Select(view => view.Channel.ExternalId).ToHashSet(StringComparer.Ordinal);
        var untold = day.Troubles.Where(trouble => !trouble.Remedy.IsTold).Select(trouble => trouble.Session).ToHashSet();
        var lost = day
            .Sessions.Where(session => works.Contains(session.Id) && !untold.Contains(session) && session.TellsUs)
            .Where(session => session.Kind is not (GatewayKind.CloudApi or GatewayKind.Wrapper))
            .SelectMany(session =>
                session.Messages.Where(message => !message.IsOurs).Select(message => (session.Id, message.Text, message.At))
            )
            .Where(message => !there.Contains((message.Id, message.Text)))
            .Where(message => !day.Troubles.Exists(trouble => IsBrief(trouble, message.Id, message.At)))
            .Select(message => $"{message.At:HH:mm} {message.Id} {message.Text}")
            .ToList();
        return (lost, [.. kept.GroupBy(one => one).Where(one => one.Count() > 1).Select(one => one.Key.ToString())]);
    }

    /// <summary>A dead way that something else cured before the second look: nobody knows that a message was not told, and none looks for it.</summary>
    private static bool IsBrief(Trouble trouble, string session, DateTimeOffset at) =>
        trouble.Fault.Kind is FaultKind.Deaf
        && trouble.FoundAt is null
        && trouble.Session.Id == session
        && trouble.At <= at
        && at <= trouble.OverAt;

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
        List<string> lost,
        string title
    )
    {
        var text = new StringBuilder().AppendLine(title).Append(DayTable.Of(day.Troubles));
        var commands = Restarts(rig).ToList();
        var over = outages.Where(one => one.Outage.EndedAt is not null).Select(one => one.Outage).ToList();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{day.Checks} checks of {day.Sessions.Count} channels, {day.Troubles.Count} troubles, {outages.Count} outages ({over.Count} over)"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"over: {over.Count(one => one.CuredBy is not null)} after a step, {over.Count(one => one.CuredBy is null)} by themselves or by people; gaps: {string.Join(", ", over.GroupBy(one => one.Gap).Select(group => $"{group.Key} {group.Count()}"))}; {over.Sum(one => one.GapFound)} messages found afterwards, {lost.Count} lost"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"false alarms {day.FalseAlarms.Count}; restarts {commands.Count}, while connecting by itself {commands.Count(one => one.Link is Link.Connecting && !HungSinceOurStep(rig, one))} (after a step of ours that let it hang: {commands.Count(one => one.Link is Link.Connecting && HungSinceOurStep(rig, one))}), while restricted {commands.Count(one => one.WasRestricted && one.Gateway is not GatewayKind.Evolution)} (of Evolution, which does not tell: {commands.Count(one => one.WasRestricted && one.Gateway is GatewayKind.Evolution)}); logouts {rig.Gateways.Commands.Count(one => one.Kind == CommandKind.Logout)}; most attempts at a gateway in a minute {await MostAttemptsAsync(rig, outages)}"
        );
        foreach (var trouble in day.Troubles.Where(trouble => trouble.Wrong() is not null))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"wrong: {trouble} (evidence {trouble.EvidenceAt:HH:mm}, over {trouble.OverAt:HH:mm}) {trouble.Wrong()}"
            );
            foreach (var (_, outage) in outages.Where(one => one.View.Channel.ExternalId == trouble.Session.Id))
            {
                var attempts = await rig.Channels.AttemptsAsync(outage.Id, CancellationToken.None);
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"    outage {outage.State} {outage.StartedAt:HH:mm} to {outage.EndedAt:HH:mm}: {outage.Reason}"
                );
                text.AppendJoin("", attempts.Select(one => $"        {one.At:HH:mm:ss} {one.Step} {one.Error}\n"));
            }
        }

        lost.ForEach(one => text.AppendLine("lost: " + one));
        day.FalseAlarms.ForEach(alarm => text.AppendLine("false alarm: " + alarm));
        return text.ToString();
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
