using Pontual.Engine.Runs;

namespace Pontual.Storage.Runs;

/// <summary>The words that stand in the database for states and triggers.</summary>
internal static class RunWords
{
    public static string Of(RunState state) =>
        state switch
        {
            RunState.Pending => "pending",
            RunState.Running => "running",
            RunState.Succeeded => "succeeded",
            RunState.Failed => "failed",
            RunState.Cancelled => "cancelled",
            RunState.Skipped => "skipped",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    public static RunState State(string word) =>
        word switch
        {
            "pending" => RunState.Pending,
            "running" => RunState.Running,
            "succeeded" => RunState.Succeeded,
            "failed" => RunState.Failed,
            "cancelled" => RunState.Cancelled,
            "skipped" => RunState.Skipped,
            _ => throw new ArgumentOutOfRangeException(nameof(word), word, null),
        };

    public static string Of(RunTrigger trigger) =>
        trigger switch
        {
            RunTrigger.Schedule => "schedule",
            RunTrigger.Manual => "manual",
            RunTrigger.After => "after",
            RunTrigger.Backfill => "backfill",
            _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, null),
        };

    public static RunTrigger Trigger(string word) =>
        word switch
        {
            "schedule" => RunTrigger.Schedule,
            "manual" => RunTrigger.Manual,
            "after" => RunTrigger.After,
            "backfill" => RunTrigger.Backfill,
            _ => throw new ArgumentOutOfRangeException(nameof(word), word, null),
        };
}
