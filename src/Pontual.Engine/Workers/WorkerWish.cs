namespace Pontual.Engine.Workers;

/// <summary>A worker's wish for runs.</summary>
/// <param name="Worker">Who asks.</param>
/// <param name="Tasks">What it can do; runs of an earlier one are taken first.</param>
/// <param name="Limit">Most runs to take.</param>
/// <param name="Wait">How long to wait for the first one.</param>
/// <param name="Lease">How long it may be silent about a run before that counts as lost.</param>
public sealed record WorkerWish(WorkerName Worker, IReadOnlyList<string> Tasks, int Limit, TimeSpan Wait, TimeSpan Lease);
