using System.Collections.Concurrent;
using Pontual.Engine.Jobs;

namespace Pontual.Storage.Jobs;

/// <summary>Parsed definitions by job and revision, so that planning and claiming parse no JSON. Bounded: a million idle jobs cost nothing here.</summary>
/// <remarks>Filled only from committed rows: a definition that was written but rolled back must never stand here under its revision.</remarks>
internal sealed class DefinitionCache
{
    private const int Capacity = 20_000;
    private readonly ConcurrentDictionary<long, (int Revision, JobDefinition Definition)> _byJob = new();

    public JobDefinition? Find(long job, int revision) =>
        _byJob.TryGetValue(job, out var kept) && kept.Revision == revision ? kept.Definition : null;

    public void Keep(long job, int revision, JobDefinition definition)
    {
        // Counting a concurrent dictionary locks it, but only on this path: a definition was parsed.
        if (_byJob.Count >= Capacity)
        {
            _byJob.Clear();
        }

        _byJob[job] = (revision, definition);
    }
}
