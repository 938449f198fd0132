using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Runners.Process;

/// <summary>Runs programs: <c>process: {command | argv, shell, cwd, env, user, stdin, success-codes, rotate, detach, result}</c>.</summary>
/// <remarks>
/// A program gets a session of its own and ends as a whole, with all that it started (<see cref="ProcessFamily"/>): when it is stopped, when it has ended and
/// left something behind (unless <c>detach</c>), and when this node dies (<see cref="Supervisor"/>). Only Linux offers what this takes; elsewhere
/// <see cref="PortableProcess"/> does what .NET can.
/// </remarks>
internal sealed class ProcessRunner(
    ISecrets secrets,
    IOptions<ProcessOptions> options,
    SupervisorLink supervisor,
    TimeProvider time,
    ILogger<ProcessRunner> logger
) : IRunner, IDisposable
{
    private readonly Lock _gate = new();
    private LinuxProcess? _linux;

    public string Kind => "process";

    /// <summary>On all that this node starts; null before the first.</summary>
    internal NodeMark? Mark => OperatingSystem.IsLinux() ? _linux?.Mark : null;

    public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant)
    {
        var problems = new List<DocumentProblem>();
        ProcessSettings.Read(settings, problems);
        return problems;
    }

    public async Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var problems = new List<DocumentProblem>();
        if (ProcessSettings.Read(attempt.Settings, problems) is not { } written || problems.Count > 0)
        {
            return new Outcome.Failure(FailureKinds.Target, $"{problems[0].Path}: {problems[0].Message}; {problems[0].Fix}");
        }

        var resolved = new ResolvedSecrets(secrets);
        try
        {
            var settings = written.Resolve(resolved);
            return OperatingSystem.IsLinux()
                ? await Linux().RunAsync(settings, attempt, cancellation)
                : await PortableProcess.RunAsync(settings, attempt, options.Value, cancellation);
        }
        catch (Exception problem) when (problem is LaunchException or SecretMissingException)
        {
            return new Outcome.Failure(FailureKinds.Target, resolved.Mask(problem.Message));
        }
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _linux?.Dispose();
        }
    }

    [SupportedOSPlatform("linux")]
    private LinuxProcess Linux()
    {
        lock (_gate)
        {
            return _linux ??= new LinuxProcess(options.Value, supervisor, time, logger);
        }
    }
}
