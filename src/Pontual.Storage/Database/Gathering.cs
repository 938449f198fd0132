namespace Pontual.Storage.Database;

/// <summary>Lets callers of the same moment share a transaction: what is asked while one is on its way goes together into the next.</summary>
/// <remarks>
/// Whoever finds nothing in his way waits for nobody. Groups that touch the same job would wait for each other's commit at its row; here they follow
/// one another, so that those who wait gather meanwhile, and nobody overtakes. Others go side by side, a few at once.
/// A group that fails for what may be the fault of one of it is halved until that one stands alone.
/// SQLite needs none of this: its writer gathers everything.
/// </remarks>
/// <typeparam name="TCall">What is asked.</typeparam>
/// <typeparam name="TAnswer">What comes of it.</typeparam>
/// <param name="work">Does what all of a group ask, or nothing of it, and answers in their order. Waits no longer than the limits of the database.</param>
/// <param name="jobsOf">The jobs that a call decides about; none where only the number of groups counts.</param>
/// <param name="sizeOf">How much a call adds to its group; a large one goes alone.</param>
/// <param name="groupsAtOnce">Most groups on their way.</param>
public sealed class Gathering<TCall, TAnswer>(
    Func<IReadOnlyList<TCall>, Task<IReadOnlyList<TAnswer>>> work,
    Func<TCall, long[]> jobsOf,
    Func<TCall, int> sizeOf,
    int groupsAtOnce
)
{
    private const int LargestGroup = 1_000;

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _queue = new();

    /// <summary>How many calls on their way, or waiting, decide about a job.</summary>
    private readonly Dictionary<long, int> _asked = [];

    private readonly HashSet<long> _held = [];
    private int _groups;

    /// <summary>The answer to a call, after its transaction.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="cancellation">Stops waiting; what has begun may still be done.</param>
    public Task<TAnswer> AskAsync(TCall call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var mine = new Waiting(call, jobsOf(call), sizeOf(call), cancellation);
        bool isFree;
        lock (_gate)
        {
            isFree = _groups < groupsAtOnce && !Array.Exists(mine.Jobs, _asked.ContainsKey);
            Array.ForEach(mine.Jobs, job => _asked[job] = _asked.GetValueOrDefault(job) + 1);
            if (isFree)
            {
                Begin([mine]);
            }
            else
            {
                _queue.Enqueue(mine);
            }
        }

        if (isFree)
        {
            _ = RunAsync([mine]);
        }

        return mine.Source.Task.WaitAsync(cancellation);
    }

    private async Task RunAsync(List<Waiting> group)
    {
        await AnswerAsync(group);
        var next = new List<List<Waiting>>();
        lock (_gate)
        {
            _groups--;
            foreach (var ended in group)
            {
                _held.ExceptWith(ended.Jobs);
                Forget(ended);
            }

            while (_groups < groupsAtOnce && Gather() is { Count: > 0 } gathered)
            {
                Begin(gathered);
                next.Add(gathered);
            }
        }

        next.ForEach(gathered => _ = RunAsync(gathered));
    }

    private void Begin(List<Waiting> group)
    {
        _groups++;
        group.ForEach(begun => _held.UnionWith(begun.Jobs));
    }

    /// <summary>All who wait and are in nobody's way, as far as a group has room; the others keep their order.</summary>
    private List<Waiting> Gather()
    {
        var (group, room, inTheWay) = (new List<Waiting>(), LargestGroup, new HashSet<long>(_held));
        for (var left = _queue.Count; left > 0; left--)
        {
            var next = _queue.Dequeue();
            if (next.Cancellation.IsCancellationRequested)
            {
                Forget(next);
            }
            else if ((group.Count == 0 || next.Size <= room) && !inTheWay.Overlaps(next.Jobs))
            {
                group.Add(next);
                room -= next.Size;
            }
            else
            {
                inTheWay.UnionWith(next.Jobs);
                _queue.Enqueue(next);
            }
        }

        return group;
    }

    private void Forget(Waiting call)
    {
        foreach (var job in call.Jobs)
        {
            if (--_asked[job] == 0)
            {
                _asked.Remove(job);
            }
        }
    }

    private async Task AnswerAsync(List<Waiting> group)
    {
        try
        {
            var answers = await work(group.ConvertAll(waiting => waiting.Call));
            for (var index = 0; index < group.Count; index++)
            {
                group[index].Source.SetResult(answers[index]);
            }
        }
        catch (Exception exception) when (group.Count > 1 && MayBeOfOne(exception))
        {
            var half = group.Count / 2;
            await AnswerAsync(group[..half]);
            await AnswerAsync(group[half..]);
        }
        catch (Exception exception)
        {
            group.ForEach(waiting => waiting.Fail(exception));
        }
    }

    // When the database is away, full or busy, it is so for all of them.
    private static bool MayBeOfOne(Exception exception) =>
        exception
            is not DatabaseException
            {
                Fault: DatabaseFault.Unavailable or DatabaseFault.Unanswered or DatabaseFault.Busy or DatabaseFault.Full
            };

    private sealed record Waiting(TCall Call, long[] Jobs, int Size, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TAnswer> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(Exception exception)
        {
            Source.SetException(exception);

            // Its caller may have stopped waiting: then nobody looks at the exception, and nobody needs to.
            _ = Source.Task.Exception;
        }
    }
}
