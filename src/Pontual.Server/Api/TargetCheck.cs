using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Api;

/// <summary>Asks the runners of this node what is wrong with a target.</summary>
internal sealed class TargetCheck(IEnumerable<IRunner> runners)
{
    private readonly Dictionary<string, IRunner> _runners = runners.ToDictionary(runner => runner.Kind);

    /// <summary>What is wrong; paths relative to the target's settings.</summary>
    public IEnumerable<DocumentProblem> Check(Target target)
    {
        if (_runners.TryGetValue(target.Kind, out var runner))
        {
            return runner.Check(target.Settings);
        }

        var known = string.Join(", ", _runners.Keys.Order(StringComparer.Ordinal));
        return [new("", "target", $"this server has no runner for targets of kind '{target.Kind}'", $"use one of {known}")];
    }
}
