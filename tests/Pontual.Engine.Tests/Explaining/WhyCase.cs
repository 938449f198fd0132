using Pontual.Engine.Audit;
using Pontual.Engine.Explaining;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Tests.Explaining;

/// <summary>A job that is due each day at 09:00 in UTC, asked about on 2026-03-10 at 12:00, and what is told of it.</summary>
internal static class WhyCase
{
    public static readonly DateTimeOffset Now = At("2026-03-10 12:00");
    public static readonly DateTimeOffset Nine = At("2026-03-10 09:00");
    public static readonly JobName Name = JobName.Parse("report");
    public static readonly Guid Before = Guid.Parse("019cd000-0000-7000-8000-00000000000b");

    public static void Tells(WhyFacts facts, string verdict, string sentence)
    {
        var told = Explainer.Explain(facts);

        Assert.Equal(sentence, told.Sentence);
        Assert.Equal(verdict, told.Verdict);
        Assert.NotEmpty(told.Facts);
    }

    public static WhyFacts AsOfNow() =>
        new()
        {
            Name = Name,
            Job = Job(),
            Now = Now,
        };

    public static WhyFacts Asked(string at = "2026-03-10 09:00") => AsOfNow() with { At = At(at) };

    public static Job Job(
        string more = "",
        string schedule = ""","schedule":{"cron":"0 9 * * *","zone":"UTC"}""",
        string target = """{"handler":{"name":"x"}}"""
    ) =>
        new()
        {
            Id = 1,
            Definition = JobDocument.Deserialize(
                $$"""{"name":"report"{{(schedule.Length == 0 ? ""","schedule":{"cron":"0 9 * * *","zone":"UTC"}""" : schedule)}},"target":{{target}}{{more}}}"""
            ),
            Revision = 1,
            Mark = Now,
            NextDue = At("2026-03-11 09:00"),
            CreatedAt = At("2026-03-01 00:00"),
            UpdatedAt = At("2026-03-01 00:00"),
        };

    public static Run Run(string due, RunState state, string? started = null, string? ended = null) =>
        new()
        {
            Id = RunId.Lowest(Today(due)),
            JobId = 1,
            Job = Name,
            Trigger = RunTrigger.Schedule,
            DueAt = Today(due),
            State = state,
            Attempt = started is null ? 0 : 1,
            StartedAt = started is null ? null : Today(started),
            FinishedAt = ended is null ? null : Today(ended),
            Node = started is null ? null : "a",
        };

    public static Run Skip(string reason) => Run("09:00", RunState.Skipped) with { Reason = reason };

    public static NodeRecord Node(
        string id,
        string started,
        string? left = null,
        string leaseUntil = "12:01",
        string roles = "scheduler"
    ) => new(id, "host", 1, "mark", "1", [roles], Today(started), Today(leaseUntil), left is null ? null : Today(left));

    public static AuditEntry Entry(
        string action,
        string time,
        string subject = "report",
        string? before = null,
        string? after = null,
        string? reason = null
    ) => new(1, Today(time), TenantName.Default, new Actor("user:ana", null, reason) { Name = "ana" }, action, subject, before, after);

    public static DateTimeOffset Today(string time) => At($"2026-03-10 {time}");

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse($"{text}:00Z", System.Globalization.CultureInfo.InvariantCulture);
}
