using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Tests.Rooms;

/// <summary>Runs targets of kind "handler" as the test says: at once by <see cref="Outcomes"/>, or held open until the test ends them.</summary>
internal sealed class ScriptedRunner : IRunner
{
    private readonly Dictionary<Guid, TaskCompletionSource<Outcome>> _open = [];

    public string Kind => "handler";

    /// <summary>What attempts come to at once; null keeps them open until <see cref="End"/> or their cancellation.</summary>
    public Func<AttemptContext, Outcome?> Outcomes { get; set; } = _ => new Outcome.Success();

    /// <summary>Attempts that go on when they are asked to stop, as a target without manners does.</summary>
    public bool IgnoresCancellation { get; set; }

    /// <summary>Every attempt that was started, in order.</summary>
    public List<AttemptContext> Started { get; } = [];

    /// <summary>Why attempts were stopped, in order.</summary>
    public List<StopReason> Stopped { get; } = [];

    public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant) => [];

    public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation)
    {
        Started.Add(attempt);
        if (Outcomes(attempt) is { } outcome)
        {
            return Task.FromResult(outcome);
        }

        // Continuations run inside End and inside the clock's Advance, so that a test is never ahead of the engine.
        var open = new TaskCompletionSource<Outcome>();
        _open[attempt.Leased.Run.Id] = open;
        cancellation.Register(() =>
        {
            Stopped.Add(attempt.StopReason);
            if (!IgnoresCancellation)
            {
                open.TrySetCanceled(cancellation);
            }
        });
        return open.Task;
    }

    /// <summary>Ends an open attempt.</summary>
    public void End(Guid run, Outcome outcome) => _open[run].TrySetResult(outcome);
}
