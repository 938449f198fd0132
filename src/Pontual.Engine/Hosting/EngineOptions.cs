using Pontual.Engine.Claiming;
using Pontual.Engine.Nodes;
using Pontual.Engine.Planning;
using Pontual.Engine.Upkeep;

namespace Pontual.Engine.Hosting;

/// <summary>What a process does in the system.</summary>
[Flags]
public enum NodeRoles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Answers people and programs.</summary>
    Api = 1,

    /// <summary>Plans, rescues and prunes, and runs what needs no worker: HTTP and SQL targets.</summary>
    Scheduler = 2,

    /// <summary>Runs all kinds of targets.</summary>
    Worker = 4,

    /// <summary>Everything in one process.</summary>
    All = Api | Scheduler | Worker,
}

/// <summary>The engine's settings. Section <c>Pontual</c>.</summary>
public sealed class EngineOptions
{
    /// <summary>What this process does. Default everything.</summary>
    public NodeRoles Roles { get; set; } = NodeRoles.All;

    /// <summary>This machine's name among the nodes, 1 to 100 characters; default the system's.</summary>
    public string Host { get; set; } = Environment.MachineName;

    /// <summary>How long a stopping node lets its attempts end by themselves; 0 to 10 min. Default 20 s.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest sleep of a loop that nothing wakes: how late another process's news can come. 10 ms to 1 min. Default 500 ms.</summary>
    public TimeSpan SafetyPoll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How due times become runs.</summary>
    public PlannerOptions Planner { get; set; } = new();

    /// <summary>How work is taken.</summary>
    public ClaimingOptions Claiming { get; set; } = new();

    /// <summary>How the node shows that it lives.</summary>
    public LeaseOptions Lease { get; set; } = new();

    /// <summary>How lost, stuck and old runs are dealt with.</summary>
    public UpkeepOptions Upkeep { get; set; } = new();

    /// <summary>As <see cref="Executing.Executor.StartsInline"/>.</summary>
    internal bool StartsInline { get; set; }
}
