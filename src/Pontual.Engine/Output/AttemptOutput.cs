using System.Buffers;
using System.Globalization;
using System.Text;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Output;

/// <summary>What one attempt prints: a buffer that the pump empties, and the job's log file.</summary>
internal sealed class AttemptOutput(LeasedRun leased, JobLogFile? log, OutputPump pump, OutputOptions options, TimeProvider time)
    : IOpenAttemptOutput
{
    /// <summary>Sequence numbers of one claim; the last thousand are left for the words that say it was cut.</summary>
    private const int PiecesOfClaim = 1_000_000;

    private static readonly TimeSpan LogRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProgressPace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte>? _buffer;
    private DateTimeOffset _bufferedSince;
    private long _kept;
    private int _piece;
    private bool _cut;
    private bool _lost;
    private long? _logFailedAt;
    private long? _progressAt;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        int waiting;
        lock (_gate)
        {
            AppendToLog(bytes);
            Keep(bytes);
            waiting = _buffer?.WrittenCount ?? 0;
        }

        if (waiting > 0)
        {
            pump.Wake(this, urgent: waiting >= options.FlushBytes);
        }
    }

    /// <inheritdoc/>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <inheritdoc/>
    public void Progress(double fraction, string? note = null)
    {
        lock (_gate)
        {
            if (fraction < 1 && _progressAt is { } last && time.GetElapsedTime(last) < ProgressPace)
            {
                return;
            }

            _progressAt = time.GetTimestamp();
        }

        var percent = double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1) * 100;
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{percent:0} %{(note is null ? "" : " " + note)}]"));
    }

    /// <summary>Takes out what waits; null when nothing does.</summary>
    public OutputPiece? Take()
    {
        lock (_gate)
        {
            if (_buffer is not { WrittenCount: > 0 })
            {
                return null;
            }

            var sequence = (leased.LeaseToken * PiecesOfClaim) + ++_piece;
            var piece = new OutputPiece(leased.Run.Id, sequence, _bufferedSince, _buffer.WrittenSpan.ToArray());
            _buffer.ResetWrittenCount();
            return piece;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_buffer is not null)
        {
            await pump.FlushAsync(this);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_cut)
        {
            return;
        }

        var room = _piece < PiecesOfClaim - 1000 ? Math.Max(0, options.KeptBytes - _kept) : 0;
        var fits = bytes[..(int)Math.Min(room, bytes.Length)];
        if (pump.TryReserve(fits.Length))
        {
            _lost = false;
            Buffer(fits);
        }
        else if (!_lost)
        {
            _lost = true;
            Note("output lost here: the store takes none");
        }

        if (fits.Length < bytes.Length)
        {
            _cut = true;
            Note($"output cut after {SizeInWords(options.KeptBytes)}");
        }
    }

    private void Note(string words)
    {
        var note = Encoding.UTF8.GetBytes($"\n[{words}]\n");
        pump.Reserve(note.Length);
        Buffer(note);
    }

    private void Buffer(ReadOnlySpan<byte> bytes)
    {
        _buffer ??= new ArrayBufferWriter<byte>();
        if (_buffer.WrittenCount == 0)
        {
            _bufferedSince = time.GetUtcNow();
        }

        _buffer.Write(bytes);
        _kept += bytes.Length;
    }

    private void AppendToLog(ReadOnlySpan<byte> bytes)
    {
        if (log is null || (_logFailedAt is { } failed && time.GetElapsedTime(failed) < LogRetry))
        {
            return;
        }

        try
        {
            log.Append(bytes);
            _logFailedAt = null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (_logFailedAt is null)
            {
                Note($"log file {log.Path} cannot be written: {problem.Message}");
            }

            _logFailedAt = time.GetTimestamp();
        }
    }

    private static string SizeInWords(int bytes) =>
        bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB"
        : bytes % (1 << 10) == 0 ? $"{bytes >> 10} KiB"
        : $"{bytes} bytes";
}
