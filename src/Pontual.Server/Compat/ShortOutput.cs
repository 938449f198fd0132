using System.Text;
using Pontual.Engine.Executing;

namespace Pontual.Server.Compat;

/// <summary>Keeps the first lines of what a handler prints, to answer with them.</summary>
internal sealed class ShortOutput : IAttemptOutput
{
    private const int MostLines = 500;
    private const int LongestLine = 1_000;

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public void Write(ReadOnlySpan<byte> bytes) => WriteLine(Encoding.UTF8.GetString(bytes));

    public void WriteLine(string line)
    {
        lock (_gate)
        {
            if (_lines.Count < MostLines)
            {
                _lines.Add(line.Length > LongestLine ? $"{line[..LongestLine]}…" : line);
            }
        }
    }

    /// <summary>Nobody sees it: who asked waits for the end.</summary>
    public void Progress(double fraction, string? note = null) { }
}
