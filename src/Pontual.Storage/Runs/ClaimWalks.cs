using System.Collections.Concurrent;
using Pontual.Engine.Runs;

namespace Pontual.Storage.Runs;

/// <summary>Remembers how far claims have walked in the order of the queue, so that the next one need not pass again what was taken before.</summary>
/// <remarks>
/// On PostgreSQL the index keeps an entry for every claim ever made until a vacuum, and for as long as anybody's transaction is open: a walk
/// from the start passes all of them. So a claim goes on from where the last one ended. What comes to stand before that place (a run of higher
/// priority, one that another node gave back) is found by a walk from the start, which may take a twentieth of the time: almost always while
/// the queue is short, and once a second when it is long. Nothing that is left over is believed to be nothing before such a walk.
/// </remarks>
internal sealed class ClaimWalks(TimeProvider time)
{
    private const int MostKept = 100;
    private const int Share = 20;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    /// <summary>A walk from the start that takes no longer is not worth leaving out.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(3);

    private readonly ConcurrentDictionary<(string Node, string? Queue), ClaimWalk> _walks = new();

    /// <summary>Where the next claim of a lane goes on; from the start when it is time for that, and when it claims ahead: it passes what only later claims may take.</summary>
    public ClaimWalk Next(ClaimRequest request, string? queue)
    {
        var last = _walks.GetValueOrDefault((request.Node, queue));
        return last is not null && request.ReadyBy <= request.Now && time.GetElapsedTime(last.StartedAt) < last.Rest
            ? last with
            {
                IsFromStart = false,
            }
            : new ClaimWalk(time.GetTimestamp()) { Reached = last?.Reached ?? ClaimPlace.Start };
    }

    /// <summary>A walk from the start has ended: another one is due when it has taken its share of the time.</summary>
    public ClaimWalk Ended(ClaimWalk walk)
    {
        if (!walk.IsFromStart)
        {
            return walk;
        }

        // What a queue's limit had no room for stays behind: there every claim begins at the start.
        var took = time.GetElapsedTime(walk.StartedAt);
        var rest = took < Short || walk.Queues.Any(queue => queue.IsLimited) ? TimeSpan.Zero : Share * took;
        return walk with { Rest = rest < LongestRest ? rest : LongestRest };
    }

    /// <summary>How long until the next walk from the start.</summary>
    public TimeSpan RestOf(ClaimWalk walk) => walk.Rest - time.GetElapsedTime(walk.StartedAt);

    /// <summary>Keeps a walk whose claim was committed.</summary>
    public void Keep(string node, string? queue, ClaimWalk walk)
    {
        // Of nodes that are gone nothing is worth keeping: the next claim of each begins at the start.
        if (_walks.Count >= MostKept)
        {
            _walks.Clear();
        }

        _walks[(node, queue)] = walk;
    }
}

/// <summary>A place in the order of claims.</summary>
internal readonly record struct ClaimPlace(DateTimeOffset At, Guid Id)
{
    /// <summary>Before every run.</summary>
    public static ClaimPlace Start { get; } = new(DateTimeOffset.UnixEpoch.AddYears(-1_000), Guid.Empty);

    /// <summary>Whether it comes later than another.</summary>
    public bool IsAfter(ClaimPlace other) => At == other.At ? Id.CompareTo(other.Id) > 0 : At > other.At;
}

/// <summary>A walk through a lane's runs in the order of claims.</summary>
/// <param name="StartedAt">Timestamp of when it left the start.</param>
internal sealed record ClaimWalk(long StartedAt)
{
    /// <summary>Whether it begins at the start, and not where an earlier claim ended.</summary>
    public bool IsFromStart { get; init; } = true;

    /// <summary>All before this was passed.</summary>
    public ClaimPlace Reached { get; init; } = ClaimPlace.Start;

    /// <summary>The lane's queues that had runs when it left the start.</summary>
    public IReadOnlyList<WaitingQueue> Queues { get; init; } = [];

    /// <summary>From its start until the next one.</summary>
    public TimeSpan Rest { get; init; }

    /// <summary>Where a claim looks for the first run.</summary>
    public ClaimPlace From => IsFromStart ? ClaimPlace.Start : Reached;

    /// <summary>The walk after a claim took runs up to a place, and, unless it was filled, found no more behind it.</summary>
    public ClaimWalk Took(ClaimPlace last, bool wasFilled) => this with { Reached = wasFilled || last.IsAfter(Reached) ? last : Reached };
}

/// <summary>A queue in which runs wait, and whether it has a limit.</summary>
internal sealed record WaitingQueue(string Name, bool IsLimited);
