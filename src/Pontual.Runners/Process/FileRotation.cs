using Pontual.Engine.Executing;
using Pontual.Engine.Output;

namespace Pontual.Runners.Process;

/// <summary>Rotates files that a command itself redirects to: before it starts, now and then while it runs, and when it has ended.</summary>
internal sealed class FileRotation : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<string> _paths;
    private readonly AttemptContext _attempt;
    private readonly ProcessOptions _options;
    private readonly ITimer? _timer;
    private bool _reported;

    public FileRotation(IReadOnlyList<string> paths, AttemptContext attempt, ProcessOptions options)
    {
        (_paths, _attempt, _options) = (paths, attempt, options);
        if (paths.Count > 0)
        {
            Rotate();
            _timer = attempt.Time.CreateTimer(_ => Rotate(), null, Interval, Interval);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        Rotate();
    }

    private void Rotate()
    {
        foreach (var path in _paths)
        {
            try
            {
                LogRotation.ByCopy(path, _options.RotateBytes, _options.RotateFiles);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
            {
                if (!_reported)
                {
                    _reported = true;
                    _attempt.Output.WriteLine($"[{path} cannot be rotated: {problem.Message}]");
                }
            }
        }
    }
}
