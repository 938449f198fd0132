using System.Diagnostics;
using NCrontab;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Bench.Cases;

/// <summary>Next occurrence of a cron expression, each result the next input, beside Quartz and NCrontab.</summary>
internal sealed class CronCase : ICase
{
    private const int Calls = 400_000;
    private static readonly (string Five, string Quartz)[] Expressions =
    [
        ("* * * * *", "0 * * * * ?"),
        ("*/5 8-19 * * *", "0 */5 8-19 * * ?"),
        ("0 9,14 * * 1-5", "0 0 9,14 ? * 2-6"),
        ("0 0 29 2 *", "0 0 0 29 2 ?"),
        ("0 0 L * *", "0 0 0 L * ?"),
        ("0 0 * * 1#2", "0 0 0 ? * 2#2"),
    ];

    public string Name => "cron";

    public string Summary => "ns for the next occurrence of a cron expression (chained) and for parsing one, beside Quartz and NCrontab";

    public Task<IReadOnlyList<Figure>> RunAsync(BenchOptions options)
    {
        List<Figure> figures = [];
        foreach (var zoneId in (string[])["UTC", "America/Sao_Paulo", "America/New_York"])
        {
            foreach (var (five, quartz) in Expressions)
            {
                figures.Add(Next(five, quartz, zoneId));
            }
        }

        var ours = Nanoseconds(Calls / 4, _ => CronExpression.Parse("0 9,14 * * 1-5"));
        var theirs = Nanoseconds(Calls / 4, _ => CrontabSchedule.Parse("0 9,14 * * 1-5"));
        figures.Add(new Figure("parse 0 9,14 * * 1-5", ours, "ns", "NCrontab", theirs));
        return Task.FromResult<IReadOnlyList<Figure>>(figures);
    }

    private static Figure Next(string five, string quartz, string zoneId)
    {
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var end = start.AddYears(8);
        var schedule = new CronSchedule(CronExpression.Parse(five), Zone.Parse(zoneId));
        var peer = new Quartz.CronExpression(quartz, TimeZoneInfo.FindSystemTimeZoneById(zoneId));

        var at = start;
        var ours = Nanoseconds(Calls, _ => at = schedule.Next(at) is { } next && next < end ? next : start);
        at = start;
        var theirs = Nanoseconds(Calls, _ => at = peer.GetNextValidTimeAfter(at) is { } next && next < end ? next : start);
        return new Figure($"next of {five}, {zoneId}", ours, "ns", "Quartz", theirs);
    }

    private static double Nanoseconds(int calls, Action<int> call)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < calls; i++)
            {
                call(i);
            }

            best = Math.Min(best, clock.Elapsed.TotalNanoseconds / calls);
        }

        return best;
    }
}
