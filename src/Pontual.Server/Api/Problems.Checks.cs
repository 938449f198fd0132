using Microsoft.AspNetCore.Http.HttpResults;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Api;

/// <summary>What goes wrong with checks.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult CheckNotFound(JobName name) =>
        Of(404, "check-not-found", "There is no such check", $"No check is named '{name}'.", new() { ["check"] = name.ToString() });

    public static ProblemHttpResult PingBodyNotFound(JobName name) =>
        Of(
            404,
            "ping-body-not-found",
            "No ping came with a body",
            $"There is no check named '{name}', or none of its pings came with anything. 'curl --data-binary @FILE' sends a file along.",
            new() { ["check"] = name.ToString() }
        );

    public static ProblemHttpResult CheckExists(JobName name) =>
        Of(
            409,
            "check-exists",
            "A check of this name exists",
            $"'{name}' exists already. Replace it with PUT /api/v1/checks/{name.Text}, or choose another name.",
            new() { ["check"] = name.ToString() }
        );
}
