using System.Text;

namespace Pontual.Runners.Process;

/// <summary>Remembers the last line of what passes by that is not empty.</summary>
internal sealed class LastLine(int limit)
{
    private readonly List<byte> _line = [];
    private bool _ended;
    private bool _tooLong;

    /// <summary>The line; null when there was none or it was longer than the limit.</summary>
    public string? Text => _tooLong || _line.Count == 0 ? null : Encoding.UTF8.GetString([.. _line]);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var line in bytes.Split((byte)'\n'))
        {
            var (start, end) = (line.Start.GetOffset(bytes.Length), line.End.GetOffset(bytes.Length));
            Continue(bytes[start..end]);
            _ended |= end < bytes.Length;
        }
    }

    private void Continue(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return;
        }

        if (_ended)
        {
            _line.Clear();
            (_ended, _tooLong) = (false, false);
        }

        _tooLong |= _line.Count + part.Length > limit;
        if (!_tooLong)
        {
            _line.AddRange(part);
        }
    }
}
