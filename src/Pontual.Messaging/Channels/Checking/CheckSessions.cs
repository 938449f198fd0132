using Pontual.Engine.Jobs;
using Pontual.Runners.Handler;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>The handler <c>check-sessions</c> (S3-01 to S3-04, S3-07, S4-03): checks every session of the tenant, cures what dropped, and prints what there is to say.</summary>
/// <remarks>Arguments: <c>silent-hours</c>, from when on silence is suspect where nothing is learned yet (4); <c>rules</c>, what counts
/// otherwise than usual (<see cref="LivenessRulesReader"/>). The job's run is the record of it.</remarks>
public sealed class CheckSessions(SessionCheck check, ChannelOptions options) : IJobHandler
{
    /// <summary>What jobs call it.</summary>
    public const string Name = "check-sessions";

    /// <inheritdoc/>
    public async Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation)
    {
        var problems = new List<DocumentProblem>();
        if (WishOf(context, problems) is not { } wish)
        {
            return HandlerResult.Fail(string.Join("; ", problems.Select(problem => $"{problem.Path} {problem.Message}: {problem.Fix}")));
        }

        var report = await check.RunAsync(context.Job.Name.Tenant, wish, context.Run.Node ?? "", cancellation);
        if (report.AlreadyRunning)
        {
            context.WriteLine("another check goes on: this one has nothing to do");
            return HandlerResult.Ok(new { already_running = true }, 0);
        }

        foreach (var gateway in report.Gateways)
        {
            context.WriteLine($"{gateway.Gateway}: {gateway.Detail}");
        }

        foreach (var channel in report.Channels.Where(channel => channel.IsNews))
        {
            context.WriteLine($"{channel.Channel}: {channel.ToLine()}");
        }

        return report.Gateways.Count > 0 && report.Channels.Count == 0
            ? HandlerResult.Fail(string.Join("; ", report.Gateways.Select(gateway => $"{gateway.Gateway}: {gateway.Detail}")))
            : HandlerResult.Ok(SummaryOf(report), report.Channels.Count);
    }

    private CheckWish? WishOf(HandlerContext context, List<DocumentProblem> problems)
    {
        var wish = new CheckWish { Rules = options.Rules };
        if (context.Args.ValueKind is System.Text.Json.JsonValueKind.Undefined)
        {
            return wish;
        }

        if (DocumentObject.Open(context.Args, "", problems, ["silent-hours", "rules"]) is not { } args)
        {
            return null;
        }

        var rules = LivenessRulesReader.Read(args, wish.Rules, problems);
        var hours = args.Integer("silent-hours", 1, 168);
        return problems.Count > 0 ? null
            : hours is { } silent ? wish with { Rules = rules with { Silence = TimeSpan.FromHours(silent) } }
            : wish with { Rules = rules };
    }

    private static object SummaryOf(CheckReport report) =>
        new
        {
            checked_channels = report.Channels.Count,
            working = report.Channels.Count(channel => channel.State is Gateways.SessionState.Connected),
            suspect = report.Channels.Count(channel => channel.IsSuspect),
            tried = report.Tried,
            asked = report.Channels.Count(channel => channel.Asked is not null),
            gateways_down = report.Gateways.Count,
        };
}
