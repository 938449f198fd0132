using Pontual.Engine.Limits;
using Pontual.Engine.Runs;

namespace Pontual.Server.Api;

/// <summary>The words of the API for states and triggers.</summary>
internal static class Words
{
    /// <summary>The word for a state.</summary>
    public static string Of(RunState state) =>
        state switch
        {
            RunState.Pending => "pending",
            RunState.Running => "running",
            RunState.Succeeded => "succeeded",
            RunState.Failed => "failed",
            RunState.Cancelled => "cancelled",
            _ => "skipped",
        };

    /// <summary>The word for what a limit is of.</summary>
    public static string Of(LimitScope scope) => scope is LimitScope.Queue ? "queue" : "key";

    /// <summary>The word for a trigger.</summary>
    public static string Of(RunTrigger trigger) =>
        trigger switch
        {
            RunTrigger.Schedule => "schedule",
            RunTrigger.Manual => "manual",
            RunTrigger.After => "after",
            _ => "backfill",
        };

    /// <summary>Reads the word for a state; case matters.</summary>
    public static bool TryState(string word, out RunState state)
    {
        foreach (var candidate in Enum.GetValues<RunState>())
        {
            if (Of(candidate) == word)
            {
                state = candidate;
                return true;
            }
        }

        state = default;
        return false;
    }
}
