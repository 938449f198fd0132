using System.Collections.Concurrent;
using System.Text.Json;

namespace Pontual.TestKit.Checking;

/// <summary>What witnesses outside the product note, in the order of its coming: starts and ends that targets saw, calls that a client made, faults that
/// were made. Kept in memory for the checkers and, line by line, in a file for people. Thread-safe.</summary>
public sealed class Journal : IDisposable
{
    private readonly ConcurrentQueue<SinkStart> _starts = new();
    private readonly ConcurrentQueue<SinkEnd> _ends = new();
    private readonly ConcurrentQueue<ClientCall> _calls = new();
    private readonly ConcurrentQueue<Fault> _faults = new();
    private readonly Lock _gate = new();
    private readonly StreamWriter? _file;

    /// <param name="path">Of the file; null for none.</param>
    public Journal(string? path = null) => _file = path is null ? null : new StreamWriter(path, append: true);

    /// <summary>Starts, in the order of their times.</summary>
    public IReadOnlyList<SinkStart> Starts => [.. _starts.OrderBy(start => start.At)];

    /// <summary>Ends.</summary>
    public IReadOnlyList<SinkEnd> Ends => [.. _ends];

    /// <summary>Calls, in the order of their answers.</summary>
    public IReadOnlyList<ClientCall> Calls => [.. _calls];

    /// <summary>Faults.</summary>
    public IReadOnlyList<Fault> Faults => [.. _faults];

    /// <summary>How many attempts began so far.</summary>
    public int Started => _starts.Count;

    /// <summary>Attempts that began and have not ended.</summary>
    public int Open => _starts.Count - _ends.Count;

    /// <summary>Whether a write that was begun since then was acknowledged.</summary>
    public bool Wrote(DateTimeOffset since) => _calls.Any(call => call.Invoked > since && call.End is CallEnd.Ok);

    /// <summary>Whether an attempt began since then.</summary>
    public bool Began(DateTimeOffset since) => _starts.Any(start => start.At > since);

    /// <summary>Attempts of process targets that a node has begun and that have not ended.</summary>
    public IReadOnlyList<SinkStart> OpenProcesses(string node)
    {
        var ended = _ends.Select(end => (end.RunId, end.Token)).ToHashSet();
        return [.. _starts.Where(start => start.IsProcess && start.Node == node && !ended.Contains((start.RunId, start.Token)))];
    }

    public void Add(SinkStart start) => Note(_starts, "start", start);

    public void Add(SinkEnd end) => Note(_ends, "end", end);

    public void Add(ClientCall call) => Note(_calls, "call", call);

    public void Add(Fault fault) => Note(_faults, "fault", fault);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
        }
    }

    private void Note<T>(ConcurrentQueue<T> queue, string kind, T entry)
    {
        queue.Enqueue(entry);
        if (_file is null)
        {
            return;
        }

        var line = $"{{\"kind\":\"{kind}\",\"entry\":{JsonSerializer.Serialize(entry)}}}";
        lock (_gate)
        {
            if (_file.BaseStream.CanWrite)
            {
                _file.WriteLine(line);
            }
        }
    }
}

/// <summary>A call that a client made to the product.</summary>
/// <param name="Kind">run, put, pause or resume.</param>
/// <param name="Job">The job it concerns.</param>
/// <param name="Value">What it wrote, or the id of the run it was given.</param>
/// <param name="Invoked">When it was sent.</param>
/// <param name="Answered">When its end was known, or given up.</param>
/// <param name="End">How it ended.</param>
public sealed record ClientCall(string Kind, string Job, string? Value, DateTimeOffset Invoked, DateTimeOffset Answered, CallEnd End);

/// <summary>How a client's call ended.</summary>
public enum CallEnd
{
    /// <summary>The product said that it is done.</summary>
    Ok,

    /// <summary>The product said that it is not done, or never got it.</summary>
    Failed,

    /// <summary>Nobody knows.</summary>
    Unknown,
}
