using System.Globalization;

namespace Pontual.Engine.Checks;

/// <summary>What a ping reports.</summary>
public enum PingKind
{
    /// <summary>A run began.</summary>
    Start,

    /// <summary>A run ended well, or a job without a start reports.</summary>
    Success,

    /// <summary>A run failed.</summary>
    Failure,
}

/// <summary>A report of a job that something else runs.</summary>
/// <param name="Kind">What it reports.</param>
/// <param name="At">When it arrived.</param>
public sealed record Ping(PingKind Kind, DateTimeOffset At)
{
    /// <summary>Most bytes of a body that are kept.</summary>
    public const int LongestBody = 100_000;

    /// <summary>Most characters of <see cref="Agent"/> that are kept.</summary>
    public const int LongestAgent = 200;

    /// <summary>The exit code it named, 0 to 255; null for none.</summary>
    public int? Code { get; init; }

    /// <summary>Which run it is of, where several may go on at once; null when it does not say.</summary>
    public Guid? Run { get; init; }

    /// <summary>How it was sent: GET, POST or HEAD.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Where from; null when not known.</summary>
    public string? Address { get; init; }

    /// <summary>The program it was sent by, in that program's words; null when it does not say.</summary>
    public string? Agent { get; init; }

    /// <summary>What it came with, cut after <see cref="LongestBody"/>; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How many bytes it came with.</summary>
    public long BodySize { get; init; }

    /// <summary>From the start of its run to this end; null where that is not known. Known when it was stored.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Reads the last part of a ping's address: <c>start</c>, <c>fail</c>, an exit code, or nothing.</summary>
    /// <returns>False for anything else.</returns>
    public static bool TryReadSignal(string? signal, out PingKind kind, out int? code)
    {
        (kind, code) = signal switch
        {
            null or "" => (PingKind.Success, null),
            "start" => (PingKind.Start, null),
            "fail" => (PingKind.Failure, null),
            _ when int.TryParse(signal, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 255 => (
                number == 0 ? PingKind.Success : PingKind.Failure,
                (int?)number
            ),
            _ => ((PingKind)(-1), null),
        };
        return Enum.IsDefined(kind);
    }
}
