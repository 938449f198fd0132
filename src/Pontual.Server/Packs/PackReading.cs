using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Server.Packs;

/// <summary>What files of definitions came to.</summary>
/// <param name="Jobs">The jobs, in the order of the files; those with problems are not among them.</param>
/// <param name="Server">Settings of the <c>server:</c> section; nothing set when there is none.</param>
/// <param name="Problems">Everything that is wrong, by file and line. When there is any, nothing may be applied.</param>
public sealed record PackReading(IReadOnlyList<JobDefinition> Jobs, ServerSettings Server, IReadOnlyList<PackProblem> Problems)
{
    /// <summary>The calendars, in the order of the files; those with problems are not among them.</summary>
    public IReadOnlyList<CalendarDefinition> Calendars { get; init; } = [];

    /// <summary>The limits of queues; those with problems are not among them.</summary>
    public IReadOnlyDictionary<string, Limit> Queues { get; init; } = QueueChanges.None.Put;

    /// <summary>The gateways, in the order of the files; those with problems are not among them.</summary>
    public IReadOnlyList<GatewayDefinition> Gateways { get; init; } = [];

    /// <summary>Jobs that are left as they are where there are jobs of their names already: they are changed while they run.</summary>
    public IReadOnlySet<JobName> LeftIfThere { get; init; } = new HashSet<JobName>();

    /// <summary>The same, with what is left as it is as it is.</summary>
    /// <param name="current">The jobs that are there.</param>
    public PackReading Beside(IEnumerable<JobDefinition> current)
    {
        var there = current.Where(job => LeftIfThere.Contains(job.Name)).ToDictionary(job => job.Name);
        return there.Count == 0 ? this : this with { Jobs = [.. Jobs.Select(job => there.GetValueOrDefault(job.Name, job))] };
    }
}
