using System.Collections.Concurrent;

namespace Pontual.Engine.Pacing;

/// <summary>Runs one piece of asynchronous work on a thread of its own: what it awaits goes on there and not on the thread pool, which may be held up for long by
/// targets that block.</summary>
/// <remarks>Other code's continuations do not run there: a thread with a synchronization context takes none that are not its own.</remarks>
public static class OwnThread
{
    /// <summary>Whether the caller is on such a thread, where blocking holds up nobody else.</summary>
    public static bool IsCurrent => SynchronizationContext.Current is Queue;

    /// <summary>Starts the work; the task ends with it.</summary>
    /// <param name="name">The thread's name, for debuggers.</param>
    /// <param name="work">The work, from its first step on.</param>
    public static Task RunAsync(string name, Func<Task> work)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(work, ended)) { IsBackground = true, Name = name };
        thread.Start();
        return ended.Task;
    }

    private static void Run(Func<Task> work, TaskCompletionSource ended)
    {
        using var queue = new Queue();
        SynchronizationContext.SetSynchronizationContext(queue);
        var running = work();
        _ = running.ContinueWith(
            static (_, queue) => ((Queue)queue!).End(),
            queue,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        queue.RunAll();
        ended.SetFromTask(running);
    }

    private sealed class Queue : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Do, object? With)> _waiting = [];

        public override void Post(SendOrPostCallback d, object? state)
        {
            try
            {
                _waiting.Add((d, state));
            }
            catch (InvalidOperationException)
            {
                // The work has ended: nobody waits for what comes late.
            }
        }

        public override SynchronizationContext CreateCopy() => this;

        public void End() => _waiting.CompleteAdding();

        public void RunAll()
        {
            foreach (var (callback, state) in _waiting.GetConsumingEnumerable())
            {
                callback(state);
            }
        }

        public void Dispose() => _waiting.Dispose();
    }
}
