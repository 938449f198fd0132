using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;

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
}
