using System.ComponentModel.DataAnnotations;

namespace Pontual.Runners.Process;

/// <summary>How processes are started and stopped.</summary>
public sealed class ProcessOptions
{
    /// <summary>Time between SIGTERM and SIGKILL. Default 1 s; the whole stop must stay within 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01.500")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time that processes left in the background get to end by themselves once the main one has. Default 1 s.</summary>
    public TimeSpan BackgroundGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The PATH of processes whose job sets none.</summary>
    [Required]
    public string SearchPath { get; set; } = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Largest JSON result taken from a program. Default 64 KiB.</summary>
    [Range(1, 16 << 20)]
    public int ResultBytes { get; set; } = 64 << 10;

    /// <summary>A file named under <c>rotate</c> is rotated above this size. Default 10 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long RotateBytes { get; set; } = 10 << 20;

    /// <summary>Rotated files kept. Default 5.</summary>
    [Range(1, 100)]
    public int RotateFiles { get; set; } = 5;

    /// <summary>How to start the supervisor: a program and its first arguments, to which the node's mark is added; see <see cref="Supervisor"/>.
    /// Default: this program with <c>internal-supervise</c> when it is <c>pontual</c>; otherwise none, and what a killed node ran goes on.</summary>
    public IReadOnlyList<string> SupervisorCommand { get; set; } = SupervisorLink.DefaultCommand();
}
