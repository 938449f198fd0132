using Pontual.Engine.Limits;

namespace Pontual.Storage.Limits;

/// <summary>A limit as a transaction that holds it finds it.</summary>
/// <param name="Name">The key, or the queue.</param>
/// <param name="Use">Its bound, where its rate stands, and the runs that are claimed.</param>
/// <param name="LetGo">Runs that were let go and are not claimed yet: they are on their way in.</param>
/// <param name="First">The place in the line of the first that waits; null when nobody does.</param>
internal sealed record LimitLine(string Name, LimitUse Use, int LetGo, DateTimeOffset? First)
{
    /// <summary>The use once those on their way have started.</summary>
    public LimitUse Coming(DateTimeOffset now)
    {
        var use = Use;
        for (var i = 0; i < LetGo; i++)
        {
            use = use.Started(now);
        }

        return use;
    }
}

/// <summary>How many of a line may go, and when.</summary>
internal sealed record Leave(string Name, int Count, DateTimeOffset At);

/// <summary>What a round at the limits did.</summary>
/// <param name="Ready">Runs can be claimed now that could not before.</param>
/// <param name="Opens">When the next of those let go can be claimed; null for none.</param>
internal readonly record struct Passed(bool Ready, DateTimeOffset? Opens);
