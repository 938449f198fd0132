using System.ComponentModel.DataAnnotations;

namespace Pontual.Engine.Output;

/// <summary>How much of what attempts print is kept, and where job log files go.</summary>
public sealed class OutputOptions
{
    /// <summary>Relative log files of jobs go below its <c>logs</c> folder.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>Bytes of each attempt kept in the store, 1 KiB to 64 MiB; what follows goes to the job's log file only. Default 1 MiB.</summary>
    [Range(1 << 10, 64 << 20)]
    public int KeptBytes { get; set; } = 1 << 20;

    /// <summary>Bytes that may wait for the store on this node, all attempts together; what is above is lost and said so. Default 64 MiB.</summary>
    [Range(1 << 10, 1 << 30)]
    public int WaitingBytes { get; set; } = 64 << 20;

    /// <summary>Longest time output waits before it is stored. Default 250 ms.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Waiting bytes of one attempt that are stored at once. Default 16 KiB.</summary>
    public int FlushBytes { get; set; } = 16 << 10;

    /// <summary>A log file is rotated before it would grow above this. Default 10 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long LogFileBytes { get; set; } = 10 << 20;

    /// <summary>Rotated files kept beside a log file, named <c>.1</c> (newest) and up; 1 to 100. Default 5.</summary>
    [Range(1, 100)]
    public int LogFiles { get; set; } = 5;
}
