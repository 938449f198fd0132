using System.Text.Json;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Requests;

/// <summary>Asks for runs from inside a .NET program: from handlers and from the application around them. Thread-safe.</summary>
public interface IJobClient
{
    /// <summary>Asks for a run of a job.</summary>
    /// <param name="job">Which job.</param>
    /// <param name="parameters">Written as a JSON object with camel-case names; null for none.</param>
    /// <param name="notBefore">Earliest start; null for now.</param>
    /// <param name="cancellation">Stops waiting; the run may still be made.</param>
    /// <returns>The run's id.</returns>
    /// <exception cref="RunRefusedException">There is no such job, or its overlap policy refuses a run beside the active one.</exception>
    Task<Guid> EnqueueAsync(
        JobName job,
        object? parameters = null,
        DateTimeOffset? notBefore = null,
        CancellationToken cancellation = default
    );
}

/// <summary>A run that was asked for was not made.</summary>
public sealed class RunRefusedException(string message) : Exception(message);

internal sealed class JobClient(RunRequests requests) : IJobClient
{
    public async Task<Guid> EnqueueAsync(
        JobName job,
        object? parameters = null,
        DateTimeOffset? notBefore = null,
        CancellationToken cancellation = default
    )
    {
        var json = parameters is null ? null : JsonSerializer.Serialize(parameters, parameters.GetType(), JsonSerializerOptions.Web);
        if (json is not (null or ['{', ..]))
        {
            throw new ArgumentException(
                "Parameters must become a JSON object: pass an object with properties or a dictionary.",
                nameof(parameters)
            );
        }

        return await requests.EnqueueAsync(job, new RunWish(json, notBefore), cancellation) switch
        {
            RunNowResult.Queued queued => queued.RunId,
            RunNowResult.AlreadyActive active => throw new RunRefusedException(
                $"Run {active.RunId} of '{job}' is active and the job's overlap policy refuses another: wait for it, or give the job 'overlap: buffer-all' or 'allow'."
            ),
            RunNowResult.ParameterMissing missing => throw new RunRefusedException(
                $"The key of the limit of '{job}' needs {missing.Parameter}: run it with that parameter."
            ),
            _ => throw new RunRefusedException($"There is no job '{job}': define it first."),
        };
    }
}
