using System.Runtime.InteropServices;
using System.Text;
using Pontual.Engine.Executing;

namespace Pontual.TestKit.Running;

/// <summary>Keeps in memory what an attempt printed.</summary>
public sealed class RecordedOutput : IAttemptOutput
{
    private readonly Lock _gate = new();
    private readonly List<byte> _bytes = [];
    private readonly List<(double Fraction, string? Note)> _progress = [];

    /// <summary>All that was printed, as text.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_bytes));
            }
        }
    }

    /// <summary>What progress was reported, first to last.</summary>
    public IReadOnlyList<(double Fraction, string? Note)> Reports
    {
        get
        {
            lock (_gate)
            {
                return [.. _progress];
            }
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _bytes.AddRange(bytes);
        }
    }

    /// <inheritdoc/>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <inheritdoc/>
    public void Progress(double fraction, string? note = null)
    {
        lock (_gate)
        {
            _progress.Add((fraction, note));
        }
    }
}
