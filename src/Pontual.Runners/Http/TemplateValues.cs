using System.Globalization;
using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Http;

/// <summary>The variables of one attempt.</summary>
internal sealed class TemplateValues(AttemptContext attempt)
{
    /// <summary>What there is, for messages.</summary>
    public const string Names = "run_id, job, attempt, token, scheduled_for, started_at, parameters or parameters.NAME";

    private const string Parameters = "parameters";
    private JsonElement? _parameters;

    public static bool Knows(string name) =>
        name is "run_id" or "job" or "attempt" or "token" or "scheduled_for" or "started_at" or Parameters
        || (name.StartsWith(Parameters + ".", StringComparison.Ordinal) && name.Split('.').All(step => step.Length > 0));

    /// <exception cref="TargetException">The run has no such parameter.</exception>
    public string Get(string name) =>
        name switch
        {
            "run_id" => attempt.Leased.Run.Id.ToString("D"),
            "job" => attempt.Leased.Run.Job.Text,
            "attempt" => attempt.Leased.Run.Attempt.ToString(CultureInfo.InvariantCulture),
            "token" => attempt.Leased.LeaseToken.ToString(CultureInfo.InvariantCulture),
            "scheduled_for" => Instant(attempt.Leased.Run.DueAt),
            "started_at" => Instant(attempt.StartedAt),
            Parameters => attempt.Leased.Run.Parameters ?? "{}",
            _ => Parameter(name),
        };

    /// <summary>UTC with a Z, fractions only where there are any.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private string Parameter(string name)
    {
        var values = _parameters ??= JsonElement.Parse(attempt.Leased.Run.Parameters ?? "{}");
        return TemplateText.Parameter(values, name[(Parameters.Length + 1)..])
            ?? throw new TargetException(
                $"The target needs {{{{{name}}}}}, and this run was started without it: run the job with that parameter"
            );
    }
}
