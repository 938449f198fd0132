using System.Net;
using System.Text.Json;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>What a server says of its health, at one moment. What it does not tell is null.</summary>
/// <param name="IsReady">Whether the node that answered can serve.</param>
/// <param name="Status">How its jobs are: ok, degraded or critical; or why that is not told.</param>
/// <param name="IsWell">Whether it is ready and not critical.</param>
/// <param name="Whole">The summary of all.</param>
/// <param name="Jobs">How each job is.</param>
internal sealed record HealthReading(bool IsReady, string Status, bool IsWell, JsonElement Whole, JsonElement Jobs)
{
    /// <summary>0 to 100, and what was taken off.</summary>
    public JsonElement? Score { get; private init; }

    /// <summary>The nodes.</summary>
    public JsonElement? Nodes { get; private init; }

    /// <summary>The checks.</summary>
    public JsonElement? Checks { get; private init; }

    /// <summary>The alerts that are open.</summary>
    public JsonElement? Alerts { get; private init; }

    public static async Task<HealthReading> ReadAsync(ApiClient api, CancellationToken cancellation)
    {
        var (ready, _) = await api.ProbeAsync("health/ready", cancellation);
        var (_, whole) = await api.ProbeAsync("health", cancellation);
        var (code, jobs) = await api.ProbeAsync("health/jobs", cancellation);
        var isReady = ready is HttpStatusCode.OK;
        // A problem has a title, and a number for its status.
        var status = jobs.Text("title") ?? jobs.Text("status") ?? code.ToString();
        return new HealthReading(isReady, status, isReady && code is HttpStatusCode.OK, whole, jobs)
        {
            Score = await TellsAsync(api, "health/score", cancellation),
            Nodes = await TellsAsync(api, "api/v1/nodes", cancellation),
            Checks = await TellsAsync(api, "api/v1/checks?limit=500", cancellation),
            Alerts = await TellsAsync(api, "api/v1/alerts?state=open&limit=100", cancellation),
        };
    }

    /// <summary>What a part says; null where the server has none or does not tell this caller.</summary>
    private static async Task<JsonElement?> TellsAsync(ApiClient api, string path, CancellationToken cancellation)
    {
        var (status, body) = await api.ProbeAsync(path, cancellation);
        return status is HttpStatusCode.OK && body.Text("status") is not "not_configured" ? body : null;
    }
}
