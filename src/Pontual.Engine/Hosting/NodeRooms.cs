using Pontual.Engine.Claiming;
using Pontual.Engine.Executing;
using Pontual.Engine.Nodes;
using Pontual.Engine.Planning;
using Pontual.Engine.Requests;
using Pontual.Engine.Settling;
using Pontual.Engine.Upkeep;

namespace Pontual.Engine.Hosting;

/// <summary>The rooms of one node: one of each.</summary>
internal sealed record NodeRooms(
    NodeLease Lease,
    Planner Planner,
    Claimer Claimer,
    Executor Executor,
    Settler Settler,
    Rescuer Rescuer,
    Pruner Pruner,
    EventKeeper Events,
    RequestTaker? Requests = null
);
