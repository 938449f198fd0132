using Pontual.Engine.Pacing;

namespace Pontual.Messaging.Inbox;

/// <summary>Tells the reader of this process that something was kept.</summary>
internal sealed class InboxBell(TimeProvider time) : IDisposable
{
    /// <summary>What comes within this time is read together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>What the reader sleeps on.</summary>
    public Wake Wake { get; } = new(time);

    public void Ring() => Wake.SetWithin(Gathering);

    public void Dispose() => Wake.Dispose();
}
