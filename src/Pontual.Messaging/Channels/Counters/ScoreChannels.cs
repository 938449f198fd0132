using Pontual.Engine.Jobs;
using Pontual.Messaging.Channels.Trust;
using Pontual.Runners.Handler;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>The handler <c>score-channels</c>: how much each channel of the tenant can be trusted, and why.</summary>
/// <remarks>Arguments: <c>rules</c>, what is to be judged otherwise than usual: <c>version</c>, <c>healthy</c>, <c>attention</c>, and by the name of a
/// threshold <c>{ full, zero, least }</c>.</remarks>
internal sealed class ScoreChannels(TrustScoring scoring) : IJobHandler
{
    /// <summary>What jobs call it.</summary>
    public const string Name = "score-channels";

    public async Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation)
    {
        var problems = new List<DocumentProblem>();
        if (TrustRulesReader.Read(context.Args, problems) is not { } rules)
        {
            return HandlerResult.Fail(string.Join("; ", problems.Select(problem => $"{problem.Path} {problem.Message}: {problem.Fix}")));
        }

        var scored = await scoring.ScoreAsync(context.Job.Name.Tenant, rules, cancellation);
        foreach (var (channel, snapshot) in scored.Where(one => one.Snapshot.Standing.Band < TrustBand.NotEnoughData))
        {
            context.WriteLine(
                $"{channel}: {snapshot.Standing.Band.ToString().ToLowerInvariant()}, score {snapshot.Score?.ToString() ?? "unknown"}"
            );
        }

        return HandlerResult.Ok(
            new
            {
                channels = scored.Count,
                healthy = CountOf(TrustBand.Healthy),
                attention = CountOf(TrustBand.Attention),
                critical = CountOf(TrustBand.Critical),
                not_enough_data = CountOf(TrustBand.NotEnoughData),
            },
            scored.Count
        );

        int CountOf(TrustBand band) => scored.Count(one => one.Snapshot.Standing.Band == band);
    }
}
