namespace Pontual.Cli.Watching;

/// <summary>The end of what a command wrote, both of its streams together. Thread-safe.</summary>
/// <param name="capacity">Most bytes that are kept.</param>
internal sealed class OutputTail(int capacity)
{
    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[capacity];

    /// <summary>How many bytes came in all.</summary>
    public long Total { get; private set; }

    /// <summary>Takes what was written.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var skipped = Math.Max(0, bytes.Length - capacity);
            Total += skipped;
            foreach (var letter in bytes[skipped..])
            {
                _ring[Total++ % capacity] = letter;
            }
        }
    }

    /// <summary>The end of it.</summary>
    public byte[] ToArray()
    {
        lock (_gate)
        {
            var kept = new byte[Math.Min(Total, capacity)];
            for (var at = 0; at < kept.Length; at++)
            {
                kept[at] = _ring[(Total - kept.Length + at) % capacity];
            }

            return kept;
        }
    }
}
