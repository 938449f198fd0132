using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Pontual.Client;

/// <summary>What happened, as it happens.</summary>
public sealed class EventOperations
{
    private const int WaitSeconds = 25;

    private readonly Wire _wire;

    internal EventOperations(Wire wire) => _wire = wire;

    /// <summary>Events after a cursor, oldest first.</summary>
    /// <param name="after">The last cursor already read; null to begin now.</param>
    /// <param name="wait">Seconds to wait for the first event where there is none, 0 to 60; 0 by default.</param>
    /// <param name="topics">What to hear: <c>runs,job:NAME</c>; null for everything.</param>
    /// <param name="limit">Most events, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListEvents")]
    public Task<EventPage> ListAsync(
        long? after = null,
        int? wait = null,
        string? topics = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) =>
        _wire.SendAsync<EventPage>(
            Call.Get("api/v1/events", ("after", after), ("wait", wait), ("topics", topics), ("limit", limit)),
            cancellation
        );

    /// <summary>Events as they happen, without end: each once, over as many answers as it takes.</summary>
    /// <param name="after">The last cursor already read; null to begin now.</param>
    /// <param name="topics">What to hear: <c>runs,job:NAME</c>; null for everything.</param>
    /// <param name="cancellation">Stops.</param>
    public async IAsyncEnumerable<Event> FollowAsync(
        long? after = null,
        string? topics = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        while (true)
        {
            var page = await ListAsync(after, WaitSeconds, topics, limit: null, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            after = page.NextCursor;
        }
    }
}

/// <summary>Some events.</summary>
/// <param name="Items">Oldest first; none when nothing happened in time.</param>
/// <param name="NextCursor">Hand it in as <c>after</c> next time.</param>
public sealed record EventPage(IReadOnlyList<Event> Items, long NextCursor);

/// <summary>Something that happened.</summary>
/// <param name="Cursor">Its place in the log; grows with each event.</param>
/// <param name="At">When it happened.</param>
/// <param name="Topic">What it can be asked for by: <c>runs</c>, <c>jobs</c>, <c>nodes</c>, <c>queue</c>.</param>
/// <param name="Kind">What happened: <c>run.succeeded</c>.</param>
/// <param name="Subject">To what: the id of a run or node, the name of a job or queue.</param>
/// <param name="Job">The job it is about; null for none.</param>
/// <param name="Data">What else there is to say, an object.</param>
public sealed record Event(long Cursor, DateTimeOffset At, string Topic, string Kind, string Subject, string? Job, JsonElement Data);
